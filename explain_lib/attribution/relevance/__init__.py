"""Relevance: the score sent back through the layers of an encoder, with books of what they absorb."""

from .attn_lrp import AttnLRP
from .ledger import RelevanceLedger, relevance_ledger

__all__ = ["AttnLRP", "RelevanceLedger", "relevance_ledger"]
