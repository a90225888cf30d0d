"""Explanations of the selection: what can be asked, sharper and sharper answers, several side by side, fused."""
