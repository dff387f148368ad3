"""What would be decided about many people, were they told: the real decision, nothing written."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.hub import store
from app.hub.catalogue import Notice, find
from app.hub.decide import decide
from app.hub.meet import meet
from app.hub.policy import Policy
from app.hub.verdict import Verdict
from orders_core.ids import PersonId
from orders_core.tx import Tx

CHUNK = 1000

Asked = tuple[PersonId, datetime]


def weigh(
    tx: Tx, notice_name: str, asked: Sequence[Asked], *, policy: Policy
) -> Sequence[tuple[PersonId, Verdict]]:
    """Say what each person would get, each at their own business time, in the order asked.

    Nothing is locked and nothing written. Everyone is weighed by what they have heard by now: of
    one person asked twice, the second answer knows nothing of the first.

    Args:
        policy: As `read_policy` reads it in this transaction, the switch included.

    Raises:
        UnknownNotice: If the catalogue has no such notice.
    """
    notice = find(notice_name)
    return [
        verdict
        for start in range(0, len(asked), CHUNK)
        for verdict in _weigh(tx, notice, asked[start : start + CHUNK], policy)
    ]


def _weigh(
    tx: Tx, notice: Notice, asked: Sequence[Asked], policy: Policy
) -> Iterator[tuple[PersonId, Verdict]]:
    everybody = {who for who, _ in asked}
    people = meet(tx, everybody)
    pressure = store.read_pressure(tx, everybody) if policy.bounds.caps.concern(notice) else {}
    for who, at in asked:
        yield who, decide(notice, people[who], pressure.get(who, ()), policy.bounds, at)
