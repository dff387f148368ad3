"""What the pages of campaigns show, put together out of the room's own parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.campaigns import load, preview, reach_store, segment_store
from app.campaigns.campaign import Campaign, Draft, State
from app.campaigns.list_store import HEARD
from app.campaigns.plan import Plan, plan
from app.campaigns.preview import Sight
from app.campaigns.progress import progress
from app.campaigns.reach_store import Reach, question
from app.campaigns.segment_store import Someone
from app.campaigns.sends import HOUR, by_hour
from app.campaigns.wording import Words
from app.http import chart
from app.http.chart import Drawing, Layer
from app.hub.verdict import Because
from app.settings import Settings
from app.words.say import say
from orders_core.tx import Tx

ANNOUNCED = frozenset({State.SCHEDULED, State.RUNNING, State.PAUSED, State.FINISHED})
# The order in which outcomes are told: who hears of it first, then who does not, most common first.
OUTCOMES = (
    "send",
    Because.QUIET_HOURS.value,
    Because.LEGAL_HOURS.value,
    Because.FOLDED.value,
    Because.NO_CONSENT.value,
    Because.CAP_REACHED.value,
    Because.NOT_WANTED.value,
    Because.SHOP_SILENT.value,
    Because.NO_ADDRESS.value,
    Because.SUPPRESSED.value,
    Because.PAUSED.value,
    Because.FEW_BELLS.value,
    Because.TIRED.value,
    Because.MARKETING_STOPPED.value,
)
HOURS_A_TICK = 3


def board(tx: Tx, campaign: Campaign) -> dict[str, Any]:
    """Return what the moving part of a campaign's page shows."""
    weighed = reach_store.latest(tx, campaign.id)
    return {
        "campaign": campaign,
        "progress": progress(tx, campaign),
        "reach": weighed,
        "outcomes": OUTCOMES,
        "heard": HEARD,
    }


def check(tx: Tx, campaign: Campaign, *, settings: Settings, now: datetime) -> dict[str, Any]:
    """Return what is known of a draft before it is scheduled: who, when, and whether it may go."""
    made = plan(tx, campaign.draft, shop_zone=settings.shop_zone, now=now)
    weighed = reach_store.latest(tx, campaign.id)
    return {
        "campaign": campaign,
        "plan": made,
        "reach": weighed,
        "reached": reached(weighed) if weighed else 0,
        "is_stale": weighed is not None and weighed.asked_for != question(campaign.draft),
        "outcomes": OUTCOMES,
        "heard": HEARD,
    }


def reached(reach: Reach) -> int:
    """Return how many people hear of it, at once, later or in a digest."""
    return sum(reach.outcomes.get(outcome, 0) for outcome in HEARD)


def sights(tx: Tx, draft: Draft, *, settings: Settings, now: datetime) -> Sequence[Sight]:
    """Return a draft as its readers would see it, in each language it is needed in."""
    return [
        preview.see(
            _or_hint(draft.said_in(locale)),
            locale,
            reader=reader(tx, draft, locale, now=now),
            settings=settings,
        )
        for locale in draft.segment.locales
    ]


def reader(tx: Tx, draft: Draft, locale: str, *, now: datetime) -> Someone | None:
    """Return a person of the segment who reads a language."""
    return segment_store.first(tx, replace(draft.segment, locale=locale), as_of=now)


def _or_hint(words: Words) -> Words:
    """Keep an empty title or text visible in its frame."""
    return Words(words.title or "…", words.body or "…") if not words.are_there else words


@dataclass(frozen=True)
class Load:
    """What a campaign does to the desk, drawn; `short_hours` lack people."""

    contacts: Drawing
    people: Drawing
    short_hours: int


def load_chart(
    tx: Tx, campaign: Campaign, *, settings: Settings, now: datetime, locale: str
) -> Load | None:
    """Draw contacts and people by the hour; None where nobody planned the hours."""
    hours = _load(tx, campaign, settings=settings, now=now)
    if all(hour.without is None for hour in hours):
        return None
    zone = ZoneInfo(settings.shop_zone)
    local = [hour.hour.astimezone(zone) for hour in hours]
    slots = [f"{at:%m-%d %H:00}" for at in local]
    ticks = {at: f"{one:%H:00}" for at, one in enumerate(local) if one.hour % HOURS_A_TICK == 0}
    present = (now - hours[0].hour) / HOUR

    def named(key: str) -> str:
        return say(locale, f"campaigns.load.{key}")

    contacts: list[Layer] = [
        chart.Bars(name=named("without"), values=[one.without for one in hours]),
        chart.Line(name=named("with"), values=[one.with_it for one in hours]),
    ]
    people: list[Layer] = [
        chart.Bars(name=named("rostered"), values=[one.people_rostered for one in hours]),
        chart.Steps(name=named("needed"), values=[one.people_needed for one in hours]),
    ]
    return Load(
        chart.draw("load-contacts", slots, contacts, ticks=ticks, now=present),
        chart.draw("load-people", slots, people, ticks=ticks, now=present),
        sum(one.is_short for one in hours),
    )


def _load(
    tx: Tx, campaign: Campaign, *, settings: Settings, now: datetime
) -> Sequence[load.LoadHour]:
    began = campaign.as_of or now  # as it was planned, wherever the clock stands by now
    made: Plan = plan(tx, campaign.draft, shop_zone=settings.shop_zone, now=min(began, now))
    weighed = reach_store.latest(tx, campaign.id)
    if weighed is not None and weighed.asked_for != question(campaign.draft):
        weighed = None
    mine = by_hour(made, weighed, pace_per_minute=campaign.draft.pace_per_minute)
    return load.load(tx, mine, is_announced=campaign.state in ANNOUNCED, now=now)
