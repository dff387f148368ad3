"""`orderbell lab`: the naive way beside ours under the same load, or several ways side by side."""

import json as json_format
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.entry.cli.console import say

if TYPE_CHECKING:
    from app.labs.lab import Lab, Outcome, Place
    from app.labs.study import Found, Study

POOL = 16  # as many connections as a lab has threads


def lab(
    name: Annotated[str, typer.Argument(help="What to try, for example oversell.")],
    json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file.")] = None,
    dsn: Annotated[
        str | None,
        typer.Option(help="Try `triggers` in a schema of its own at this PostgreSQL."),
    ] = None,
) -> None:
    """Try the naive way first, then ours: same load, same machine, engines made for it."""
    from app.labs import LABS
    from app.labs.study import Study

    if name not in LABS:
        raise typer.BadParameter(f"there is no lab {name!r}; there are: {', '.join(LABS)}")
    tried: Lab | Study = import_module(LABS[name]).LAB
    if dsn and not (isinstance(tried, Study) and tried.anywhere):
        raise typer.BadParameter(f"the lab {name!r} needs engines made for it: leave --dsn out")
    if isinstance(tried, Study):
        page = _study(tried, json=json, dsn=dsn)
    else:
        page = _compare(tried, json=json)
    if html:
        html.write_text(page, encoding="utf-8")
        say(f"the page is {html}")


def _study(study: "Study", *, json: bool, dsn: str | None) -> str:
    """Find out and show it; return the page."""
    from app.labs.study_page import html, lines

    if not json and study.shown:
        typer.echo(study.source())
    with _place(dsn) as place:
        started = time.monotonic()
        found: Found = study.run(place)
        found = replace(found, seconds=round(time.monotonic() - started, 2))
    if json:
        figures = {**found.figures, "seconds": found.seconds}
        typer.echo(json_format.dumps(figures, indent=2))
    else:
        for line in lines(found):
            typer.echo(line)
    return html(study, found)


def _compare(tried: "Lab", *, json: bool) -> str:
    """Try both ways and show them; return the page."""
    from app.labs.page import html

    if not json:
        typer.echo(tried.source())
    naive, ours = _try(tried)
    if json:
        both = {"naive": naive, "ours": ours}
        shown = {way: {**o.figures, "seconds": o.seconds} for way, o in both.items()}
        typer.echo(json_format.dumps(shown, indent=2))
    else:
        _show(tried, naive, ours)
    return html(tried, naive, ours)


def _try(tried: "Lab") -> "tuple[Outcome, Outcome]":
    from app.labs.lab import timed

    with _place() as place:
        return timed(tried.naive, place), timed(tried.ours, place)


@contextmanager
def _place(dsn: str | None = None) -> "Iterator[Place]":
    from app.db.engine import make_engine
    from app.labs.lab import Place
    from bench.ground import ground

    if dsn:
        with _somebodys(dsn) as place:
            yield place
        return
    say("starting a database for this lab")
    with ground() as made:
        engine = make_engine(made.urls.database, pool_size=POOL, application_name="orderbell-lab")
        yield Place(engine=engine, valkey_url=made.urls.redis)
        engine.dispose()


@contextmanager
def _somebodys(dsn: str) -> "Iterator[Place]":
    """Yield a PostgreSQL that is there already, once it answers."""
    from sqlalchemy.exc import OperationalError

    from app.db.engine import make_engine, unreachable
    from app.labs.lab import Place

    engine = make_engine(dsn, pool_size=1, application_name="orderbell-lab")
    try:
        engine.connect().close()
        yield Place(engine=engine, valkey_url="")
    except OperationalError as fault:
        raise unreachable(engine.url, fault) from fault
    finally:
        engine.dispose()


def _show(tried: "Lab", naive: "Outcome", ours: "Outcome") -> None:
    from app.labs.page import rows, sentence
    from app.words.say import LOCALES
    from app.words.say import say as words

    typer.echo(f"{'':34}{words('en', 'labs.naive'):>16}{words('en', 'labs.ours'):>10}")
    for what, at_first, in_the_end in rows("en", naive, ours):
        typer.echo(f"{what:34}{at_first:>16}{in_the_end:>10}")
    for locale in LOCALES:
        typer.echo(sentence(locale, tried, naive, ours))
