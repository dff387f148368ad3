"""What the templates of a message may ask for: the facts of its news, its person and the shop."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from app.hub.catalogue import Collapse, Kind, Notice
from app.hub.decision import Decision
from app.hub.digest import ASKING
from app.hub.policy import Voice
from app.messages.message import URGENT
from app.people.links import OPENED, OPENED_ON, Links
from app.people.recipient import Recipient
from app.words import show
from orders_core.ids import show as show_id

#: Nothing goes on before the person does something: first in their inbox until they read it.
WAITS_FOR_THEM = ASKING | {"payment_due", "payment_failed"}

# What a template may ask for; facts that a notice lacks are None there.
FACTS = (
    "order_number",
    "total_minor",
    "currency",
    "items",
    "placed_at",
    "carrier",
    "parcel_number",
    "place",
    "pickup_code",
    "expected_at",
    "expected_source",
    "promised_at",
    "cancel_reason",
    "cancelled_at",
    "short_items",
    "short_choices",
    "back_minor",
    "who_pays",
    "question",
    "answer",
    "case_url",
    "code",
    "giver",
    "gift_words",
)


def variables_of(made: Decision, person: Recipient, voice: Voice) -> Mapping[str, Any]:
    """Return everything the templates of a notice may ask for."""
    wish, links = made.wish, voice.links
    notice = wish.what
    is_code = notice.kind is Kind.SECURITY
    about_us: dict[str, Any] = {
        "shop": voice.name(person.locale),
        "name": person.name,
        "zone": person.zone,
        "order_url": _way_back(made, notice, links),
        "preferences_url": None if is_code else links.preferences(person.person_id),
        "why_url": None if is_code else links.why(person.person_id, made.id),
    }
    if voice.shows_goods:
        about_us["shows_items"] = True
    if notice.name in WAITS_FOR_THEM:
        about_us[URGENT] = True
    if notice.collapse is not Collapse.NEVER:
        about_us["collapse"] = str(notice.collapse)
    if notice.kind is Kind.MARKETING:
        about_us["unsubscribe_url"] = links.unsubscribe(person.person_id, notice.category)
    facts = dict.fromkeys(FACTS) | dict(wish.variables)
    if facts["carrier"]:
        facts["carrier"] = show.carrier(person.locale, facts["carrier"])
    named = {name: _named_in(person.locale, facts[name]) for name in ("items", "short_items")}
    return facts | named | about_us


def _way_back(made: Decision, notice: Notice, links: Links) -> str | None:
    """Return where a message leads: its order's page, else the inbox; a code leads nowhere.

    The link names the verdict, so that whoever opens it on one channel has read it on all. It ends
    where the channel goes: the messages of one verdict share what is kept of them.
    """
    if notice.kind is Kind.SECURITY:
        return None
    wish = made.wish
    if wish.order_id is None:
        page = links.inbox(wish.person_id)
    elif notice.for_receiver:
        page = links.shared_order(wish.order_id)
    else:
        page = links.order(wish.order_id)
    return f"{page}?{urlencode({OPENED: show_id('ver', made.id), OPENED_ON: ''})}"


def _named_in(locale: str, items: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    """Name the goods in the person's language, as far as they have a name there."""
    return [
        {
            "title": (item.get("title_zh") if locale == "zh" else None) or item["title"],
            "quantity": item["quantity"],
        }
        for item in items or ()
    ]
