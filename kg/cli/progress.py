"""How far a run is: a bar on a terminal, plain lines otherwise; always on standard error."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kg.cli.streams import note

if TYPE_CHECKING:
    from tqdm import tqdm

_LINES = 20
"""At most about so many plain lines, however many sources there are."""


class Meter(AbstractContextManager["Meter"]):
    """The progress of one run."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._total = 0
        self._done = 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def start(self, total: int) -> None:
        """Begin with `total` sources to do."""
        self._total, self._done = total, 0
        if sys.stderr.isatty() and total:
            from tqdm import tqdm

            bar: tqdm[Any] = tqdm(total=total, unit="source", file=sys.stderr, dynamic_ncols=True)
            self._bar = bar

    def done(self, source: str) -> None:
        """Count one more source."""
        self._done += 1
        if self._bar is not None:
            self._bar.set_postfix_str(source[-40:], refresh=False)
            self._bar.update()
            if self._done == self._total:
                self._close()
        elif self._done == self._total or self._done % max(1, self._total // _LINES) == 0:
            note(f"{self._done}/{self._total} {source}")

    def phase(self, name: str) -> None:
        """Say what happens next."""
        self._close()
        note(name)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
