"""What a reader makes of entities: acts, other ends, and what became of each span."""
