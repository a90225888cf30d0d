"""Faithfulness: how well an attribution says what the model does when units are hidden."""

from .cost import faithfulness_cost
from .faithfulness import faithfulness
from .infidelity import Infidelity, infidelity
from .report import FaithfulnessReport
from .settings import FaithfulnessSettings

__all__ = [
    "FaithfulnessReport",
    "FaithfulnessSettings",
    "Infidelity",
    "faithfulness",
    "faithfulness_cost",
    "infidelity",
]
