"""Around every change of a person's choices: note who says it, and let what waits obey at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.house import House
from app.people import history_store
from app.people.saying import Saying
from orders_core.ids import PersonId
from orders_core.tx import Tx


@contextmanager
def changing(house: House, tx: Tx, person_id: PersonId, saying: Saying) -> Iterator[None]:
    """Let what is changed inside be one act in the person's history.

    Two acts of one person take turns. Messages still queued that the person no longer wants are
    cancelled in the same transaction. Locks: the person, then messages.
    """
    history_store.take_turns(tx, person_id)
    history_store.note(tx, saying)
    yield
    house.heed(tx, [person_id], saying.at)
