"""What commands share: how they speak, and how they come by settings, engines and a transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.settings import Settings


def say(line: str) -> None:
    """Tell what happens, on standard error: standard output is for results."""
    typer.echo(line, err=True)


@contextmanager
def engines() -> Iterator["Settings"]:
    """Yield the settings with the addresses of engines that run for the time of the block.

    A process started by itself signs links with the secret that a demo beside it made.
    """
    from app.db.engines import attached
    from app.entry.credentials import with_own_secret
    from app.settings import load

    with attached(with_own_secret(load()), say=say) as settings:
        yield settings


@contextmanager
def database(*, at_head: bool = True) -> Iterator["Engine"]:
    """Yield a connected engine; unless told otherwise only where schema and code agree."""
    from app.db.engine import make_engine
    from app.db.migrate import check

    with engines() as settings:
        engine = make_engine(settings.database_url, pool_size=4, application_name="orderbell-cli")
        try:
            if at_head:
                check(engine).demand_current()
            yield engine
        finally:
            engine.dispose()
