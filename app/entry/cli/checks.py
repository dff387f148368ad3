"""Commands for those who change the code: run every check, write the pinned requirements."""

from pathlib import Path
from typing import Annotated

import typer

from app.entry.cli.console import say

ROOT = Path(__file__).parents[3]


def test(
    long: Annotated[bool, typer.Option("--long", help="Also what takes minutes.")] = False,
    only: Annotated[
        list[str] | None, typer.Argument(help="Paths for pytest; the other checks are left out.")
    ] = None,
) -> None:
    """Run every check that the code must pass: style, types, walls between rooms, tests, docs."""
    from app.entry.checking import browser_is_ready, run_all, steps

    browser_is_ready(ROOT, say=say)
    raise typer.Exit(run_all(steps(ROOT, is_long=long, only=only or []), root=ROOT, say=say))


def requirements(
    check: Annotated[
        bool, typer.Option("--check", help="Only compare with pyproject.toml.")
    ] = False,
) -> None:
    """Write the pinned requirements anew, or say where they disagree with pyproject.toml."""
    from app.entry.requirements import faults, write

    if not check:
        write(ROOT)
    found = faults(ROOT)
    for fault in found:
        typer.echo(fault)
    if found:
        raise typer.Exit(1)
    typer.echo("pyproject.toml and the requirements agree")
