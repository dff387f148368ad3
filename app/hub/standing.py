"""Is it still true? News of an order that moved on is not told any more."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from app.hub.notice import Notice
from app.hub.question import Channels, Finding, Question, Standing, passed, skipped
from app.hub.verdict import Because
from orders_core.orders.order import Order
from orders_core.parcels.parcel import SETTLED, Parcel


def superseded(question: Question, channels: Channels) -> Finding:
    """Refuse news that its order, parcel, expected day, refund or return has left behind."""
    notice, standing = question.notice, question.standing
    if standing is None:
        return passed(channels, {})
    if standing.order_status in notice.untrue_once:
        return skipped({"order": standing.order_status}, Because.SUPERSEDED)
    if notice.while_parcel and standing.parcel_status not in notice.while_parcel:
        return skipped({"parcel": standing.parcel_status}, Because.SUPERSEDED)
    if over := _is_over(notice, standing):
        return skipped(over, Because.SUPERSEDED)
    return passed(channels, {"order": standing.order_status})


def _is_over(notice: Notice, standing: Standing) -> Mapping[str, str] | None:
    if notice.of_date and not standing.is_date_current:
        return {"date": "changed"}
    if notice.of_short and not standing.is_short:
        return {"short": "settled"}
    if notice.of_refund and standing.is_ended:
        return {"refund": "made"}
    if notice.of_return and standing.is_ended:
        return {"return": "came"}
    return None


def standing_of(
    order: Order,
    parcel: Parcel | None,
    *,
    dated: Parcel | None,
    told: datetime | str | None,
    is_ended: bool,
) -> Standing:
    """Say where an order and a parcel of it stand.

    Args:
        dated: The parcel whose expected day was told, if it is known.
        told: The expected day as it was told.
        is_ended: Whether the refund or return that was told of is behind that by now.
    """
    return Standing(
        order_status=order.status,
        parcel_status=parcel.status if parcel else None,
        is_date_current=dated is None
        or (dated.status not in SETTLED and day_of(dated.expected_at) == day_of(told)),
        is_short=order.short_units > 0,
        is_ended=is_ended,
    )


def day_of(at: datetime | str | None) -> date | None:
    """Return the day that a delay is told by: an hour more or less is no news, and uses up none."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).date() if moment else None
