"""Bodies: short lines of ASCII that come back as they were written."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.email.body import alternatives, encode, single

ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=300)
LINES = st.lists(ANY_TEXT, max_size=5).map("\n".join)


def parsed(rest: bytes) -> EmailMessage:
    return message_from_bytes(b"MIME-Version: 1.0\r\n" + rest, EmailMessage, policy=policy.default)


def unix(text: str) -> list[str]:
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Your order is on its way.", "7bit"),
        ("", "7bit"),
        ("x" * 200, "quoted-printable"),
        ("A café in the old town. " * 4, "quoted-printable"),
        ("您的订单已发货。", "base64"),
    ],
)
def test_each_text_takes_the_shortest_way(text: str, encoding: str) -> None:
    assert encode(text).encoding == encoding


@given(text=LINES)
def test_whatever_is_written_comes_back(text: str) -> None:
    letter = single(text)

    assert unix(parsed(letter).get_content()) == unix(text)
    assert letter.isascii()
    assert all(len(line) <= 78 for line in letter.split(b"\r\n"))
    assert b"\n" not in letter.replace(b"\r\n", b"")


@given(text=LINES, html=LINES)
def test_of_two_bodies_both_come_back(text: str, html: str) -> None:
    letter = parsed(alternatives(text, html, boundary="=_edge"))

    plain, marked = letter.iter_parts()
    assert [part.get_content_type() for part in (plain, marked)] == ["text/plain", "text/html"]
    assert unix(plain.get_content()) == unix(text)
    assert unix(marked.get_content()) == unix(html)


def test_a_text_that_holds_the_boundary_does_not_end_its_body() -> None:
    letter = parsed(alternatives("before\n--=_edge\nafter", "<p>x</p>", boundary="=_edge"))

    plain, _ = letter.iter_parts()
    assert unix(plain.get_content()) == ["before", "--=_edge", "after"]
