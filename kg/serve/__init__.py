"""The graph of a folder over HTTP: explorer, SPARQL endpoint, pages of entities."""
