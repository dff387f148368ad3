"""What a study found: as a page in both languages, and as text for a terminal."""

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence

from app.http.pages import environment
from app.labs.study import Columns, Found, Study, Table, Telling
from app.words.say import LOCALES, say

NARROWEST = 10
COLUMN = 46


def html(study: Study, found: Found) -> str:
    """Return the page."""
    languages = [
        {
            "html_lang": "zh-CN" if locale == "zh" else "en",
            "title": say(locale, f"labs.title.{study.word}"),
            "told": found.tell(locale),
            "source": say(locale, "labs.source"),
            "made": say(locale, "labs.made_in_one_run", name=study.name),
        }
        for locale in LOCALES
    ]
    template = environment().get_template("pages/labs/study.html")
    return template.render(study=study, languages=languages)


def lines(found: Found) -> Iterator[str]:
    """Yield what a terminal shows: the tables in English, the sentence in each language."""
    told = found.tell("en")
    for columns in told.columns:
        yield from _side_by_side(columns)
    for table in told.tables:
        yield from _table(table)
    for locale in LOCALES:
        yield found.tell(locale).sentence


def _table(table: Table) -> Iterator[str]:
    rows = [table.head, *table.rows]
    widths = [max(NARROWEST, *(_width(row[at]) for row in rows)) for at in range(len(table.head))]
    yield ""
    yield table.name
    for row in rows:
        first, *others = row
        cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([f"{first:{widths[0]}}", *cells]).rstrip()


def _side_by_side(columns: Columns) -> Iterator[str]:
    yield ""
    yield f"{columns.name} · {columns.verdict}"
    yield "".join(f"{name:{COLUMN}}" for name in columns.head).rstrip()
    for cell in columns.cells:
        indent = " " * (COLUMN * cell.column)
        for line in (*_wrapped(cell.statement), *(_wrapped(f"  {cell.gave}") if cell.gave else ())):
            yield indent + line


def _wrapped(words: str) -> Sequence[str]:
    return textwrap.wrap(words, COLUMN - 2, subsequent_indent="  ")


def _width(words: str) -> int:
    """Return how many columns of a terminal the words take; most of Chinese takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in words)


def telling(locale: str, study: str, tables: Sequence[Table], **figures: object) -> Telling:
    """Return what a study says, with its question, sentence and reasons out of the catalogue."""
    return Telling(
        question=say(locale, f"labs.question.{study}", **figures),
        tables=tables,
        sentence=say(locale, f"labs.sentence.{study}", **figures),
        why=[say(locale, f"labs.why.{study}", **figures)],
    )
