"""Training from the command line: in a process of its own, beside a shop that goes on serving."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.entry.cli.console import database, say
from app.entry.failing import REFUSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.desk.training_store import Made
    from ml.answers.corpus import Labelled

app = typer.Typer(help="Train a model; one that reads worse than the one in use is not taken.")


@app.callback()
def models() -> None:
    """Hold the commands below together: with one alone, its name would not be asked for."""


@app.command()
def answers(
    data: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="CSV: text,intent,language; your labels."),
    ] = None,
) -> None:
    """Learn to read questions from the corpus and your labels; exit 1 where it is not taken."""
    from ml.answers.labels import BadLabels, read_labels
    from ml.answers.learn import TooLittle

    try:
        made = _learn(read_labels(data) if data else ())
    except (BadLabels, TooLittle) as fault:
        say(f"orderbell: {fault}")
        raise typer.Exit(REFUSED) from None
    for script, grade in made.manifest["metrics"]["grades"].items():
        typer.echo(
            f"{script}: {grade['messages']} messages, accuracy {grade['accuracy']:.1%},"
            f" answered {grade['answered']:.1%}, wrong {grade['wrong']:.2%}"
        )
    if made.refused:
        say(f"not taken: {made.refused}")
        raise typer.Exit(1)
    say("taken: web processes read with it from now on, /desk/reading shows its card")


def _learn(own: "Sequence[Labelled]") -> "Made":
    """Learn, grade beside the model in use, and put the better one in use."""
    from app.db.clock import open_clock
    from app.db.transaction import begin
    from app.desk import training, training_store
    from app.entry.credentials import with_own_secret
    from app.settings import load

    settings = with_own_secret(load())
    with database() as engine:
        with begin(engine) as tx:
            in_use = training_store.in_use(tx)
            before = training_store.sealed(tx, in_use)
        made = training.learnt(
            settings, before, own=own, tell=lambda done, of: say(f"{done} of {of}")
        )
        now = open_clock(engine, mode=settings.mode).now()
        with begin(engine) as tx:
            recipe = training.recipe_of(settings, own)
            if not training_store.put(tx, recipe, made, labels=len(own), beside=in_use, now=now):
                say("not taken: another model came into use meanwhile; train again beside it")
                raise typer.Exit(1)
    return made
