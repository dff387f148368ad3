"""The registry builds every channel by name, and the channels without a provider record."""

from uuid import uuid4

import pytest

from channels.contract import Accepted, Envelope, GiveUp, TryLater, Unknown
from channels.email.server import MailServer
from channels.means import Means, MissingMeans
from channels.registry import CHANNELS, UnknownChannel, build, build_all

MAIL = MailServer(host="127.0.0.1", port=9, sender="Orderbell <news@shop.example>")


def envelope(channel: str) -> Envelope:
    return Envelope(message_id=uuid4(), channel=channel, to="x", title="T", text="t")


def test_every_channel_is_built_under_its_own_name() -> None:
    kept: list[Envelope] = []
    means = Means(mail=MAIL, records=dict.fromkeys(("inapp", "sms", "push", "trial"), kept.append))

    channels = build_all(means)

    assert {name: channel.name for name, channel in channels.items()} == {
        name: name for name in CHANNELS
    }


def test_an_unknown_channel_is_named_with_those_that_exist() -> None:
    with pytest.raises(UnknownChannel, match=r"pigeon.*known: email, inapp, sms, push"):
        build("pigeon", Means(mail=MAIL))


def test_a_recording_channel_without_a_record_is_refused() -> None:
    with pytest.raises(MissingMeans, match="sms"):
        build("sms", Means(mail=MAIL))


@pytest.mark.parametrize("name", ["inapp", "sms", "push"])
def test_what_is_recorded_is_accepted_in_order(name: str) -> None:
    kept: list[Envelope] = []
    channel = build(name, Means(mail=MAIL, records={name: kept.append}))
    envelopes = [envelope(name), envelope(name)]

    outcomes = channel.send(envelopes)

    assert kept == envelopes
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)


@pytest.mark.parametrize("fault", [TryLater("busy"), GiveUp("no"), Unknown("lost")])
def test_a_fake_provider_answers_what_its_record_raises(fault: Exception) -> None:
    def refuse(envelope: Envelope) -> None:
        raise fault

    channel = build("sms", Means(mail=MAIL, records={"sms": refuse}))

    assert channel.send([envelope("sms")]) == [fault]


def test_the_inbox_may_always_try_again_for_writing_twice_writes_once() -> None:
    def fail(envelope: Envelope) -> None:
        raise Unknown("the answer of the commit was lost")

    channel = build("inapp", Means(mail=MAIL, records={"inapp": fail}))

    (outcome,) = channel.send([envelope("inapp")])

    assert isinstance(outcome, TryLater)


def test_a_password_is_not_shown() -> None:
    server = MailServer(host="h", port=25, sender="a@b.example", user="u", password="s3cret")

    assert "s3cret" not in repr(server)


def test_a_sender_without_an_address_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="mail_from holds no address"):
        build("email", Means(mail=MailServer(host="h", port=25, sender="Orderbell")))
