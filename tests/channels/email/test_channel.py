"""Letters over a real line: what each answer of a mail server means, and when a line is kept."""

import gc
import threading
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from channels.contract import Accepted, Envelope, GiveUp, TryLater, Unknown
from channels.email import pool
from channels.email.channel import LINES, Email
from channels.email.server import MailServer
from tests.channels.email.post_office import PostOffice, free_port, hang_up, say_nothing


def envelope(to: str = "ana@example.org", **changes: object) -> Envelope:
    plain = Envelope(
        message_id=uuid4(), channel="email", to=to, title="Hello", text="One line.\n", html=None
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_letter_arrives_with_its_text(email: Email, post_office: PostOffice) -> None:
    outcomes = email.send([envelope(text="Your order is on its way.\n.hidden dot\n")])

    assert outcomes == [Accepted("taken as 0")]
    assert post_office.rcpts == ["ana@example.org"]
    assert post_office.letters[0].get_content() == "Your order is on its way.\r\n.hidden dot\r\n"


def test_letters_of_one_call_share_one_line(email: Email, post_office: PostOffice) -> None:
    email.send([envelope() for _ in range(5)])
    email.send([envelope()])

    assert len(post_office.letters) == 6
    assert len(post_office.peers) == 1


def test_many_threads_send_at_once_and_every_letter_arrives_once(
    email: Email, post_office: PostOffice
) -> None:
    outcomes: list[object] = []

    def work() -> None:
        outcomes.extend(email.send([envelope() for _ in range(10)]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len({letter["Message-ID"] for letter in post_office.letters}) == 40
    assert len(post_office.peers) <= 4


@pytest.mark.parametrize("reply", ["450 4.2.0 mailbox busy", "451 4.7.1 greylisted", "452 full"])
def test_a_temporary_refusal_may_be_tried_again(
    email: Email, post_office: PostOffice, reply: str
) -> None:
    post_office.at_rcpt = [reply]

    refused, taken = email.send([envelope(), envelope()])

    assert isinstance(refused, TryLater)
    assert isinstance(taken, Accepted)


@pytest.mark.parametrize(
    ("reply", "is_dead"),
    [
        ("550 5.1.1 no such user", True),
        ("551 user moved away", True),
        ("553 5.1.3 bad address", True),
        ("554 5.2.1 mailbox closed", True),
        ("550 5.7.1 your network is on a block list", False),
        ("552 5.2.2 mailbox full", False),
        ("503 5.5.1 bad sequence", False),
    ],
)
def test_a_refused_recipient_is_given_up_and_dead_only_if_nobody_lives_there(
    email: Email, post_office: PostOffice, reply: str, *, is_dead: bool
) -> None:
    post_office.at_rcpt = [reply]

    refused, taken = email.send([envelope(), envelope()])

    assert isinstance(refused, GiveUp)
    assert refused.address_is_dead is is_dead
    assert isinstance(taken, Accepted)


def test_a_refused_letter_says_nothing_about_the_address(
    email: Email, post_office: PostOffice
) -> None:
    post_office.at_data = ["554 5.7.1 looks like spam"]

    (refused,) = email.send([envelope()])

    assert isinstance(refused, GiveUp)
    assert not refused.address_is_dead
    assert "ana" not in refused.reason


def test_a_refused_sender_is_not_the_recipients_fault(
    email: Email, post_office: PostOffice
) -> None:
    post_office.at_mail = ["550 5.1.8 sender unknown"]

    (refused,) = email.send([envelope()])

    assert isinstance(refused, GiveUp)
    assert not refused.address_is_dead


def test_nobody_listening_means_try_later(mail_server: MailServer) -> None:
    channel = Email("email", replace(mail_server, port=free_port()))

    (outcome,) = channel.send([envelope()])

    assert isinstance(outcome, TryLater)


def test_a_line_lost_after_the_letter_was_sent_leaves_it_unknown(
    email: Email, post_office: PostOffice
) -> None:
    post_office.at_data = [hang_up]

    doubtful, next_one = email.send([envelope(), envelope()])

    assert isinstance(doubtful, Unknown)
    assert isinstance(next_one, Accepted)


def test_no_answer_to_the_letter_leaves_it_unknown(email: Email, post_office: PostOffice) -> None:
    post_office.at_data = [say_nothing]

    (outcome,) = email.send([envelope()])

    assert isinstance(outcome, Unknown)


def test_a_line_lost_before_the_letter_was_sent_may_be_tried_again(
    email: Email, post_office: PostOffice
) -> None:
    post_office.at_rcpt = [hang_up]

    (outcome,) = email.send([envelope()])

    assert isinstance(outcome, TryLater)
    assert post_office.raw == []


def test_a_kept_line_that_was_lost_is_replaced_once_and_the_letter_goes(
    email: Email, post_office: PostOffice
) -> None:
    email.send([envelope()])
    post_office.at_mail = [hang_up]

    outcomes = email.send([envelope()])

    assert outcomes == [Accepted("taken as 1")]
    assert len(post_office.peers) == 2


def test_a_kept_line_that_the_server_closes_politely_is_replaced_too(
    email: Email, post_office: PostOffice
) -> None:
    email.send([envelope()])
    post_office.at_mail = ["421 4.4.2 idle for too long"]

    (outcome,) = email.send([envelope()])

    assert isinstance(outcome, Accepted)


def test_a_line_that_is_lost_twice_in_a_row_is_not_tried_for_ever(
    email: Email, post_office: PostOffice
) -> None:
    email.send([envelope()])
    post_office.at_mail = [hang_up, hang_up, "250 OK"]

    (outcome,) = email.send([envelope()])

    assert isinstance(outcome, TryLater)
    assert post_office.at_mail == ["250 OK"]


def test_a_line_left_alone_for_long_is_not_used_again(
    email: Email, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    email.send([envelope()])
    monkeypatch.setattr(pool, "IDLE_SECONDS", -1)

    email.send([envelope()])

    assert len(post_office.peers) == 2


def test_one_call_ends_in_time_however_slow_the_server_is(
    email: Email, post_office: PostOffice
) -> None:
    post_office.at_rcpt = [say_nothing]
    started = time.monotonic()

    outcomes = email.send([envelope() for _ in range(4)])

    assert time.monotonic() - started < 2.5
    assert [type(outcome) for outcome in outcomes] == [TryLater] * 4


@pytest.mark.parametrize(
    "to",
    [
        "ana@example.org\r\nBcc: eve@example.org",
        "ana@example.org\x00",
        "ana@example.org,eve@example.org",
        "ana(eve)@example.org",
        "ana@example.org\u2028",
        "no address",
        "@example.org",
        "ana@",
        "an\u00e4@example.org",
    ],
)
def test_what_is_no_single_address_is_given_up_and_no_line_is_opened(
    email: Email, post_office: PostOffice, to: str
) -> None:
    outcome, taken = email.send([envelope(to), envelope()])

    assert isinstance(outcome, GiveUp)
    assert outcome.address_is_dead
    assert isinstance(taken, Accepted)
    assert post_office.rcpts == ["ana@example.org"]


def test_a_domain_outside_ascii_is_written_as_the_net_knows_it(
    email: Email, post_office: PostOffice
) -> None:
    email.send([envelope("ana@b\u00fccher.example")])

    assert post_office.rcpts == ["ana@xn--bcher-kva.example"]


@pytest.mark.parametrize("character", ["\r", "\n", "\x00", "\x85", "\u2028", "\x1b"])
def test_a_subject_with_control_characters_is_given_up(email: Email, character: str) -> None:
    (outcome,) = email.send([envelope(title=f"Hello{character}Bcc: eve@example.org")])

    assert isinstance(outcome, GiveUp)
    assert not outcome.address_is_dead


def test_a_channel_that_is_forgotten_hangs_up(
    mail_server: MailServer, post_office: PostOffice
) -> None:
    channel = Email("email", mail_server)
    channel.send([envelope()])
    line, _ = channel._pool.take()
    channel._pool.give_back(line)

    del channel
    gc.collect()

    assert not line.is_open


def test_many_letters_of_one_call_go_over_several_lines_and_answer_in_order(
    email: Email, post_office: PostOffice
) -> None:
    letters = [envelope(f"p{number}@example.org") for number in range(20)]

    outcomes = email.send(letters)

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert sorted(post_office.rcpts) == sorted(letter.to for letter in letters)
    assert 1 < len(post_office.peers) <= LINES


def test_a_bad_letter_among_many_has_its_own_answer(email: Email, post_office: PostOffice) -> None:
    letters = [
        envelope("no address" if number == 7 else f"p{number}@a.org") for number in range(12)
    ]

    outcomes = email.send(letters)

    assert [at for at, one in enumerate(outcomes) if not isinstance(one, Accepted)] == [7]
