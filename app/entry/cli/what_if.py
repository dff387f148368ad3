"""The past under another policy, from the command line: any number of decisions, two processes."""

import json
import multiprocessing
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.entry.cli.console import database, say

if TYPE_CHECKING:
    from app.hub.relive import Report
    from app.hub.what_if_store import Stretch
    from app.hub.worlds import Change

PROCESSES = 2
ALL = 10_000_000
MOST_CAP = 30


def what_if(
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days back.")] = 7,
    cap: Annotated[int | None, typer.Option(min=0, max=MOST_CAP, help="Another cap.")] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Ask nobody: no consent, cap or night.")
    ] = False,
    curve: Annotated[bool, typer.Option("--curve", help="And under caps of 1 to 7.")] = False,
) -> None:
    """Make the decisions of the last days again, as they were or under another policy."""
    from app.db.clock import open_clock
    from app.hub.what_if_bodies import report_body
    from app.hub.what_if_store import Stretch
    from app.hub.worlds import EVERYTHING, Change
    from app.settings import load

    change = EVERYTHING if everything else Change(cap=cap)
    with database() as engine:
        until = open_clock(engine, mode=load().mode).now() + timedelta(seconds=1)
        stretch = Stretch(since=until - timedelta(days=days), until=until)
        url = engine.url.render_as_string(hide_password=False)
        began = time.perf_counter()
        report = in_parts(url, stretch, change, with_curve=curve)
        seconds = time.perf_counter() - began
    shown = report_body(report, stretch)
    typer.echo(json.dumps(shown, ensure_ascii=False, indent=1, default=str))
    count = report.account.decisions
    say(f"{count} decisions in {seconds:.1f} s, {count / max(seconds, 1e-9):.0f} a second")


def in_parts(
    url: str,
    stretch: "Stretch",
    change: "Change",
    *,
    with_curve: bool = False,
    processes: int = PROCESSES,
) -> "Report":
    """Share the people among processes, and add up what each counted."""
    from dataclasses import replace

    parts = [replace(stretch, part=part, parts=processes) for part in range(processes)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        asked = [(url, part, change, with_curve) for part in parts]
        report, *others = pool.starmap(one_part, asked)
    for other in others:
        report.join(other)
    return report


def one_part(url: str, stretch: "Stretch", change: "Change", curve: bool) -> "Report":
    """Replay one part, in a process of its own."""
    from app.db.engine import make_engine
    from app.db.transaction import begin
    from app.hub.relive import what_if as relive

    engine = make_engine(url, pool_size=1, application_name="orderbell-what-if")
    try:
        with begin(engine) as tx:
            return relive(tx, stretch, change, at_most=ALL, with_curve=curve)
    finally:
        engine.dispose()
