"""Commands about what happened: bring history in, follow one order, check the books, measure."""

import json as json_format
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Annotated

import typer

from app.entry.cli.console import database, say

if TYPE_CHECKING:
    from app.ops.trace import Trace
    from orders_core.books.run import Run

SHOWN = 10  # ids of what breaks a promise
Json = Annotated[bool, typer.Option("--json", help="As one JSON object.")]


def trace(
    order: Annotated[str, typer.Argument(help="ord_…, the order's number, or the shop's own.")],
    json: Json = False,
) -> None:
    """Show every row, event, verdict and message of one order in the order of writing."""
    from app.db.transaction import begin
    from app.ops.trace import trace as follow

    with database() as engine, begin(engine) as tx:
        found = follow(tx, order)
    if json:
        typer.echo(_as_json(found))
        return
    for step in found.steps:
        facts = "  ".join(f"{name}={value}" for name, value in step.facts.items() if value)
        typer.echo(
            f"{step.written_at:%H:%M:%S.%f}  {step.kind:10}  {step.ref}  {step.says}  {facts}"
        )


def books(
    full: Annotated[bool, typer.Option("--full", help="Every row, not only what changed.")] = False,
    json: Json = False,
) -> None:
    """Check that the books balance since the last check; exit 1 where one does not."""
    from app.db import clock
    from app.db.transaction import begin
    from app.ops.books import run_step, run_whole

    with database() as engine, begin(engine) as tx:
        timeline, machine_now = clock.read(tx)
        run = (run_whole if full else run_step)(tx, now=timeline.at(machine_now))
    if json:
        promises = {found.invariant.name: found.holds for found in run.findings}
        typer.echo(json_format.dumps(promises, indent=2))
    else:
        _show_books(run)
    if not all(found.holds for found in run.findings):
        raise typer.Exit(1)


def bench(
    name: Annotated[str, typer.Argument(help="What to measure, for example orders.")],
    json: Json = False,
    rows: Annotated[
        list[int] | None,
        typer.Option(help="What stands in the tables: of growth, hub and what-if."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="As little as shows that it works: of hub, lanes.")
    ] = False,
    messages: Annotated[
        int | None, typer.Option(help="Messages of the campaign beside the orders: of lanes.")
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option(help="What alone to measure: of models.")
    ] = None,
) -> None:
    """Measure the shop on engines made for it and thrown away."""
    from bench import BENCHES
    from bench.ground import ground

    if name not in BENCHES:
        raise typer.BadParameter(f"there is no bench {name!r}; there are: {', '.join(BENCHES)}")
    wanted = {"rows": rows, "quick": quick, "messages": messages, "part": part}
    given = {option: value for option, value in wanted.items() if value}
    run = import_module(BENCHES[name]).run
    if strange := given.keys() - signature(run).parameters.keys():
        raise typer.BadParameter(f"the bench {name} takes no --{min(strange)}")
    with ground() as made:
        figures = run(made, say, **given)
    if json:
        typer.echo(json_format.dumps(figures, indent=2))
        return
    for figure, value in figures.items():
        typer.echo(f"{figure:28} {value}")


def _show_books(run: "Run") -> None:
    for found in run.findings:
        mark = "holds" if found.holds else f"BROKEN {found.broken} times"
        typer.echo(f"{mark:20}  {found.invariant.name}: {found.invariant.says}")
        if not found.holds:
            typer.echo(f"{'':20}  {found.invariant.about} {', '.join(found.first[:SHOWN])}")
    looked_at = ", ".join(f"{count} {about}" for about, count in run.looked_at.items())
    typer.echo(f"{run.kind}, {run.seconds} s" + (f": {looked_at}" if looked_at else ""))


def _as_json(found: "Trace") -> str:
    steps = [
        {
            "written_at": step.written_at.isoformat(),
            "kind": step.kind,
            "ref": step.ref,
            "says": step.says,
            "about": step.about.isoformat() if step.about else None,
            "facts": dict(step.facts),
        }
        for step in found.steps
    ]
    return json_format.dumps(steps, ensure_ascii=False, indent=2, default=str)
