"""Is it still true? News of an order that moved on is not told any more."""

from app.hub.question import Channels, Finding, Question, passed, skipped
from app.hub.verdict import Because


def superseded(question: Question, channels: Channels) -> Finding:
    """Refuse news that the order, its parcel or its expected day has left behind."""
    notice, standing = question.notice, question.standing
    if standing is None:
        return passed(channels, {})
    if standing.order_status in notice.untrue_once:
        return skipped({"order": standing.order_status}, Because.SUPERSEDED)
    if notice.while_parcel and standing.parcel_status not in notice.while_parcel:
        return skipped({"parcel": standing.parcel_status}, Because.SUPERSEDED)
    if notice.of_date and not standing.is_date_current:
        return skipped({"date": "changed"}, Because.SUPERSEDED)
    if notice.of_short and not standing.is_short:
        return skipped({"short": "settled"}, Because.SUPERSEDED)
    return passed(channels, {"order": standing.order_status})
