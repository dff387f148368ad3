"""What is looked at before anything starts: are the engines there, new enough and set up to last?

A fault that would lose or falsify something is refused; one that only bodes ill is a sentence back.
"""

import time
from urllib.parse import urlsplit

import redis
from sqlalchemy import Engine, text

from app.db.migrate import demand_version
from app.db.transaction import begin
from app.errors import ConfigError, EngineTooOld, EngineUnreachable

ODD_SECONDS = 300
WRONG_SECONDS = 3600
REDIS_OLDEST = (7, 0)
VALKEY_OLDEST = (7, 2)
ANSWER_SECONDS = 5.0
KNOWN_BROKERS = frozenset({"redis", "rediss", "unix", "redis+socket", "sentinel", "amqp", "amqps"})


def look_at_postgres(engine: Engine) -> list[str]:
    """Check version and clock of the database; return warnings.

    Raises:
        EngineUnreachable: If nobody answers.
        EngineTooOld: If it is older than 15.
        ConfigError: If its clock is an hour or more away from ours.
    """
    with begin(engine) as tx:
        demand_version(tx)
        theirs = float(
            tx.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
        )
    return clock_warnings(theirs - time.time())


def clock_warnings(ahead_seconds: float) -> list[str]:
    """Judge how far the database's clock is ahead of this machine's.

    Raises:
        ConfigError: At an hour or more, either way.
    """
    apart = abs(ahead_seconds)
    sentence = (
        f"this machine's clock and the database's are {apart / 60:.0f} min apart; set them by NTP"
    )
    if apart >= WRONG_SECONDS:
        raise ConfigError([sentence])
    return [sentence] if apart >= ODD_SECONDS else []


def allowed_connections(engine: Engine) -> int:
    """Return how many connections PostgreSQL lets ordinary users have at once."""
    with begin(engine) as tx:
        most = int(tx.execute(text("SHOW max_connections")).scalar_one())
        kept_back = int(tx.execute(text("SHOW superuser_reserved_connections")).scalar_one())
    return most - kept_back


def look_at_valkey(url: str) -> list[str]:
    """Check that Valkey answers at REDIS_URL and is new enough.

    Raises:
        EngineUnreachable: If it does not answer, or refuses the password.
        EngineTooOld: If it is older than Valkey 7.2 or Redis 7.
    """
    _demand_new_enough(_info("REDIS_URL", url))
    return []


def look_at_broker(url: str) -> list[str]:
    """Check that BROKER_URL can carry wake-ups; return warnings.

    Raises:
        ConfigError: If it is a Cluster, or of a kind that is not supported.
        EngineUnreachable: If it does not answer.
    """
    scheme = urlsplit(url).scheme
    if scheme not in KNOWN_BROKERS:
        raise ConfigError(
            [f"BROKER_URL: {scheme or 'an address without a scheme'} is not supported; {_CURE}"]
        )
    if scheme.startswith("amqp") or scheme == "sentinel":
        return []  # Celery itself says what is wrong with these
    info = _info("BROKER_URL", _for_redis_py(url))
    if info.get("cluster_enabled"):
        raise ConfigError(
            [f"BROKER_URL: a Cluster, whose nodes answer Celery with MOVED and lose tasks; {_CURE}"]
        )
    _demand_new_enough(info)
    policy = str(info.get("maxmemory_policy", "noeviction"))
    if policy == "noeviction":
        return []
    return [f"BROKER_URL: maxmemory-policy is {policy}, which drops wake-ups; set noeviction"]


_CURE = "name a Valkey or Redis on its own, a Sentinel, or RabbitMQ"


def _info(setting: str, url: str) -> dict[str, object]:
    try:
        with redis.Redis.from_url(
            url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, retry=None
        ) as client:
            facts: dict[str, object] = client.info()
    except redis.AuthenticationError:
        raise _unreachable(url, f"the user or password in {setting} is refused") from None
    except (redis.ConnectionError, redis.TimeoutError, OSError) as fault:
        raise _unreachable(url, str(fault)) from None
    except (redis.RedisError, ValueError) as fault:
        raise ConfigError([f"{setting}: {fault}; write redis://host:6379/0"]) from None
    return facts


def _unreachable(url: str, words: str) -> EngineUnreachable:
    parts = urlsplit(url)
    host = parts.hostname or parts.path
    port = (parts.port or 6379) if parts.hostname else None
    reason = "refused" if "connection refused" in words.lower() else words.splitlines()[0][:120]
    return EngineUnreachable("Valkey", host=host, port=port, reason=reason)


def _demand_new_enough(info: dict[str, object]) -> None:
    """Valkey says its own version beside the one of Redis that it stands for."""
    is_valkey = "valkey_version" in info
    said = str(info.get("valkey_version") or info.get("redis_version") or "0")
    found = tuple(int(part) for part in said.split(".")[:2] if part.isdigit())
    oldest = VALKEY_OLDEST if is_valkey else REDIS_OLDEST
    if found < oldest:
        name = "Valkey" if is_valkey else "Redis"
        raise EngineTooOld(name, needs=".".join(map(str, oldest)), found=said)


def _for_redis_py(url: str) -> str:
    if not url.startswith("redis+socket:"):
        return url
    return url.replace("redis+socket:", "unix:", 1).replace("virtual_host=", "db=")
