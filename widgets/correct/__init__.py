"""The widgets with which a reader corrects entities, and finds errors that are like one."""

from .similar import SimilarErrors
from .widget import Correct

__all__ = ["Correct", "SimilarErrors"]
