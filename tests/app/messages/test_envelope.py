"""What an envelope carries beside the words."""

from dataclasses import replace

import pytest

from app.messages.envelope import headers, seal
from app.templating.render import Rendered
from tests.app.messages.test_message import HELD

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
