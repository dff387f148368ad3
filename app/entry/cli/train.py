"""Training from the command line: in a process of its own, beside a shop that goes on serving."""

from pathlib import Path
from typing import Annotated

import typer

from app.entry.cli.console import say
from app.entry.failing import REFUSED

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
    budget: Annotated[
        float, typer.Option(min=0.0001, max=0.1, help="Wrong answers among all messages, a share.")
    ] = 0.005,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same bytes.")] = 0,
) -> None:
    """Learn to read questions from the corpus and your labels; exit 1 where nothing is replaced."""
    from app.entry.credentials import with_own_secret
    from app.settings import load
    from ml.answers.labels import BadLabels, read_labels
    from ml.answers.learn import TooLittle
    from ml.answers.replace import FILE, replace_by_learning
    from ml.answers.train import Plan
    from ml.artifact.refused import Refused

    settings = with_own_secret(load())
    home = settings.home / "models"
    try:
        learning = replace_by_learning(
            read_labels(data) if data else (),
            plan=Plan(budget=budget, seed=seed),
            home=home,
            key=settings.secret_key.get_secret_value().encode(),
        )
    except (BadLabels, TooLittle, Refused) as fault:
        say(f"orderbell: {fault}")
        raise typer.Exit(REFUSED) from None
    for script, grade in learning.manifest.metrics["grades"].items():
        say(
            f"{script}: {grade['messages']} messages, accuracy {grade['accuracy']:.1%},"
            f" answered {grade['answered']:.1%}, wrong {grade['wrong']:.2%}"
        )
    if learning.refused:
        say(f"not taken: {learning.refused}")
        raise typer.Exit(1)
    typer.echo(home / FILE)
