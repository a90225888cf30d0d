"""Statistics of the workbench: intervals over documents, paired tests, and how alike two attributions are."""

from .bootstrap import (
    Bootstrapped, bootstrap_mean, bootstrap_ratio, bootstrap_statistic, bootstrap_statistics, mean_by_document, ratio,
    sum_by_document,
)  # fmt: skip
from .chance import chance_corrected, corrected_similarity
from .document_names import document_names, text_names
from .holm import holm
from .paired import FEWEST_DOCUMENTS, NotTested, PairedComparison, PairedTests, compare_paired
from .sign_tests import sign_flip_p, signed_rank_p
from .similarity import (
    SIMILARITIES, Similarity, cosine, jensen_shannon, kendall, spearman, top_k_jaccard, top_share,
)  # fmt: skip
from .tail import worst_mean

__all__ = [
    "FEWEST_DOCUMENTS", "SIMILARITIES", "Bootstrapped", "NotTested", "PairedComparison", "PairedTests", "Similarity",
    "bootstrap_mean", "bootstrap_ratio", "bootstrap_statistic", "bootstrap_statistics", "chance_corrected",
    "compare_paired", "corrected_similarity", "cosine", "document_names", "holm", "jensen_shannon", "kendall",
    "mean_by_document", "ratio", "sign_flip_p", "signed_rank_p", "spearman", "sum_by_document", "text_names",
    "top_k_jaccard", "top_share", "worst_mean",
]  # fmt: skip
