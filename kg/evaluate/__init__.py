"""How well extraction does against annotated documents: entity, relation and per-relation precision, recall and F1."""

from kg.evaluate.figures import Tally
from kg.evaluate.gold import GoldDocument, load_gold
from kg.evaluate.present import as_json, as_text
from kg.evaluate.score import Note, Score, document_of, score
from kg.evaluate.system import FoundArticle, found_article, read_system

__all__ = [
    "FoundArticle",
    "GoldDocument",
    "Note",
    "Score",
    "Tally",
    "as_json",
    "as_text",
    "document_of",
    "found_article",
    "load_gold",
    "read_system",
    "score",
]
