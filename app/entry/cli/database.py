"""Commands about the schema."""

from typing import Annotated

import typer

from app.entry.cli.console import database

BEHIND_OR_AHEAD = 1


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
