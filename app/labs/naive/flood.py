"""Something happened: tell everybody, everywhere, now."""

from datetime import datetime

from psycopg import Connection

TABLES = """
CREATE SCHEMA naive;
CREATE TABLE naive.bell (
  person integer NOT NULL, channel text NOT NULL, notice text NOT NULL, news text NOT NULL,
  at timestamptz NOT NULL
);
"""


def tell(connection: Connection, person: int, notice: str, news: str, at: datetime) -> None:
    """Ring every bell that the person has."""
    for channel in ("email", "sms"):
        connection.execute(
            "INSERT INTO naive.bell VALUES (%s, %s, %s, %s, %s)",
            [person, channel, notice, news, at],
        )


def bells(connection: Connection) -> list[tuple[int, str, str, str, datetime]]:
    """Return every bell that rang: whose, where, about what, when."""
    return connection.execute("SELECT * FROM naive.bell").fetchall()
