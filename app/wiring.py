"""The one place that chooses: which database, which clock, which channels this process uses."""

from collections.abc import Mapping

from redis import Redis
from sqlalchemy import Engine

from app.db.clock import open_clock
from app.db.engine import make_engine
from app.desk.reader import Reader
from app.house import Hint, House, told_nobody
from app.hub.by_hand import ByHand
from app.hub.heed import heeding
from app.inbox.live import publish
from app.messages import capture
from app.settings import Settings
from channels.contract import Channel
from channels.email.server import MailServer
from channels.means import Means
from channels.registry import build_all
from orders_core.clock import Clock

ASKS_ALL_DAY = frozenset({"relay", "worker-fast", "worker-bulk"})


def build(settings: Settings, *, pool_size: int = 10, role: str = "orderbell") -> House:
    """Build the house of one process; nothing is connected yet.

    Raises:
        ConfigError: If no database is named: embedded engines are started by who calls this.
    """
    engine = make_engine(
        settings.database_address,
        pool_size=pool_size,
        application_name=f"orderbell-{role}",
        plans_once=role in ASKS_ALL_DAY,
    )
    clock = open_clock(engine, mode=settings.mode)
    hint = inbox_hint(settings)
    channels = open_channels(settings, engine=engine, clock=clock, hint=hint)
    return House(
        settings=settings,
        engine=engine,
        clock=clock,
        channels=channels,
        heed=heeding(settings),
        notices=ByHand(settings),
        hint=hint,
        reads=Reader(settings.secret_key.get_secret_value().encode(), encoder=settings.encoder),
    )


def open_channels(
    settings: Settings, *, engine: Engine, clock: Clock, hint: Hint = told_nobody
) -> Mapping[str, Channel]:
    """Build every channel: email by SMTP, the rest recorded where people of the house see it.

    `hint` is told whose inbox has news.
    """
    password = settings.smtp_password
    mail = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
        starttls=settings.smtp_starttls,
    )
    has_actors = settings.mode != "production"
    records = capture.records(engine, clock, hint=hint, has_actors=has_actors)
    return build_all(Means(mail=mail, records=records, has_actors=has_actors))


def inbox_hint(settings: Settings) -> Hint:
    """Ring open inboxes over Valkey, where there is one."""
    if not settings.redis_url:
        return told_nobody
    valkey = Redis.from_url(settings.redis_url, socket_timeout=1, socket_connect_timeout=1)
    return lambda person_id: publish(valkey, person_id)
