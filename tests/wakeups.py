"""What waits in the queues of a shop's broker."""

from typing import Any

import orjson
import redis

from tests.shop import Shop


def waiting(shop: Shop, queue: str) -> list[dict[str, Any]]:
    """Read the wake-ups that wait in a queue, without taking them."""
    url = shop.broker_url.replace("redis+socket", "unix").replace("virtual_host", "db")
    with redis.Redis.from_url(url) as broker:
        return [orjson.loads(raw) for raw in broker.lrange(queue, 0, -1)]
