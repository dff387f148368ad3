"""What an envelope carries beside the words."""

from dataclasses import replace
from typing import Any

import pytest

from app.messages.envelope import headers, seal
from app.templating.render import Rendered
from orders_core.ids import new_id
from tests.app.messages.test_message import HELD

ORDER = new_id()
URL = "https://shop.example/u/token"


@pytest.mark.parametrize("kind", ["order", "security", "service"])
def test_news_says_that_no_person_wrote_it(kind: str) -> None:
    held = replace(HELD, kind=kind, variables={"unsubscribe_url": URL})

    assert headers(held) == {"Auto-Submitted": "auto-generated"}


def test_advertising_carries_its_way_out() -> None:
    held = replace(HELD, kind="marketing", variables={"unsubscribe_url": URL})

    assert headers(held) == {
        "List-Unsubscribe": f"<{URL}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_the_envelope_is_named_by_the_message() -> None:
    envelope = seal(HELD, Rendered(title="T", text="t", html="<p>t</p>"))

    assert (envelope.message_id, envelope.channel, envelope.to) == (HELD.id, "sms", "x")
    assert (envelope.title, envelope.text, envelope.html) == ("T", "t", "<p>t</p>")


def topic(**changes: Any) -> str | None:
    order: dict[str, Any] = {
        "channel": "push",
        "order_id": ORDER,
        "variables": {"collapse": "order"},
    }
    return headers(replace(HELD, **order | changes)).get("Topic")


def test_on_a_phone_that_was_away_the_news_of_one_order_is_one_line() -> None:
    paid, arrived = topic(notice="order_paid"), topic(notice="order_delivered")

    assert paid == arrived
    assert paid is not None
    assert len(paid) <= 32
    assert paid not in {topic(order_id=new_id()), topic(person_id=new_id())}


def test_a_notice_of_its_own_line_stands_beside_the_order() -> None:
    own: dict[str, Any] = {"variables": {"collapse": "notice"}}

    assert topic(notice="refund_arrived", **own) not in {topic(), topic(notice="csat", **own)}


@pytest.mark.parametrize("more", [{"variables": {}}, {"channel": "sms"}])
def test_what_never_collapses_and_what_is_no_push_has_no_topic(more: dict[str, Any]) -> None:
    assert topic(**more) is None
