"""What happened since a message was queued that keeps it from leaving, as one SQL expression."""

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_

from app.messages.message import UNMUTED
from app.messages.tables import message, suppression
from app.people.choices import BELLS, Category, ChannelName
from app.people.tables import calm, consent, contact, muted_order, preference


def barred() -> ColumnElement[str | None]:
    """Say why a message may not leave any more, asked anew at the moment of its claim; or NULL."""
    suppressed = exists().where(
        suppression.c.channel == message.c.channel, suppression.c.address == message.c.address
    )
    known = exists().where(
        contact.c.person_id == message.c.person_id,
        contact.c.channel == message.c.channel,
        contact.c.address == message.c.address,
    )
    withdrawn = exists().where(
        consent.c.person_id == message.c.person_id,
        consent.c.channel == message.c.channel,
        ~consent.c.granted,
    )
    unwanted = exists().where(
        preference.c.person_id == message.c.person_id,
        preference.c.channel == message.c.channel,
        preference.c.category == Category.OFFERS.value,
        ~preference.c.wanted,
    )
    return case(
        (suppressed, literal("the address is suppressed")),
        (
            and_(message.c.channel != ChannelName.INAPP.value, ~known),
            literal("the address was removed"),
        ),
        (
            and_(message.c.kind == "marketing", or_(withdrawn, unwanted)),
            literal("the person said no"),
        ),
        (and_(_is_refusable_bell(), _is_muted()), literal("the person muted the order")),
        (and_(_is_refusable_bell(), _is_paused()), literal("the person paused all bells")),
    )


def _is_refusable_bell() -> ColumnElement[bool]:
    return and_(message.c.kind.not_in(UNMUTED), message.c.channel.in_(BELLS))


def _is_muted() -> ColumnElement[bool]:
    return exists().where(muted_order.c.order_id == message.c.order_id)


def _is_paused() -> ColumnElement[bool]:
    return exists().where(
        calm.c.person_id == message.c.person_id, calm.c.paused_until > message.c.due_at
    )
