"""The scheduler ticks in whoever leads; two of them do each job once."""

from functools import partial

from sqlalchemy import text

from app.db.leader import Leader
from app.db.transaction import begin
from app.entry.scheduler import jobs, tick
from app.house import House
from app.settings import load
from tests.buying import rows
from tests.together import together

ALL = jobs(load(mode="test"))


def slots(house: House) -> list[tuple[str, str]]:
    with begin(house.engine) as tx:
        found = tx.execute(text("SELECT job, state FROM slot ORDER BY job"))
        return [(row[0], row[1]) for row in found]


def test_a_leader_runs_every_job_once_for_its_slot(house: House) -> None:
    leader = Leader(house.engine)
    leader.stand()

    tick(house, leader)
    tick(house, leader)

    assert slots(house) == sorted((job.name, "done") for job in ALL)
    leader.step_down()


def test_whoever_does_not_lead_runs_nothing(house: House) -> None:
    tick(house, Leader(house.engine))

    assert slots(house) == []


def test_two_who_think_they_lead_still_do_each_job_once(house: House) -> None:
    leaders = [Leader(house.engine, lock=number) for number in (1, 2)]
    assert [leader.stand() for leader in leaders] == [True, True]

    together(*[partial(tick, house, leader) for leader in leaders])

    assert slots(house) == sorted((job.name, "done") for job in ALL)
    with begin(house.engine) as tx:
        assert rows(tx, "slot") == len(ALL)
    for leader in leaders:
        leader.step_down()


def test_every_job_has_a_name_of_its_own() -> None:
    assert len({job.name for job in ALL}) == len(ALL)
