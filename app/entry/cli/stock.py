"""Commands about stock: are levels what explains them, and make them so."""

from typing import Annotated

import typer

from app.entry.cli.console import database

app = typer.Typer(help="Stock: rebuild the levels from what explains them.", no_args_is_help=True)


@app.callback()
def stock() -> None:
    """Work on stock."""


@app.command()
def rebuild(
    apply: Annotated[
        bool, typer.Option("--apply", help="Set the levels right; without it, only name them.")
    ] = False,
) -> None:
    """Compare every level with its movements and reservations; exit 1 where one differs.

    With --apply the levels are set to what explains them. What no level may hold, more promised
    than there is, stays until somebody counts.
    """
    from app.db.clock import open_clock
    from app.db.transaction import begin
    from app.settings import load
    from orders_core.events import Change
    from orders_core.stock import rebuild as levels

    with database() as engine, begin(engine) as tx:
        change = Change(by="operator", why="rebuilt", at=open_clock(engine, mode=load().mode).now())
        found = levels.repair(tx, change=change) if apply else levels.compare(tx)
    for drift in found:
        typer.echo(
            f"{drift.code} {drift.warehouse}: on hand {drift.present.on_hand}"
            f" -> {drift.due.on_hand}, reserved {drift.present.reserved} -> {drift.due.reserved},"
            f" short {drift.present.short} -> {drift.due.short}"
            f"{'' if drift.can_be else '  (count it first)'}"
        )
    left = levels.unrepaired(found) if apply else found
    typer.echo("every level is what explains it" if not found else f"{len(found)} levels differ")
    if left:
        raise typer.Exit(1)
