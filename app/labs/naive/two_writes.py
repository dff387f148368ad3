"""Save the order, then put its email into the queue: two systems, and a moment between them."""

import redis
from psycopg import Connection

TABLES = """
CREATE SCHEMA naive;
CREATE TABLE naive.orders (id bigserial PRIMARY KEY, buyer text NOT NULL);
"""
QUEUE = "naive:emails"


def place(connection: Connection, queue: redis.Redis, buyer: str) -> None:
    """Place an order, and have its email sent."""
    with connection.transaction():
        row = connection.execute(
            "INSERT INTO naive.orders (buyer) VALUES (%s) RETURNING id", [buyer]
        ).fetchone()
    if row:
        queue.lpush(QUEUE, row[0])


def lost(connection: Connection, queue: redis.Redis) -> tuple[int, int]:
    """Return how many orders there are, and how many of them nobody will ever hear of."""
    rows = connection.execute("SELECT id FROM naive.orders").fetchall()
    queued = {int(number) for number in queue.lrange(QUEUE, 0, -1)}
    return len(rows), sum(row[0] not in queued for row in rows)
