"""What a contact is about is counted as the desk read it."""

import pytest

from app.desk.about import OF_WISH, about
from app.story.acts import Action
from ml.answers.intents import Intent


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("Where is my order?", Intent.WHERE),
        ("我的订单到哪了", Intent.WHERE),
        ("how do I return this?", Intent.RETURN_HOW),
        ("", None),
        ("Где мой заказ", None),
    ],
)
def test_words_are_about_what_the_desk_reads_in_them(said: str, intent: Intent | None):
    assert about(said, locale="en") == intent


def test_every_wish_of_the_orders_page_is_about_something():
    assert set(OF_WISH) == set(Action)
