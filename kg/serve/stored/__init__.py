"""A built graph on disk: prepared once, then read piece by piece."""
