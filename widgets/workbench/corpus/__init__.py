"""All documents of the desk: read, explained and searched beside the notebook."""
