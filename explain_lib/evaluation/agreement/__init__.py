"""Agreement: how alike the attributions of several methods are."""

from .agreement import agreement
from .report import AgreementReport
from .sign_agreement import sign_agreement

__all__ = ["AgreementReport", "agreement", "sign_agreement"]
