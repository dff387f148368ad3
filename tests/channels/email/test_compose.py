"""The letter byte by byte: exactly our header fields, whatever the values hold."""

from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.contract import Envelope, GiveUp
from channels.email.compose import compose

SENDER = Address(display_name="小满杂货", addr_spec="news@shop.example")
ID = UUID("019ab000-0000-7000-8000-000000000001")
OURS = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}
TEXT_ONLY = OURS | {"Content-Transfer-Encoding"}
URL = "https://shop.example/u/" + "a1B2" * 60


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, EmailMessage, policy=policy.default)


def test_order_news_carries_exactly_these_fields() -> None:
    letter = compose(
        Envelope(
            message_id=ID,
            channel="email",
            to="ana@example.org",
            title="您的订单已发货",
            text="您好",
            html="<p>您好</p>",
            headers={"Auto-Submitted": "auto-generated"},
        ),
        SENDER,
    )

    read = parsed(letter.data)
    assert set(read.keys()) == OURS | {"Auto-Submitted"}
    assert len(read.keys()) == len(OURS) + 1
    assert str(read["From"]) == "小满杂货 <news@shop.example>"
    assert str(read["To"]) == "ana@example.org"
    assert str(read["Subject"]) == "您的订单已发货"
    assert str(read["Message-ID"]) == f"<{ID}@shop.example>"
    assert read["Date"].datetime is not None
    assert read["Auto-Submitted"] == "auto-generated"
    assert [part.get_content() for part in read.iter_parts()] == ["您好\r\n", "<p>您好</p>\r\n"]


def test_the_letter_is_seven_bit_in_lines_that_every_server_takes() -> None:
    letter = compose(
        Envelope(
            message_id=ID, channel="email", to="a@b.example", title="单" * 90, text="信" * 2000
        ),
        SENDER,
    )

    assert letter.data.isascii()
    assert all(len(line) <= 78 for line in letter.data.split(b"\r\n"))
    assert b"\n" not in letter.data.replace(b"\r\n", b"")


def test_marketing_carries_the_one_click_fields_whole() -> None:
    headers = {
        "List-Unsubscribe": f"<{URL}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }

    letter = compose(
        Envelope(
            message_id=ID, channel="email", to="a@b.example", title="x", text="y", headers=headers
        ),
        SENDER,
    )

    assert f"List-Unsubscribe: <{URL}>\r\n".encode() in letter.data
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in letter.data


@pytest.mark.parametrize(
    "headers",
    [
        {"Bcc": "eve@example.org"},
        {"List-Unsubscribe": "<https://a.example>\r\nBcc: eve@example.org"},
        {"List-Unsubscribe": f"<https://a.example/{'x' * 1000}>"},
        {"List-Unsubscribe": "<https://\u4f8b.example>"},
        {"Auto-Submitted": "no\x00"},
        {"List-Unsubscribe": "=?utf-8?q?=0ABcc=3A_eve=40example=2Eorg?="},
    ],
)
def test_an_extra_field_that_is_not_ours_or_not_one_line_is_given_up(
    headers: dict[str, str],
) -> None:
    with pytest.raises(GiveUp):
        compose(
            Envelope(
                message_id=ID, channel="email", to="a@b.example", title="", text="", headers=headers
            ),
            SENDER,
        )


anything = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    [
        "\r\nBcc: eve@example.org",
        "x\nBcc:eve@example.org",
        "=?utf-8?q?=0ABcc=3A_e=40f.example?=",
        "\x00",
    ]
)


GOOD = {
    "to": "ana@example.org",
    "title": "Hello",
    "text": "One line.",
    "extra": "<https://a.example>",
}


@settings(max_examples=400)
@given(field=st.sampled_from(sorted(GOOD)), value=anything, both=anything)
def test_no_value_ever_adds_a_header_field(field: str, value: str, both: str) -> None:
    values = GOOD | {"text": both} | {field: value}
    envelope = Envelope(
        message_id=uuid4(),
        channel="email",
        to=values["to"],
        title=values["title"],
        text=values["text"],
        html=values["text"],
        headers={"List-Unsubscribe": values["extra"]},
    )

    try:
        letter = compose(envelope, SENDER)
    except GiveUp:
        return

    read = parsed(letter.data)
    assert sorted(read.keys()) == sorted(OURS | {"List-Unsubscribe"})
    assert letter.to.count("@") == 1
    head = letter.data.partition(b"\r\n\r\n")[0]
    assert head.count(b"\n") == head.count(b"\r\n")


def test_a_subject_that_hides_a_line_break_in_an_encoded_word_arrives_as_text() -> None:
    hidden = "=?utf-8?q?=0ABcc=3A_eve=40example=2Eorg?="

    letter = compose(
        Envelope(message_id=ID, channel="email", to="a@b.example", title=hidden, text=""), SENDER
    )

    assert set(parsed(letter.data).keys()) == TEXT_ONLY
    assert str(parsed(letter.data)["Subject"]).startswith("= ?utf-8?q?")


@given(title=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])))
def test_an_ordinary_subject_arrives_as_it_was_written(title: str) -> None:
    letter = compose(
        Envelope(message_id=ID, channel="email", to="a@b.example", title=title, text=""), SENDER
    )

    assert str(parsed(letter.data)["Subject"]).split() == title.replace("=?", "= ?").split()
