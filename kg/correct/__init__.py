"""What people decided about a graph: read from a file, applied to what articles yield, asked for in review."""

from kg.correct.apply import Corrected, correct
from kg.correct.load import NAME, Corrections, load_corrections

__all__ = ["NAME", "Corrected", "Corrections", "correct", "load_corrections"]
