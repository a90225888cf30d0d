"""The nouns of the library: frozen values with read-only NumPy arrays, checked once when made."""

from .alignment import Alignment, align
from .attribution import Attribution, FusionDetail, Provenance
from .data_folder import data_folder
from .document import Corpus, Document, Problem
from .global_attribution import Entry, GlobalAttribution
from .hierarchy import Hierarchy, Level, entity_units, hierarchy
from .interactions import Interactions
from .labels import TagScheme
from .measure import Measure, not_available
from .prediction import Prediction
from .report import Report
from .span import Span
from .table import CorpusTable, Failure
from .target import NO_ENTITY, SCORES, Longer, NoEntity, Score, Target, longer
from .units import Units

__all__ = [
    "NO_ENTITY", "SCORES", "Alignment", "Attribution", "Corpus", "CorpusTable", "Document", "Entry", "Failure",
    "FusionDetail", "GlobalAttribution", "Hierarchy", "Interactions", "Level", "Longer", "Measure", "NoEntity",
    "Prediction", "Problem", "Provenance", "Report", "Score", "Span", "TagScheme", "Target", "Units", "align",
    "data_folder", "entity_units", "hierarchy", "longer", "not_available",
]  # fmt: skip
