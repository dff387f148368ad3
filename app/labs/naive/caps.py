"""Count, compare, send: right until two do it at once."""

from psycopg import Connection

TABLES = """
CREATE SCHEMA naive;
CREATE TABLE naive.sent (person integer NOT NULL, at timestamptz NOT NULL);
CREATE INDEX ON naive.sent (person, at);
"""


def tell(connection: Connection, person: int, *, most: int) -> bool:
    """Send one advertisement, unless the person got `most` of them in the last 24 hours."""
    with connection.transaction():
        row = connection.execute(
            "SELECT count(*) FROM naive.sent"
            " WHERE person = %s AND at > clock_timestamp() - interval '24 hours'",
            [person],
        ).fetchone()
        if row and row[0] >= most:
            return False
        connection.execute("INSERT INTO naive.sent VALUES (%s, clock_timestamp())", [person])
        return True


def most_to_one(connection: Connection) -> tuple[int, int, int]:
    """Return how many were sent, the most that one person got, and how many got more than 3."""
    row = connection.execute(
        "SELECT sum(n)::int, max(n)::int, (count(*) FILTER (WHERE n > 3))::int"
        " FROM (SELECT count(*) AS n FROM naive.sent GROUP BY person) AS heard"
    ).fetchone()
    return (row[0], row[1], row[2]) if row else (0, 0, 0)
