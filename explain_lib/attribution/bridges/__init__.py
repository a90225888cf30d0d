"""Bridges: the attribution classes of captum, shap and lime, run on a query."""

from .captum_method import CaptumMethod
from .lime_method import LimeMethod
from .shap_method import ShapMethod

__all__ = ["CaptumMethod", "LimeMethod", "ShapMethod"]
