"""One leads; when it dies another does, within a moment."""

from sqlalchemy import text

from app.db.engine import make_engine
from app.db.leader import LOCK, Leader
from app.db.transaction import begin
from tests import poll
from tests.shop import Shop
from tests.together import together


def kill_the_leaders_session(shop: Shop) -> None:
    with begin(shop.engine) as tx:
        killed = tx.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks"
                " WHERE locktype = 'advisory' AND objid = :lock AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            ),
            {"lock": LOCK},
        )
        assert killed.scalars().all() == [True]


def test_of_many_candidates_one_leads(shop: Shop) -> None:
    candidates = [Leader(shop.engine) for _ in range(4)]

    stood = together(*[candidate.stand for candidate in candidates])

    assert sorted(stood) == [False, False, False, True]
    assert [one.leads() for one in candidates] == [one.still_leads() for one in candidates] == stood
    for candidate in candidates:
        candidate.step_down()


def test_standing_again_keeps_the_lead(shop: Shop) -> None:
    leader, other = Leader(shop.engine), Leader(shop.engine)

    assert [leader.stand(), leader.stand(), other.stand()] == [True, True, False]
    leader.step_down()


def test_stepping_down_makes_room(shop: Shop) -> None:
    leader, other = Leader(shop.engine), Leader(shop.engine)
    leader.stand()

    leader.step_down()

    assert not leader.still_leads()
    assert poll.until(other.stand)
    other.step_down()


def test_a_leader_whose_session_dies_knows_and_is_replaced(shop: Shop) -> None:
    leader, other = Leader(shop.engine), Leader(shop.engine)
    leader.stand()

    kill_the_leaders_session(shop)

    assert poll.until(other.stand)
    assert not leader.still_leads()
    assert not leader.leads()
    assert not leader.stand()
    other.step_down()


def test_a_leader_whose_session_died_may_lead_again(shop: Shop) -> None:
    leader = Leader(shop.engine)
    leader.stand()
    kill_the_leaders_session(shop)
    leader.still_leads()

    assert poll.until(leader.stand)
    leader.step_down()


def test_without_a_database_nobody_leads() -> None:
    nowhere = make_engine("postgresql://shop@127.0.0.1:9/shop")

    assert not Leader(nowhere).stand()


def test_a_candidate_holds_no_connection(shop: Shop) -> None:
    leader, other = Leader(shop.engine), Leader(shop.engine)
    leader.stand()
    before = shop.engine.pool.checkedout()  # type: ignore[attr-defined]

    other.stand()

    assert shop.engine.pool.checkedout() == before == 1  # type: ignore[attr-defined]
    leader.step_down()
