"""Declarative frames: patterns over mentions, kept as YAML in ``kg/resources/frames``, and the engine that matches them."""

from __future__ import annotations

from kg.extract.frames.load import load_frames
from kg.extract.frames.match import find_matches
from kg.extract.frames.model import Example, Frame, FrameMatch, Frames

__all__ = ["Example", "Frame", "FrameMatch", "Frames", "find_matches", "load_frames"]
