"""Commands about who may come in: members of staff, and keys for programs."""

import secrets
from typing import Annotated

import typer

from app.entry.cli.console import database

PASSWORD_BYTES = 12


def staff(
    email: Annotated[str, typer.Argument(help="The address they log in with.")],
    role: Annotated[str, typer.Option(help="agent, lead, marketer or operator.")] = "operator",
    name: Annotated[str, typer.Option(help="How pages and the audit trail name them.")] = "",
) -> None:
    """Let a member of staff in, or give a known one a new password; prints it once."""
    from app.access import staff as members
    from app.access.roles import Role
    from app.db.transaction import begin

    if role not in list(Role):
        raise typer.BadParameter(f"--role {role}: no such role; there are {', '.join(Role)}")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with database() as engine, begin(engine) as tx:
        members.put(tx, email=email, name=name or email, password=password, role=role)
    typer.echo(password)


def key(
    label: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="What it may do, repeatable; without any: everything.")
    ] = None,
    live: Annotated[
        bool,
        typer.Option(
            "--live/--test", help="What a test key causes reaches nobody: see the dev outbox."
        ),
    ] = False,
) -> None:
    """Make an API key and print it; it is shown this once."""
    from app.access.keys import make_key
    from app.access.roles import KEY_SCOPES
    from app.db.transaction import begin

    if strangers := set(scope or []) - KEY_SCOPES:
        there_are = ", ".join(sorted(KEY_SCOPES))
        raise typer.BadParameter(f"--scope {', '.join(strangers)}: none of {there_are}")
    with database() as engine, begin(engine) as tx:
        text = make_key(tx, label=label, scopes=scope or KEY_SCOPES, live=live)
    typer.echo(text)
