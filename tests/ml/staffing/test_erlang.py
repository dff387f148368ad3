"""Erlang's queues against known tables, against each other, and where figures grow large."""

import math
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.data import NoData
from bench.models_staffing import NAMES, service_of, vectors
from ml.staffing.erlang import ImpossibleTarget, Work, erlang_a, erlang_c


def half_hour(contacts: float, handle_seconds: float) -> Work:
    return Work(contacts=contacts, interval_seconds=1800, handle_seconds=handle_seconds)


def test_the_reference_vectors_are_met():
    try:
        rows = vectors()
    except NoData as fault:
        pytest.skip(str(fault))

    assert len(rows) >= 19
    for row in rows:
        found = asdict(service_of(row))
        for column, name in NAMES.items():
            # the file has eight decimals
            assert found[name] == pytest.approx(float(row[column]), rel=1e-6, abs=1e-8), (row, name)


@pytest.mark.parametrize(
    ("people", "waits", "level", "mean_wait"),
    [
        (11, 0.682118, 0.389614, 122.7813),
        (13, 0.285270, 0.795595, 17.1162),
        (14, 0.174132, 0.888350, 7.8359),
    ],
)
def test_a_hundred_calls_of_three_minutes_in_half_an_hour(
    people: int, waits: float, level: float, mean_wait: float
):
    found = erlang_c(half_hour(100, 180), people=people, within_seconds=20)

    assert found.wait_share == pytest.approx(waits, abs=1e-6)
    assert found.service_level == pytest.approx(level, abs=1e-6)
    assert found.mean_wait_seconds == pytest.approx(mean_wait, abs=1e-4)


def test_the_case_of_garnett_mandelbaum_and_reiman():
    """Their paper gives 3.1 % that give up, 3.7 s of waiting, 93 % busy."""
    found = erlang_a(
        Work(contacts=2880, interval_seconds=3600, handle_seconds=60),
        people=50,
        within_seconds=20,
        patience_seconds=120,
    )

    assert found.abandon_share == pytest.approx(0.030912, abs=1e-6)
    assert found.mean_wait_seconds == pytest.approx(3.7095, abs=1e-4)
    assert found.occupancy == pytest.approx(0.930324, abs=1e-6)
    assert found.service_level == pytest.approx(0.972864, abs=1e-6)


def test_one_person_without_giving_up_is_the_plain_queue():
    """M/M/1: the share that waits is the load, the mean wait ρ / (μ - λ)."""
    found = erlang_c(half_hour(6, 120), people=1, within_seconds=60)

    assert found.wait_share == pytest.approx(0.4)
    assert found.mean_wait_seconds == pytest.approx(0.4 * 120 / 0.6)
    assert found.service_level == pytest.approx(1 - 0.4 * math.exp(-0.6 / 120 * 60))


def test_with_endless_patience_both_are_the_same():
    work = half_hour(100, 180)
    a = erlang_a(work, people=14, within_seconds=20, patience_seconds=1e9)
    c = erlang_c(work, people=14, within_seconds=20)

    for name, value in asdict(c).items():
        assert asdict(a)[name] == pytest.approx(value, rel=1e-4, abs=1e-6), name


def test_too_few_people_wait_for_ever_only_where_nobody_gives_up():
    work = half_hour(100, 180)

    assert erlang_c(work, people=10, within_seconds=20).mean_wait_seconds == math.inf
    assert erlang_a(
        work, people=8, within_seconds=20, patience_seconds=120
    ).service_level == pytest.approx(0.504169, abs=1e-6)


def test_no_contacts_and_no_people_have_an_answer_too():
    idle = erlang_a(half_hour(0, 180), people=0, within_seconds=20, patience_seconds=60)
    alone = erlang_a(half_hour(10, 180), people=0, within_seconds=30, patience_seconds=60)

    assert (idle.service_level, idle.occupancy) == (1.0, 0.0)
    assert alone.abandon_share == pytest.approx(1.0)
    assert alone.service_level == pytest.approx(1 - math.exp(-0.5))
    assert alone.mean_wait_seconds == pytest.approx(60)


@pytest.mark.parametrize("contacts", [1e-6, 1.0, 1e4, 3e5])
@pytest.mark.parametrize("people", [1, 40, 4000])
def test_figures_stay_finite_however_large(contacts: float, people: int):
    found = erlang_a(
        half_hour(contacts, 300), people=people, within_seconds=60, patience_seconds=180
    )

    assert all(math.isfinite(value) for value in asdict(found).values())
    assert 0 <= found.service_level <= 1
    assert 0 <= found.abandon_share <= 1


def test_a_target_that_makes_no_sense_is_refused():
    with pytest.raises(ImpossibleTarget):
        erlang_c(half_hour(1, 0), people=1, within_seconds=20)
    with pytest.raises(ImpossibleTarget):
        erlang_c(half_hour(-1, 60), people=1, within_seconds=20)
    with pytest.raises(ImpossibleTarget):
        erlang_a(half_hour(1, 60), people=-1, within_seconds=20, patience_seconds=60)
    with pytest.raises(ImpossibleTarget):
        erlang_a(half_hour(1, 60), people=1, within_seconds=20, patience_seconds=0)


@given(
    contacts=st.floats(0.1, 500),
    handle=st.floats(10, 900),
    patience=st.floats(10, 3600),
    within=st.floats(0, 600),
    people=st.integers(0, 120),
)
def test_one_more_person_never_makes_it_worse(
    contacts: float, handle: float, patience: float, within: float, people: int
):
    work = half_hour(contacts, handle)
    fewer, more = (
        erlang_a(work, people=team, within_seconds=within, patience_seconds=patience)
        for team in (people, people + 1)
    )

    assert more.service_level >= fewer.service_level - 1e-9
    assert more.abandon_share <= fewer.abandon_share + 1e-9
    assert more.mean_wait_seconds <= fewer.mean_wait_seconds + 1e-6


@given(contacts=st.floats(0.1, 500), handle=st.floats(10, 900), people=st.integers(1, 120))
def test_more_contacts_never_make_it_better(contacts: float, handle: float, people: int):
    fewer, more = (
        erlang_a(half_hour(count, handle), people=people, within_seconds=30, patience_seconds=90)
        for count in (contacts, contacts * 1.1)
    )

    assert more.service_level <= fewer.service_level + 1e-9
    assert more.occupancy >= fewer.occupancy - 1e-9


@given(contacts=st.floats(0.1, 300), people=st.integers(1, 100))
def test_giving_up_helps_those_who_stay(contacts: float, people: int):
    """Robbins: with abandonment the queue is shorter than without."""
    work = half_hour(contacts, 180)
    a = erlang_a(work, people=people, within_seconds=30, patience_seconds=120)
    c = erlang_c(work, people=people, within_seconds=30)

    assert a.mean_wait_seconds <= c.mean_wait_seconds + 1e-6
    assert a.wait_share <= c.wait_share + 1e-9
