"""What if words were hidden or others: the reader asks in the text itself."""
