"""From a held message and its words to the envelope a channel takes. Pure."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2b

from app.messages.message import Claimed
from app.messages.reply_to import ReplyTo
from app.people.choices import ChannelName
from app.templating.render import Rendered
from channels.contract import Envelope

ORDER_NEWS = {"Auto-Submitted": "auto-generated"}
TOPIC_BYTES = 18  # 24 characters: RFC 8030 allows 32
ONE_CLICK = "List-Unsubscribe=One-Click"


def seal(message: Claimed, words: Rendered, replies: ReplyTo | None = None) -> Envelope:
    """Put the words into an envelope; its id is the message's, however often it is sent."""
    return Envelope(
        message_id=message.id,
        channel=message.channel,
        to=message.address,
        title=words.title,
        text=words.text,
        html=words.html,
        headers=headers(message) | _answered_at(message, replies),
    )


def headers(message: Claimed) -> dict[str, str]:
    """Return the header fields of a message.

    One that advertises has a way out (RFC 8058); a push has a topic (RFC 8030): a phone that was
    away gets the newest of each topic only.
    """
    return {**_of_kind(message), **_topic(message)}


def _of_kind(message: Claimed) -> Mapping[str, str]:
    if message.kind != "marketing":
        return ORDER_NEWS
    way_out = message.variables.get("unsubscribe_url")
    if not way_out:
        return {}
    return {"List-Unsubscribe": f"<{way_out}>", "List-Unsubscribe-Post": ONE_CLICK}


def _answered_at(message: Claimed, replies: ReplyTo | None) -> dict[str, str]:
    """Return where a letter is answered, if the house receives answers by mail."""
    if replies is None or message.channel != ChannelName.EMAIL:
        return {}
    return {"Reply-To": replies.address(message.id)}


def _topic(message: Claimed) -> Mapping[str, str]:
    collapse = message.variables.get("collapse")
    if collapse is None or message.channel != ChannelName.PUSH:
        return {}
    about: list[object] = [message.person_id, message.order_id]
    if collapse != "order" or message.order_id is None:
        about.append(message.notice)
    digest = blake2b("\n".join(map(str, about)).encode(), digest_size=TOPIC_BYTES).digest()
    return {"Topic": urlsafe_b64encode(digest).decode()}
