"""Fusion: one attribution out of several, with weights that trade faithfulness, stability and boundary faithfulness."""

from .calibration import FusionCalibration
from .fit_fusion import fit_fusion
from .fuse import fuse
from .fused import Fused
from .gate_fusion import GateFusion
from .joint_fusion import JointFusion
from .learn_gate import learn_gate
from .learned_gate import LearnedGate
from .mean_fusion import MeanFusion
from .precision_fusion import PrecisionFusion
from .prior import FusionPrior
from .programme import FusionTrade
from .proof import FusionProof, ProofSettings, prove_fusion
from .rank_fusion import RankFusion

__all__ = [
    "Fused", "FusionCalibration", "FusionPrior", "FusionProof", "FusionTrade", "GateFusion", "JointFusion",
    "LearnedGate", "MeanFusion", "PrecisionFusion", "ProofSettings", "RankFusion", "fit_fusion", "fuse", "learn_gate",
    "prove_fusion",
]  # fmt: skip
