"""Re-exported until the bridges import `hidden_ids` from its own file."""

from .baseline import hidden_ids

__all__ = ["hidden_ids"]
