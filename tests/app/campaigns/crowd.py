"""Campaigns that lack nothing, a crowd to write to, and what to count afterwards."""

from datetime import datetime

from sqlalchemy import text

from app.campaigns import change
from app.campaigns.campaign import CampaignId, Draft, Timing
from app.campaigns.change import Act
from app.campaigns.segment import EVERYONE, Segment
from app.campaigns.wording import Words
from app.db.transaction import begin
from app.settings import Settings
from bench import crowd
from bench.crowd import ZONES
from orders_core.tx import Tx
from tests.shop import MORNING, Shop

WORDS = {
    "zh": Words("秋茶到店，会员 8 折", "今年的秋茶已经到店。\n\n11月30日前，会员购茶享 8 折。"),
    "en": Words("Autumn teas are here", "The autumn teas have arrived.\n\nMembers pay 20% less."),
}


def gather(
    tx: Tx, people: int, *, zones: tuple[str, ...] = ZONES[:1], now: datetime = MORNING
) -> None:
    """Let so many people move in, of every sort in turn."""
    crowd.gather(tx, people, zones=zones, now=now)


def draft(
    *,
    segment: Segment = EVERYONE,
    timing: Timing = Timing.NOW,
    wall: datetime | None = None,
    pace: int | None = None,
) -> Draft:
    """Write a campaign that lacks nothing."""
    return Draft(
        name="Autumn teas",
        segment=segment,
        words=WORDS,
        timing=timing,
        wall=wall,
        pace_per_minute=pace,
    )


def wall(text: str) -> datetime:
    """Read what a clock on a wall shows."""
    return datetime.fromisoformat(text)


def act(now: datetime = MORNING, *, by: str = "staff:mei@shop.example", why: str = "") -> Act:
    """Say who does something, and when."""
    return Act(by, now, why)


def settings(countdown_seconds: int = 0) -> Settings:
    """Return settings whose countdowns are over at once."""
    return Settings(mode="test", campaign_countdown_seconds=countdown_seconds)


def scheduled(shop: Shop, written: Draft, *, countdown_seconds: int = 0) -> CampaignId:
    """Write and schedule a campaign; return its id."""
    now = shop.clock.now()
    with begin(shop.engine) as tx:
        campaign_id = change.write(tx, written, act(now))
        change.schedule(tx, campaign_id, act(now), settings=settings(countdown_seconds))
    return campaign_id


def count(tx: Tx, query: str, **values: object) -> int:
    """Return the number that a query asks for."""
    return int(tx.execute(text(query), values).scalar_one())


def told_twice(tx: Tx) -> int:
    """Count people with more than one verdict, and verdicts with two messages on one channel."""
    people = "SELECT count(*) FROM (SELECT 1 FROM verdict GROUP BY person_id HAVING count(*) > 1) t"
    doubles = (
        "SELECT count(*) FROM (SELECT 1 FROM message GROUP BY verdict_id, channel"
        " HAVING count(*) > 1) t"
    )
    return count(tx, people) + count(tx, doubles)
