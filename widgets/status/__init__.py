"""The status widget."""

from .widget import Status

__all__ = ["Status"]
