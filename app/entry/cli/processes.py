"""Commands that start processes: all of them, or one."""

from enum import StrEnum
from typing import Annotated

import typer

from app.entry.cli.console import engines, say


class Lanes(StrEnum):
    """The two workers."""

    FAST = "fast"
    BULK = "bulk"


def demo(
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser when ready.")
    ] = True,
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew: forget all orders.")] = False,
    simulate: Annotated[
        bool, typer.Option("--simulate/--no-simulate", help="Let invented customers order.")
    ] = True,
) -> None:
    """Show the whole shop on this machine: engines, customers, mailbox. Ctrl-C ends it."""
    import webbrowser

    from app.db.engines import engines_of
    from app.entry.serve import Wish, serve
    from app.errors import ConfigError
    from app.settings import load

    settings = load(mode="demo")
    if reset and settings.database_url:
        raise ConfigError(["DATABASE_URL: set, and --reset empties the embedded engines only"])
    if reset:
        engines_of(settings).erase()
    wish = Wish(
        simulates=simulate,
        takes_free_port=True,
        logs=settings.home / "logs",
        when_ready=webbrowser.open if browser else lambda _url: None,
    )
    raise typer.Exit(serve(settings, wish, say=say))


def serve() -> None:
    """Run everything on this machine, as the settings say, until SIGTERM."""
    from app.entry import serve as supervisor
    from app.settings import load

    raise typer.Exit(supervisor.serve(load(), supervisor.Wish(), say=say))


def web() -> None:
    """Run one web process."""
    from app.entry import child

    with engines():
        child.web()


def worker(
    lanes: Annotated[Lanes, typer.Argument(help="fast: security and orders. bulk: the rest.")],
) -> None:
    """Run one worker."""
    from app.entry import worker as role

    with engines():
        role.main(lanes.value)


def scheduler() -> None:
    """Run a scheduler; of several, one leads."""
    from app.entry import scheduler as role

    with engines():
        role.main()


def relay() -> None:
    """Run a relay; several do no harm."""
    from app.entry import relay as role

    with engines():
        role.main()
