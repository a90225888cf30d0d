"""Fusion: one attribution out of several, with weights that trade faithfulness, stability and boundary faithfulness."""

from .calibration import Calibration
from .fuse import fuse
from .fused import Fused
from .gate_fusion import GateFusion
from .joint_fusion import JointFusion
from .mean_fusion import MeanFusion
from .precision_fusion import PrecisionFusion
from .prior import FusionPrior
from .programme import Trade
from .rank_fusion import RankFusion

__all__ = [
    "Calibration", "Fused", "FusionPrior", "GateFusion", "JointFusion", "MeanFusion", "PrecisionFusion", "RankFusion",
    "Trade", "fuse",
]  # fmt: skip
