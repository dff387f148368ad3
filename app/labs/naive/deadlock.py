"""Take the goods off the shelf in the order in which they lie in the cart."""

from collections.abc import Sequence

from psycopg import Connection

TABLES = """
CREATE SCHEMA naive;
CREATE TABLE naive.shelf (code text PRIMARY KEY, units integer NOT NULL CHECK (units >= 0));
INSERT INTO naive.shelf SELECT code, 1000000 FROM unnest(ARRAY[{codes}]) AS goods (code);
"""
TAKE = "UPDATE naive.shelf SET units = units - 1 WHERE code = %s"


def buy(connection: Connection, cart: Sequence[str]) -> None:
    """Sell one of each thing in the cart, all or nothing."""
    with connection.transaction():
        for code in cart:
            connection.execute(TAKE, [code])
