"""Everything that newskg raises on purpose.

    KgError
    ├── InputError          one source cannot be used: it is named, skipped and reported; the run goes on
    ├── UsageError          the command line or a call asks for something that does not exist (exit 2)
    ├── ResourceError       a lexicon, frame, weight file or setting is unusable: the run stops (exit 3)
    │   ├── OntologyError   the ontology cannot be read or contradicts itself (exit 3)
    │   └── CorrectionsError  a corrections file cannot be read or contradicts itself (exit 3)
    ├── ConformanceError    a finished graph breaks its shapes: it is not moved into place (exit 4)
    ├── OutputError         an output cannot be written; what stood there before is whole (exit 3)
    │   └── BusyError       another build is at work in the folder (exit 3)
    └── InvariantError      the program broke its own promise, such as evidence that is not in the text (exit 70)

Every message says where (file, line or offset), what was expected and what to do.
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors that newskg raises on purpose."""


class InputError(KgError):
    """A source that cannot be used: undecodable, empty, binary, unreadable, or a broken record."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class UsageError(KgError):
    """A name, path or option that does not exist; the message lists what does."""


class ResourceError(KgError):
    """A resource file that cannot be used, with the place of the fault."""

    def __init__(self, file: str, expected: str, *, line: int | None = None) -> None:
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {expected}")
        self.file = file
        self.line = line


class OntologyError(ResourceError):
    """An ontology file that cannot be read or contradicts itself."""


class CorrectionsError(ResourceError):
    """A corrections file that cannot be read or contradicts itself; the message has one line per fault."""


class ConformanceError(KgError):
    """A graph that breaks its shapes; carries one line per violation."""

    def __init__(self, message: str, violations: tuple[str, ...]) -> None:
        super().__init__(message)
        self.violations = violations


class OutputError(KgError):
    """An output that cannot be written, such as on a full disk."""


class BusyError(OutputError):
    """A folder in which another build is at work."""


class InvariantError(KgError):
    """A promise of the program itself that does not hold; always a bug."""
