"""Fusion: one attribution out of several, with weights that trade faithfulness, stability and boundary faithfulness."""
