"""Proof: does fusing help on edits and documents that it was not fitted to?"""

from .fusion_proof import FusionProof
from .prove_fusion import ProofSettings, prove_fusion

__all__ = ["FusionProof", "ProofSettings", "prove_fusion"]
