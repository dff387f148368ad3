"""Addresses to answer a letter at: each finds its message, and nobody makes one."""

import time
from dataclasses import replace
from uuid import UUID

import pytest

from app.messages.envelope import seal
from app.messages.reply_to import GOOD_SECONDS, ReplyTo, reply_to_of
from app.settings import Settings
from app.templating.render import Rendered
from orders_core.ids import new_id
from tests.app.messages.test_message import HELD

REPLIES = ReplyTo(b"a secret of the tests", domain="reply.shop.example")
ONE = new_id()
NOW = time.time()
GOOD = REPLIES.address(ONE)
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def named(written: str, *, at: float = NOW) -> UUID | None:
    return REPLIES.named(written, at=at)


@pytest.mark.parametrize(
    "written",
    [
        GOOD,
        GOOD.upper(),
        f"<{GOOD}>",
        f"小满杂货 <{GOOD}>, Bo <bo@elsewhere.example>",
        f"a@b.example, {GOOD}",
    ],
    ids=["plain", "capitals", "in brackets", "with names", "the second"],
)
def test_an_address_is_read_as_mail_programs_write_it(written: str) -> None:
    assert named(written) == ONE


def test_it_fits_where_an_address_stands_and_is_the_same_each_time() -> None:
    local = GOOD.partition("@")[0]

    assert len(local) <= 64
    assert local == local.lower()
    assert REPLIES.address(ONE) == GOOD
    assert str(ONE) not in GOOD


def test_every_single_character_counts() -> None:
    local, _, domain = GOOD.partition("@")
    for place, letter in enumerate(local):
        for other in {LETTERS[(LETTERS.find(letter) + step) % 32] for step in (1, 16)} | {"-", ""}:
            if other != letter:
                forged = local[:place] + other + local[place + 1 :]
                assert named(f"{forged}@{domain}") is None, forged


@pytest.mark.parametrize(
    "written",
    [
        "",
        "r1",
        "r1-",
        "r1--",
        "r1-aa-bb@x.example",
        "r2" + GOOD[2:],
        "\uff521" + GOOD[2:],
        "x" * 2_000,
    ],
    ids=["nothing", "r1", "r1-", "r1--", "too short", "r2", "wide r", "long"],
)
def test_what_is_no_address_of_ours_names_nothing(written: str) -> None:
    assert named(written) is None


def test_the_tag_of_another_message_or_another_secret_is_none() -> None:
    other = REPLIES.address(new_id())
    said, tag = GOOD.rsplit("-", 1)[0], other.rsplit("-", 1)[1]
    elsewhere = ReplyTo(b"another secret", domain="reply.shop.example")

    assert named(f"{said}-{tag}") is None
    assert named(elsewhere.address(ONE)) is None
    assert named(GOOD.partition("@")[0][:-4]) is None


def test_it_is_good_for_a_year_and_no_longer() -> None:
    assert named(GOOD, at=NOW + GOOD_SECONDS - 60) == ONE
    assert named(GOOD, at=NOW + GOOD_SECONDS + 60) is None
    assert named(GOOD, at=NOW - 2 * 24 * 3600) is None


@pytest.mark.parametrize("channel", ["email", "sms", "push"])
def test_a_letter_says_where_it_is_answered_and_nothing_else_does(channel: str) -> None:
    held = replace(HELD, channel=channel, id=ONE)
    words = Rendered(title="T", text="t", html=None)

    assert seal(held, words, REPLIES).headers.get("Reply-To") == (
        GOOD if channel == "email" else None
    )
    assert "Reply-To" not in seal(held, words).headers


def test_the_setting_names_the_domain_or_there_is_no_such_address() -> None:
    settings = Settings(mode="test", reply_domain="reply.shop.example")
    replies = reply_to_of(settings)

    assert replies is not None
    assert replies.address(ONE).endswith("@reply.shop.example")
    assert reply_to_of(Settings(mode="test")) is None


@pytest.mark.parametrize("domain", ["shop", "Reply.shop.example", "a@b.example", "-a.example", ""])
def test_a_domain_that_receives_no_mail_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="not a domain for mail"):
        Settings(mode="test", reply_domain=domain)
