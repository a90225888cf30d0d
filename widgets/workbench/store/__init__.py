"""What stays: results, the selection, and saved pages."""
