"""What the door of what-if questions reads and shows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.http.body import Body, Instant, Whole
from app.hub.bodies import in_words
from app.hub.bounds import MOST_CAP
from app.hub.relive import Report
from app.hub.tally import Example, Tally, effect_of
from app.hub.verdict import Verdict
from app.hub.what_if_store import Stretch
from app.hub.worlds import EVERYTHING, Change
from app.people.calm_bodies import HoursBody
from app.people.choices import Category, ChannelName
from orders_core.ids import show

MOST_DAYS = 31
MOST_REPLAYED = 100_000
USUALLY_REPLAYED = 20_000
PERCENTS = (50, 95)


class DefaultBody(Body):
    """What holds for whoever never chose about a category on a channel."""

    category: Annotated[Category, Field(strict=False)]
    channel: Annotated[ChannelName, Field(strict=False)]
    wanted: bool


class WhatIfBody(Body):
    """Which decisions, and under which other policy; what is left out stays as it was."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"days": 7, "cap": 2, "quiet": {"from": "21:00", "until": "09:00"}, "curve": True},
                {"days": 7, "preset": "send_everything"},
            ]
        }
    )

    days: Annotated[int, Whole(1, MOST_DAYS)] = 7
    since: Instant | None = None
    until: Instant | None = None
    cap: Annotated[int, Whole(0, MOST_CAP)] | None = None
    quiet: HoursBody | None = None
    marketing_stopped: bool | None = None
    defaults: Annotated[tuple[DefaultBody, ...], Field(max_length=40, strict=False)] = ()
    preset: Literal["send_everything"] | None = None
    curve: bool = False
    most: Annotated[int, Whole(1, MOST_REPLAYED)] = USUALLY_REPLAYED

    @model_validator(mode="after")
    def _one_policy(self) -> "WhatIfBody":
        if self.preset is not None and not self.policy.is_none:
            raise PydanticCustomError("preset_stands_alone", "`preset` takes no other change")
        if self.since and self.until and self.until <= self.since:
            raise PydanticCustomError("range_empty", "`until` must lie after `since`")
        if self.since and self.until and self.until - self.since > timedelta(days=MOST_DAYS):
            raise PydanticCustomError("range_too_long", "must be at most 31 days")
        return self

    @property
    def policy(self) -> Change:
        """The change of policy that is spelled out."""
        return Change(
            cap=self.cap,
            quiet=self.quiet.window if self.quiet else None,
            is_marketing_stopped=self.marketing_stopped,
            defaults={(one.category, one.channel): one.wanted for one in self.defaults},
        )

    @property
    def change(self) -> Change:
        """The policy that is asked about."""
        return EVERYTHING if self.preset else self.policy

    def stretch(self, now: datetime) -> Stretch:
        """Return the business time asked about: by default the last days before `now`."""
        lasting = timedelta(days=self.days)
        if self.since:
            return Stretch(since=self.since, until=self.until or self.since + lasting)
        until = self.until or now
        return Stretch(since=until - lasting, until=until)


def report_body(report: Report, stretch: Stretch) -> dict[str, Any]:
    """Show what another policy would have made of a stretch."""
    account, people = report.account, len(report.account.people)
    return {
        "since": stretch.since,
        "until": stretch.until,
        "decisions": report.asked,
        "replayed": account.decisions,
        "not_kept": report.unknown,
        "is_cut": report.is_cut,
        "people": people,
        "identical_percent": account.identical_percent,
        "was": tally_body(account.was, people),
        "would": tally_body(account.would, people),
        "differing": account.differing,
        "turns": [
            {"was": was, "would": would, "decisions": count}
            for (was, would), count in account.turns.most_common()
        ],
        "examples": [example_body(one) for one in account.examples],
        "curve": [{"cap": most, **tally_body(tally, people)} for most, tally in report.curve],
    }


def tally_body(tally: Tally, people: int) -> dict[str, Any]:
    """Show one policy's side of the account."""
    return {
        "sent": tally.sent,
        "answers": dict(tally.answers),
        "reasons": dict(tally.reasons),
        "bells": tally.bells,
        "bells_held": tally.held_bells,
        "bells_folded": tally.folded,
        "inbox_lines": tally.lines,
        "people_rung": len(tally.bells_of),
        "bells_per_person": {
            "mean": round(tally.bells / people, 3) if people else 0.0,
            **{f"p{one}": tally.bells_at(one, people=people) for one in PERCENTS},
            "most": max(tally.bells_of.values(), default=0),
        },
    }


def example_body(example: Example) -> dict[str, Any]:
    """Show one decision that would have come out otherwise."""
    return {
        "person": show("per", example.person_id),
        "notice": example.notice,
        "decided_at": example.decided_at,
        "was": _verdict(example.was),
        "would": _verdict(example.would),
    }


def _verdict(verdict: Verdict) -> Mapping[str, Any]:
    effect = effect_of(verdict)
    return {
        "answer": verdict.word,
        "because": verdict.because,
        "because_in_words": in_words(verdict.because),
        "until": verdict.until,
        "bells": effect.bells + effect.held + effect.folded,
    }
