"""All commands in one list, and how they end."""

import typer

from app.entry import replay
from app.entry.cli import (
    access,
    checks,
    config,
    database,
    developers,
    lab,
    ledger,
    processes,
    rules,
    stock,
    train,
    what_if,
)
from app.entry.failing import told

app = typer.Typer(
    name="orderbell",
    help="True orders. Few bells. Answers you can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they would print what local variables hold
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    processes.demo,
    processes.serve,
    processes.web,
    processes.worker,
    processes.scheduler,
    processes.relay,
    database.migrate,
    database.retention,
    replay.replay,
    ledger.trace,
    ledger.books,
    ledger.bench,
    what_if.what_if,
    lab.lab,
    access.staff,
    access.key,
    developers.listen,
    developers.trigger,
    checks.test,
):
    app.command()(command)
app.command(hidden=True)(checks.requirements)
app.add_typer(config.app, name="config")
app.add_typer(stock.app, name="stock")
app.add_typer(rules.app, name="rules")
app.add_typer(train.app, name="train")


def run() -> int:
    """Run the command that the arguments name and return its exit code."""
    return told(lambda: app(prog_name="orderbell"))
