"""The graph and the extractions as files, one module per format; the same input gives the same bytes."""
