"""The templates that messages were written from: kept for good, never changed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.errors import AppError
from app.messages.tables import template_version
from app.templating.sources import Version
from orders_core.tx import Tx


class ChangedTemplate(AppError):
    """Kept sources are not those that their name stands for: somebody wrote over them."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        super().__init__(f"the kept templates {key.hex()} were changed")


def keep(tx: Tx, versions: Sequence[Version], *, now: datetime) -> None:
    """Keep the sources of some versions; one that is kept already stays as it is."""
    rows: list[dict[str, Any]] = [
        {"key": one.key, "notice": one.notice, "sources": one.sources, "first_used_at": now}
        for one in sorted(versions, key=lambda one: one.key)
    ]
    if rows:
        tx.execute(upsert(template_version).values(rows).on_conflict_do_nothing())


def sources(tx: Tx, key: bytes) -> Mapping[str, str] | None:
    """Return the templates of a version; None if it was never kept.

    Raises:
        ChangedTemplate: If they are not what the version stands for.
    """
    row = tx.execute(
        select(template_version.c.notice, template_version.c.sources).where(
            template_version.c.key == key
        )
    ).one_or_none()
    if row is None:
        return None
    if Version(row.notice, row.sources).key != key:
        raise ChangedTemplate(key)
    return dict(row.sources)
