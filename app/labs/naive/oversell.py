"""Look, decide, write: in a transaction, and still wrong."""

from psycopg import Connection

TABLES = """
CREATE SCHEMA naive;
CREATE TABLE naive.shelf (code text PRIMARY KEY, units integer NOT NULL);
CREATE TABLE naive.sale (id bigserial PRIMARY KEY, code text NOT NULL, buyer integer NOT NULL);
INSERT INTO naive.shelf VALUES ('UMBRELLA', {units});
"""


def buy(connection: Connection, buyer: int) -> bool:
    """Sell one umbrella, if one is left."""
    with connection.transaction():
        row = connection.execute("SELECT units FROM naive.shelf WHERE code = 'UMBRELLA'").fetchone()
        units = row[0] if row else 0
        if units < 1:
            return False
        connection.execute("UPDATE naive.shelf SET units = %s WHERE code = 'UMBRELLA'", [units - 1])
        connection.execute("INSERT INTO naive.sale (code, buyer) VALUES ('UMBRELLA', %s)", [buyer])
        return True


def sold(connection: Connection) -> int:
    """Count the umbrellas that were sold."""
    row = connection.execute("SELECT count(*) FROM naive.sale").fetchone()
    return int(row[0]) if row else 0
