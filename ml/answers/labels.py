"""A shop's own labels: what people wrote to it, and what they asked, from a file."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ml.answers.corpus import LANGUAGES, Labelled
from ml.answers.intents import Intent

COLUMNS = ("text", "intent", "language")
MOST_CHARACTERS = 2000
MOST_FAULTS = 10


class BadLabels(ValueError):
    """A file of labels that cannot be learnt from, line by line."""


def read_labels(path: Path) -> Sequence[Labelled]:
    """Read a CSV file with the columns `text,intent,language`, in UTF-8.

    Raises:
        BadLabels: With the first lines that are wrong, and what is wrong with them.
    """
    numbered = _rows(path)
    faults = [f"line {number}: {fault}" for number, row in numbered for fault in _faults(row)]
    if faults:
        raise BadLabels("; ".join(faults[:MOST_FAULTS]))
    return [_labelled(row) for _, row in numbered]


def _rows(path: Path) -> Sequence[tuple[int, Mapping[str, str | None]]]:
    try:
        rows = csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True))
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise BadLabels(f"line 1: no column {', '.join(missing)}")
        return [(rows.line_num, row) for row in rows]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise BadLabels(f"no CSV in UTF-8: {fault}") from None


def _labelled(row: Mapping[str, str | None]) -> Labelled:
    text, intent, _ = ((row[name] or "").strip() for name in COLUMNS)
    return Labelled(text, Intent(intent))


def _faults(row: Mapping[str, str | None]) -> Iterator[str]:
    text, intent, language = ((row[name] or "").strip() for name in COLUMNS)
    if not text or len(text) > MOST_CHARACTERS:
        yield f"a text has 1 to {MOST_CHARACTERS} characters"
    if intent not in set(Intent):
        yield f"no intent is called {intent!r}"
    if language not in LANGUAGES:
        yield f"language is {' or '.join(LANGUAGES)}, not {language!r}"
