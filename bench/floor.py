"""The shop's own processes at work on a ground: a broker, a mail server, and whoever is named."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from app.db.engines import Engines
from bench.ground import Ground
from bench.processes import Troupe, free_port


@contextmanager
def at_work(ground: Ground, roles: Sequence[str]) -> Iterator[Troupe]:
    """Let processes work, as `serve` starts them, until the block ends."""
    mail_port = free_port()
    broker = Engines(ground.home / "broker", with_postgres=False)
    urls = broker.start()
    environment = {
        "DATABASE_URL": ground.urls.database,
        "REDIS_URL": urls.redis,
        "BROKER_URL": urls.broker,
        "ORDERBELL_MODE": "test",
        "ORDERBELL_CAMPAIGN_COUNTDOWN_SECONDS": "0",
        "ORDERBELL_SMTP_HOST": "127.0.0.1",
        "ORDERBELL_SMTP_PORT": str(mail_port),
    }
    try:
        with Troupe(environment, log=ground.home / "processes.log") as troupe:
            troupe.start("sink", "bench.sink", str(mail_port), str(ground.home / "letters.log"))
            for role in roles:
                troupe.play(role)
            yield troupe
    finally:
        broker.stop()
