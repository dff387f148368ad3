"""What the doors of an inbox read and show."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from app.http.body import Body, Instant, OneOf, PublicId
from app.http.problems import Fault, Problem
from app.inbox.announcement import PREFIX, Announcement
from app.inbox.item import Folder, Item
from orders_core.ids import show

MOST_ITEMS = 200
ITEM = "msg_01kaqh3m2xf0t8w1v5y7z9b3cd"
ItemRef = Annotated[UUID, PublicId("msg")]
Items = Annotated[tuple[ItemRef, ...], Field(min_length=1, max_length=MOST_ITEMS, strict=False)]


class ItemsBody(Body):
    """Items of an inbox by their ids; those of others are left alone and not counted."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [ITEM]}]})

    items: Items


class SnoozeBody(Body):
    """Items, and when they shall be back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [ITEM], "until": "2026-11-24T09:00:00+08:00"}]}
    )

    items: Items
    until: Instant


class ReadAllBody(Body):
    """A folder, and the newest item that was on the screen."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"folder": "inbox", "up_to": ITEM}]})

    folder: Annotated[Folder, OneOf(Folder)] = Folder.INBOX
    up_to: ItemRef


def to_come(until: datetime, now: datetime) -> datetime:
    """Return a time that something is put off to.

    Raises:
        Problem: 422 if it is over.
    """
    if until > now:
        return until
    detail = "`until` must lie in the future"
    fault = Fault(code="not_in_future", detail=detail, pointer="/until")
    raise Problem(status=422, code="not_in_future", detail=detail, errors=[fault])


def item_body(item: Item, now: datetime) -> dict[str, Any]:
    """Show an item; `past` says that it is no news any more."""
    return {
        "id": show("msg", item.id),
        "order": show("ord", item.order_id) if item.order_id else None,
        "notice": item.notice,
        "title": item.title,
        "body": item.body,
        "urgent": item.is_urgent,
        "past": item.is_past(now),
        "arrived_at": item.arrived_at,
        "expires_at": item.expires_at,
        "seen_at": item.seen_at,
        "read_at": item.read_at,
        "snoozed_until": item.snoozed_until,
        "archived_at": item.archived_at,
    }


def announced_body(one: Announcement, locale: str) -> dict[str, Any]:
    """Show an announcement as its reader sees it."""
    return {
        "id": show(PREFIX, one.id),
        "title": one.title(locale),
        "body": one.body(locale),
        "pinned": one.is_pinned,
        "dismissible": one.is_dismissible,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
    }


def unread_body(counts: Mapping[Folder, int]) -> dict[str, int]:
    """Show how many items of each folder are unread."""
    return {str(folder): count for folder, count in counts.items()}
