"""Where the nodes of a graph stand, and which belong together."""
