"""Mail that piles up, and the team that answers it in time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.staffing.backlog import Mail, people_for_mail, work_off
from ml.staffing.erlang import ImpossibleTarget

MAIL = Mail(handle_seconds=360, slot_seconds=3600, due_slots=4)  # one person: ten an hour


def test_what_is_not_done_lies_there_as_each_slot_ends():
    worked = work_off([30, 0, 0, 0], [1, 1, 1, 1], MAIL)

    assert list(worked.open) == [20, 10, 0, 0]
    assert worked.in_time_share == 1.0


def test_what_comes_too_late_for_its_time_is_counted_where_it_came():
    worked = work_off([60, 0, 0, 0, 5, 0, 0, 0], [1] * 8, MAIL)

    assert list(worked.late[:2]) == [20, 0]
    assert worked.late[4] == 0
    assert worked.in_time_share == pytest.approx(1 - 20 / 65)


def test_what_lay_there_before_is_answered_first():
    worked = work_off([10, 0, 0, 0], [1] * 4, MAIL, open_before=35)

    assert list(worked.open) == [35, 25, 15, 5]
    assert worked.late[0] == 5


def test_the_team_is_there_only_while_it_is_on_duty():
    day = [True] * 8 + [False] * 16
    overnight = Mail(handle_seconds=360, slot_seconds=3600, due_slots=24)

    team = people_for_mail([5] * 48, day * 2, overnight, share=1.0)

    there, one_less = ([n * is_there for is_there in day * 2] for n in (team, team - 1))
    assert work_off([5] * 48, there, overnight).in_time_share == 1.0
    assert work_off([5] * 48, one_less, overnight).in_time_share < 1.0


@given(
    st.lists(st.integers(0, 50), min_size=4, max_size=30),
    st.integers(1, 6),
)
def test_letters_are_neither_lost_nor_made(letters: list[int], people: int):
    worked = work_off(letters, [people] * len(letters), MAIL)

    most = sum(letters)
    assert 0 <= worked.open[-1] <= most
    assert (worked.open >= 0).all()
    assert (worked.late <= [one + 1e-9 for one in letters]).all()
    more = work_off(letters, [people + 1] * len(letters), MAIL)
    assert more.late.sum() <= worked.late.sum() + 1e-9


def test_mail_that_is_due_while_nobody_is_there_has_no_team():
    with pytest.raises(ImpossibleTarget, match="before anybody is on duty"):
        people_for_mail([5] * 8, [False] * 8, MAIL, share=0.9)


def test_without_letters_nobody_is_needed():
    assert people_for_mail([0] * 8, [True] * 8, MAIL, share=0.9) == 0
