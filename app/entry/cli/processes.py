"""Commands that start processes: all of them, or one."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.entry.cli.console import engines, say

if TYPE_CHECKING:
    from app.entry.shift import Served


class Lanes(StrEnum):
    """The workers."""

    FAST = "fast"
    BULK = "bulk"
    SLOW = "slow"


def demo(
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser when ready.")
    ] = True,
    reset: Annotated[bool, typer.Option("--reset", help="Begin anew: forget all orders.")] = False,
    simulate: Annotated[
        bool, typer.Option("--simulate/--no-simulate", help="Let invented customers order.")
    ] = True,
    tour: Annotated[
        bool, typer.Option("--tour", help="Play the six steps, check their claims, end.")
    ] = False,
    pictures: Annotated[
        Path | None, typer.Option("--pictures", help="With --tour: a folder for pictures of it.")
    ] = None,
) -> None:
    """Show the whole shop on this machine: engines, customers, mailbox. Ctrl-C ends it."""
    import webbrowser

    from app.entry import reset as beginning
    from app.entry.serve import Wish, serve
    from app.settings import load

    if (tour and not simulate) or (pictures and not tour):
        raise typer.BadParameter("--tour needs the simulator, and --pictures needs --tour")
    settings = load(mode="demo")
    if reset:
        beginning.reset(settings)
    wish = Wish(
        simulates=simulate,
        takes_free_port=True,
        logs=settings.home / "logs",
        when_ready=webbrowser.open if browser else lambda _url: None,
        plays=(lambda served: _tour(served, pictures)) if tour else None,
    )
    raise typer.Exit(serve(settings, wish, say=say))


def _tour(served: "Served", pictures: Path | None) -> int:
    """Play the tour; then take pictures in the shop's language, if a folder for them is named."""
    from app.entry import tour
    from app.entry.pictures import camera

    if pictures is None:
        return tour.play(served, say=say)
    with camera(served.settings.public_url, pictures, say=say) as held:
        if held is None:
            return tour.play(served, say=say)
        code = tour.play(served, say=say)
        held.tell(served.settings.shop_locale)
        return code


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
