"""The engines a command works with: those that the settings name, else the embedded ones."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.db.engines.engines import Engines, Urls
from app.settings import Settings, env_name


def engines_of(settings: Settings, *, say: Callable[[str], None] = lambda _line: None) -> Engines:
    """Build the embedded engines that these settings leave to us; nothing is started yet."""
    return Engines(
        settings.home,
        with_postgres=settings.database_url is None,
        with_valkey=settings.redis_url is None,
        say=say,
    )


def addresses(settings: Settings, embedded: Urls) -> Urls:
    """Return where the engines are; a broker that is not named is the Valkey that is."""
    redis = settings.redis_url or embedded.redis
    return Urls(
        database=settings.database_url or embedded.database,
        redis=redis,
        broker=settings.broker_url or settings.redis_url or embedded.broker,
    )


@contextmanager
def attached(
    settings: Settings, *, say: Callable[[str], None] = lambda _line: None
) -> Iterator[Settings]:
    """Start or join the engines for the time of a block; yield the settings with their addresses.

    The addresses also go into the environment, for what this process starts.
    """
    engines = engines_of(settings, say=say)
    urls = addresses(settings, engines.start())
    try:
        named = {"database_url": urls.database, "redis_url": urls.redis, "broker_url": urls.broker}
        os.environ.update({env_name(field): url for field, url in named.items()})
        yield settings.model_copy(update=named)
    finally:
        engines.stop()
