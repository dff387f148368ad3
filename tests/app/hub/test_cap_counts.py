"""What a cap counts around a message when something else is still to ring."""

from datetime import timedelta

from app.hub.bounds import Bounds, Cap
from app.hub.cap_counts import heard_by, held_to
from app.hub.cap_rules import Limit, Over, Per, Row, caps_of
from app.hub.catalogue import Kind, find
from app.hub.pressure import Entry, about_of, pack, seconds_of
from app.hub.question import Question
from app.people.choices import Category, ChannelName
from tests.cast import ANA
from tests.shop import MORNING

OFFER = find("announcement")
PUSH = 4
DAY = Limit("day", "bells", 9, Per.ROLLING_DAY)


def test_a_bell_still_to_come_counts_only_where_one_window_holds_it_and_the_message():
    caps = caps_of([Row(DAY, Kind.MARKETING, Category.OFFERS, Over.DROP)])
    hours = (-20, 10, 30)
    row = tuple(
        pack(Entry(seconds_of(MORNING + timedelta(hours=ago)), about_of(OFFER), PUSH))
        for ago in hours
    )
    question = Question(OFFER, ANA, row, Bounds(cap=Cap(9), caps=caps), MORNING)

    ceiling, day = heard_by(held_to(question), question, (ChannelName.PUSH,))

    assert (ceiling, day) == (1, 1)
