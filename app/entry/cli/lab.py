"""`orderbell lab`: the naive way and ours, one after the other, under the same load."""

import json as json_format
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.entry.cli.console import say

if TYPE_CHECKING:
    from app.labs.lab import Lab, Outcome

POOL = 16  # as many connections as a lab has threads


def lab(
    name: Annotated[str, typer.Argument(help="What to try: oversell, two-writes or caps.")],
    json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to this file.")] = None,
) -> None:
    """Try the naive way first, then ours: same load, same machine, engines made for it."""
    from app.labs import LABS
    from app.labs.page import html as page_of

    if name not in LABS:
        raise typer.BadParameter(f"there is no lab {name!r}; there are: {', '.join(LABS)}")
    tried: Lab = import_module(LABS[name]).LAB
    if not json:
        typer.echo(tried.source())
    naive, ours = _try(tried)
    if json:
        both = {"naive": naive, "ours": ours}
        shown = {way: {**o.figures, "seconds": o.seconds} for way, o in both.items()}
        typer.echo(json_format.dumps(shown, indent=2))
    else:
        _show(tried, naive, ours)
    if html:
        html.write_text(page_of(tried, naive, ours), encoding="utf-8")
        say(f"the page is {html}")


def _try(tried: "Lab") -> "tuple[Outcome, Outcome]":
    from app.db.engine import make_engine
    from app.labs.lab import Place, timed
    from bench.ground import ground

    say("starting a database for this lab")
    with ground() as made:
        engine = make_engine(made.urls.database, pool_size=POOL, application_name="orderbell-lab")
        place = Place(engine=engine, valkey_url=made.urls.redis)
        found = timed(tried.naive, place), timed(tried.ours, place)
        engine.dispose()
    return found


def _show(tried: "Lab", naive: "Outcome", ours: "Outcome") -> None:
    from app.labs.page import rows, sentence
    from app.words.say import LOCALES
    from app.words.say import say as words

    typer.echo(f"{'':34}{words('en', 'labs.naive'):>16}{words('en', 'labs.ours'):>10}")
    for what, at_first, in_the_end in rows("en", naive, ours):
        typer.echo(f"{what:34}{at_first:>16}{in_the_end:>10}")
    for locale in LOCALES:
        typer.echo(sentence(locale, tried, naive, ours))
