"""Commands about the schema, and how much of the past it holds."""

from typing import Annotated

import typer

from app.entry.cli.console import database

BEHIND_OR_AHEAD = 1
MEGABYTE = 1024 * 1024


def migrate(
    check: Annotated[bool, typer.Option("--check", help="Only say how it stands.")] = False,
) -> None:
    """Bring the database to the version that the code needs."""
    from app.db import migrate as schema

    with database(at_head=False) as engine:
        standing = schema.check(engine) if check else schema.migrate(engine)
    typer.echo(standing.sentence)
    if standing.standing is not schema.Standing.CURRENT:
        raise typer.Exit(BEHIND_OR_AHEAD)


def retention(
    drop: Annotated[bool, typer.Option("--drop", help="Drop now what may go.")] = False,
) -> None:
    """Show every month of events, verdicts and messages, and which are old enough to go."""
    from app.db import retention as months
    from app.db.transaction import begin
    from app.settings import load

    keep_days = load().keep_days
    with database() as engine, begin(engine) as tx:
        done = months.purge if drop else months.look
        rulings = done(tx, keep_days=keep_days)
    for one in rulings:
        held = f" by {one.unfinished} unfinished" if one.unfinished else ""
        fate = "dropped" if drop and one.fate is months.Fate.GOES else one.fate
        size = one.month.bytes / MEGABYTE
        typer.echo(
            f"{one.month.name:16} ~{one.month.rows:>10,} rows {size:>9,.1f} MB  {fate}{held}"
        )
    typer.echo(f"kept for {keep_days} days (ORDERBELL_KEEP_DAYS); history and told stay for good")
