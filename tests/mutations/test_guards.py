"""Guards that no single function owns: the order of locks, and what the database itself refuses."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError

from app.db.engines import Urls
from app.db.transaction import begin
from orders_core.errors import CoreError
from orders_core.tx import Tx
from tests.buying import MUG, bought, fill, paid
from tests.isolation.meetings import MEETINGS
from tests.shop import create_database, drop_database, url_of

SAID: list[str] = []
LOCKS = re.compile(r"\bFOR UPDATE\b")
SEVERAL = re.compile(r"\bIN \(|\bANY\(|\bunnest\(", re.IGNORECASE)


class ListeningCursor(psycopg.Cursor[Any]):
    """A cursor that notes what is said over it, in a pipeline too."""

    def execute(self, query: Any, *asked: Any, **more: Any) -> "ListeningCursor":
        SAID.append(str(query))
        super().execute(query, *asked, **more)
        return self


@pytest.fixture
def listened(engines: Urls, template: str) -> Iterator[Engine]:
    name = f"said_{uuid4().hex[:12]}"
    create_database(engines.database, name, template=template)
    engine = create_engine(
        url_of(engines.database, name), connect_args={"cursor_factory": ListeningCursor}
    )
    SAID.clear()
    yield engine
    engine.dispose()
    drop_database(engines.database, name)


def test_whoever_locks_several_rows_names_their_order(listened: Engine) -> None:
    for number, meeting in enumerate(MEETINGS):
        with begin(listened) as tx:
            works = meeting.scene(tx, f"GOODS-{number}-")
        for work in works.values():
            try:
                with begin(listened) as tx:
                    work(tx)
            except (CoreError, IntegrityError):
                continue  # refused by the one before

    locking = {said for said in SAID if LOCKS.search(said) and SEVERAL.search(said)}
    assert len(locking) > 8
    assert [said for said in locking if "ORDER BY" not in said.upper()] == []


def test_the_database_refuses_to_give_back_more_than_came(tx: Tx) -> None:
    fill(tx, {MUG: 1})
    order_id = paid(tx, bought(tx, (MUG, 1)))

    with pytest.raises(IntegrityError, match="ck_orders_refund_within_payment"):
        tx.execute(
            text("UPDATE orders SET refund_minor = paid_minor + 1 WHERE id = :id"), {"id": order_id}
        )
