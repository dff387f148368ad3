"""What `bench.hub` stands on: a crowd that heard something lately, and databases with a past.

A past is so many verdicts, each with its message and its mark in `told`, about the very people who
are told later: campaign after campaign through all of them in the order of ids, within this month,
so that all of it lies in the partition that is written to now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from app.db.engine import make_engine
from app.db.transaction import begin
from app.hub.catalogue import Kind
from app.hub.pressure import Entry, about, pack, seconds_of
from app.people.choices import Category
from bench import crowd
from bench.ground import Ground, alone, copied
from orders_core.ids import PersonId
from orders_core.tx import Tx

WAYS = ("notify", "insert", "copy")
SECONDS = 1800.0  # that a statement of the filling may take
HEARD_HOURS = (150, 125, 100, 75, 50, 26)  # ago: six offers a week, none today
FULL_HOURS = (3, 2, 1)  # ago: what the ceiling allows a day
EVERYWHERE = 0b0111  # inbox, email and push

PEOPLE = "SELECT id FROM person WHERE reference LIKE 'crowd-%' ORDER BY id"
FORGET = "DELETE FROM pressure"
HEARD = """
INSERT INTO pressure (person_id, recent)
SELECT id, CAST(CASE WHEN right(reference, 1) = '2' THEN :full ELSE :some END AS bigint[])
FROM person WHERE id = ANY(:people)
"""
WHO = """
CREATE TEMP TABLE who AS
SELECT row_number() OVER (ORDER BY id) - 1 AS number, id AS person_id
FROM person WHERE reference LIKE 'crowd-%'
"""
PAST = """
(SELECT n, person_id, n / :people AS campaign, :start_ms + n * :span_ms / :rows AS ms
 FROM generate_series(1, CAST(:rows AS bigint)) AS n JOIN who ON who.number = n % :people) AS past
"""
VERDICT_ID = "(lpad(to_hex(ms), 12, '0') || '70018000' || lpad(to_hex(n), 12, '0'))::uuid"
MESSAGE_ID = VERDICT_ID.replace("7001", "7002")
AT = "to_timestamp(ms / 1000.0)"
PARTS = {"past": PAST, "verdict_id": VERDICT_ID, "message_id": MESSAGE_ID, "at": AT}
TOLD = """
INSERT INTO told (dispatch, person_id) SELECT decode(md5(campaign::text), 'hex'), person_id
FROM {past}
"""
VERDICTS = """
INSERT INTO verdict (id, person_id, notice, answer, decided_by, trace, decided_at)
SELECT {verdict_id}, person_id, 'announcement', 'send', 'all_clear', '[]', {at} FROM {past}
"""
MESSAGES = """
INSERT INTO message (id, verdict_id, person_id, notice, channel, address, locale, kind, lane,
                     variables, state, due_at, expires_at, queued_at, settled_at)
SELECT {message_id}, {verdict_id}, person_id, 'announcement', 'inapp', person_id::text, 'zh',
       'marketing', 3, '{{}}', 'sent', {at}, {at}, {at}, {at} FROM {past}
"""


@dataclass(frozen=True)
class Crowd:
    """Everybody, by the way they are written about; each list in the order of ids."""

    shares: Mapping[str, Sequence[PersonId]]

    def batches(self, way: str, number: int, *, size: int, count: int) -> list[list[PersonId]]:
        """Return the next people of a way: so many batches, the `number`th time."""
        first = number * size * count
        found = self.shares[way][first : first + size * count]
        return [list(found[at : at + size]) for at in range(0, size * count, size)]


def gather(ground: Ground, people: int, *, now: datetime) -> Crowd:
    """Let so many people move in for each way; those who are told have heard something lately."""
    with begin(ground.engine) as tx:
        crowd.gather(tx, people * len(WAYS), now=now)
        found = [PersonId(one) for one in tx.scalars(text(PEOPLE))]
        shares = {way: found[at :: len(WAYS)] for at, way in enumerate(WAYS)}
        _let_hear(tx, shares["notify"], now)
    return Crowd(shares)


def _let_hear(tx: Tx, people: Sequence[PersonId], now: datetime) -> None:
    said = {"some": heard(now), "full": heard(now, (*HEARD_HOURS, *FULL_HOURS))}
    tx.execute(text(FORGET))
    tx.execute(
        text(HEARD),
        {
            "people": list(people),
            **{name: f"{{{','.join(map(str, row))}}}" for name, row in said.items()},
        },
    )


def heard(now: datetime, hours: Sequence[int] = HEARD_HOURS) -> tuple[int, ...]:
    """Return the packed row of somebody who heard an offer so many hours ago each."""
    mark = about(Kind.MARKETING, Category.OFFERS)
    times = (seconds_of(now - timedelta(hours=ago)) for ago in hours)
    return tuple(pack(Entry(seconds, mark, EVERYWHERE)) for seconds in times)


def grow(ground: Ground, rows: int) -> str:
    """Copy the database and give the copy a past of so many verdicts; return its address."""
    url = copied(ground, f"bench_{rows}")
    engine = make_engine(url, pool_size=1, statement_seconds=SECONDS)
    with begin(engine) as tx:
        tx.execute(text(WHO))
        tx.execute(text("ANALYZE who"))
        for statement in (TOLD, VERDICTS, MESSAGES):
            tx.execute(text(statement.format(**PARTS)), _span(tx, rows))
    engine.dispose()
    with alone(url) as server:
        server.execute("VACUUM (ANALYZE)")
        server.execute("CHECKPOINT")
    return url


def _span(tx: Tx, rows: int) -> Mapping[str, int]:
    now = datetime.now(UTC)
    start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return {
        "rows": rows,
        "people": tx.execute(text("SELECT count(*) FROM who")).scalar_one(),
        "start_ms": int(start.timestamp() * 1000),
        "span_ms": int((now - start).total_seconds() * 1000),
    }
