"""What happened since a message was queued that keeps it from leaving, as one SQL expression."""

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select

from app.inbox.tables import inbox_item
from app.messages.message import UNMUTED
from app.messages.tables import message, suppression
from app.people.choices import BELLS, Category, ChannelName
from app.people.levels import ANY
from app.people.tables import (
    address_change,
    calm,
    consent,
    contact,
    muted_order,
    preference,
    told_more,
)


def barred() -> ColumnElement[str | None]:
    """Say why a message may not leave any more, asked anew at the moment of its claim; or NULL."""
    suppressed = exists().where(
        suppression.c.channel == message.c.channel, suppression.c.address == message.c.address
    )
    withdrawn = exists().where(
        consent.c.person_id == message.c.person_id,
        consent.c.channel == message.c.channel,
        ~consent.c.granted,
    )
    return case(
        (suppressed, literal("the address is suppressed")),
        (_is_gone(), literal("the address was removed")),
        (
            or_(and_(message.c.kind == "marketing", withdrawn), _is_unwanted()),
            literal("the person said no"),
        ),
        (and_(_is_refusable_bell(), _is_muted()), literal("the person muted the order")),
        (and_(_is_refusable_bell(), _is_paused()), literal("the person paused all bells")),
        (and_(_is_refusable_bell(), _was_read()), literal("the person has read it already")),
    )


def _is_gone() -> ColumnElement[bool]:
    """Say whether the person is reached there no more; codes go where they are to be proven."""
    known = exists().where(
        contact.c.person_id == message.c.person_id,
        contact.c.channel == message.c.channel,
        contact.c.address == message.c.address,
    )
    to_be_proven = exists().where(  # or just left: whoever had it is told so
        address_change.c.person_id == message.c.person_id,
        address_change.c.channel == message.c.channel,
        or_(
            address_change.c.address == message.c.address,
            address_change.c.was == message.c.address,
        ),
    )
    is_proof = and_(message.c.kind == "security", to_be_proven)
    return and_(message.c.channel != ChannelName.INAPP.value, ~known, ~is_proof)


def _is_unwanted() -> ColumnElement[bool]:
    """Say whether the narrowest of the person's choices that fit is a no, as `levels.ruled` says.

    Rows from before messages kept their category are asked as offers, if they advertise.
    """
    offers = case((message.c.kind == "marketing", Category.OFFERS.value))
    narrowest = (
        select(preference.c.wanted)
        .where(
            preference.c.person_id == message.c.person_id,
            preference.c.category.in_([func.coalesce(message.c.category, offers), ANY]),
            preference.c.channel.in_([message.c.channel, ANY]),
        )
        .order_by(preference.c.category == ANY, preference.c.channel == ANY)
        .limit(1)
        .scalar_subquery()
    )
    return and_(message.c.kind != "security", narrowest.is_(False), ~_is_asked_for())


def _is_asked_for() -> ColumnElement[bool]:
    """Say whether the person asked to be told more of this very order here."""
    asked = exists().where(
        told_more.c.order_id == message.c.order_id,
        told_more.c.person_id == message.c.person_id,
        told_more.c.channel == message.c.channel,
    )
    return and_(message.c.kind == "order", asked)


def _was_read() -> ColumnElement[bool]:
    """Say whether the same news was read in the inbox while its bell waited; letters to keep go."""
    told = message.alias("told")
    read = exists().where(
        told.c.verdict_id == message.c.verdict_id,
        inbox_item.c.id == told.c.id,
        inbox_item.c.read_at.is_not(None),
    )
    return and_(message.c.due_at > message.c.queued_at, read)


def _is_refusable_bell() -> ColumnElement[bool]:
    return and_(message.c.kind.not_in(UNMUTED), message.c.channel.in_(BELLS))


def _is_muted() -> ColumnElement[bool]:
    return exists().where(muted_order.c.order_id == message.c.order_id)


def _is_paused() -> ColumnElement[bool]:
    return exists().where(
        calm.c.person_id == message.c.person_id, calm.c.paused_until > message.c.due_at
    )
