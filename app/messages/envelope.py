"""From a held message and its words to the envelope a channel takes. Pure."""

from collections.abc import Mapping

from app.messages.message import Claimed
from app.templating.render import Rendered
from channels.contract import Envelope

ORDER_NEWS = {"Auto-Submitted": "auto-generated"}
ONE_CLICK = "List-Unsubscribe=One-Click"


def seal(message: Claimed, words: Rendered) -> Envelope:
    """Put the words into an envelope; its id is the message's, however often it is sent."""
    return Envelope(
        message_id=message.id,
        channel=message.channel,
        to=message.address,
        title=words.title,
        text=words.text,
        html=words.html,
        headers=headers(message),
    )


def headers(message: Claimed) -> Mapping[str, str]:
    """Return the header fields of the message's kind: a way out (RFC 8058) where it advertises."""
    if message.kind != "marketing":
        return ORDER_NEWS
    way_out = message.variables.get("unsubscribe_url")
    if not way_out:
        return {}
    return {"List-Unsubscribe": f"<{way_out}>", "List-Unsubscribe-Post": ONE_CLICK}
