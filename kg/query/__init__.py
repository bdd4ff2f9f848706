"""Questions to a finished graph: shipped and own SPARQL, and the shortest way between two entities."""
