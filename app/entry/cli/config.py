"""Commands about settings: are they right, what are they, what may they be."""

import json as json_format
import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.entry.budget import Budget

app = typer.Typer(help="The settings: check them, show them, list them all.", no_args_is_help=True)


@app.command()
def check() -> None:
    """Check the settings and the engines they name; say what is wrong and how to cure it."""
    from app.db.engine import make_engine
    from app.db.engines import attached
    from app.db.migrate import check as check_schema
    from app.db.preflight import look_at_broker, look_at_postgres, look_at_valkey
    from app.entry.budget import add_up
    from app.setting_sheet import strays
    from app.settings import load

    warnings = strays(os.environ)
    with attached(load(), say=lambda line: typer.echo(line, err=True)) as settings:
        engine = make_engine(settings.database_url, pool_size=1)
        warnings += look_at_postgres(engine)
        warnings += look_at_valkey(str(settings.redis_url))
        warnings += look_at_broker(settings.broker_address)
        typer.echo(check_schema(engine).sentence)
        budget = add_up(settings, engine)
        engine.dispose()
    _show_budget(budget)
    for warning in warnings:
        typer.echo(f"warning: {warning}")
    if not budget.fits:
        raise typer.Exit(1)
    typer.echo("the settings are right")


@app.command()
def show(
    json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show every setting in force; secrets are masked."""
    from app.setting_sheet import shown
    from app.settings import load

    values = shown(load())
    if json:
        typer.echo(json_format.dumps(values, ensure_ascii=False, indent=2))
        return
    for name, value in values.items():
        typer.echo(f"{name}={value}")


@app.command()
def docs() -> None:
    """Print the reference of all settings as Markdown."""
    from app.setting_sheet import reference

    typer.echo("| Setting | Default | What it is |\n|---|---|---|")
    for name, default, description in reference():
        typer.echo(f"| `{name}` | {f'`{default}`' if default else ''} | {description} |")
    typer.echo("\nEach may also be given as `…_FILE`, the path of a file that holds the value.")


def _show_budget(budget: "Budget") -> None:
    for who, count in budget.lines.items():
        typer.echo(f"  {who:28} {count:4}")
    typer.echo(f"  {'connections together':28} {budget.total:4} of {budget.allowed}")
    if not budget.fits:
        typer.echo(
            f"too many: {budget.total} connections, PostgreSQL allows {budget.allowed}; "
            "lower ORDERBELL_WEB_PROCESSES or raise max_connections"
        )
