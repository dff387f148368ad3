"""What if: the last days under another policy, asked with a form and drawn side by side."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from app.access.guard import may
from app.access.keys import Caller
from app.access.roles import Permission
from app.http.chart import Bars, Drawing, Line, Tone, draw
from app.http.deps import Now, Transaction
from app.http.pages import locale_of, render
from app.hub.bounds import Window
from app.hub.relive import Report, what_if
from app.hub.tally import Tally
from app.hub.verdict import Because
from app.hub.what_if_store import Stretch
from app.hub.worlds import EVERYTHING, Change
from app.people.choices import Category, ChannelName
from app.words.say import say

router = APIRouter(include_in_schema=False)

Reader = Annotated[Caller, may(Permission.CAMPAIGNS_READ)]
DAYS = (1, 7, 14, 31)
QUIET = ("none", "22-08", "21-09", "20-10", "23-07")
CAPS = (0, 1, 2, 3, 4, 5, 7, 10, 30)
MOST_REPLAYED = 10_000  # a page is waited for
SHOWN = 20
PERCENTS = (50, 95, 100)


class Wanted:
    """What the form asks for; an empty field leaves the policy as it was."""

    def __init__(self, days: int, cap: str, quiet: str, marketing: str, silent: str) -> None:
        self.days, self.cap, self.quiet = days, cap, quiet
        self.marketing, self.silent = marketing, silent

    @property
    def change(self) -> Change:
        """The policy asked about."""
        return Change(
            cap=int(self.cap) if self.cap else None,
            quiet=self._window(),
            is_marketing_stopped={"": None, "on": False, "off": True}[self.marketing],
            defaults=self._defaults(),
        )

    def _window(self) -> Window | None:
        if not self.quiet:
            return None
        if self.quiet == "none":
            return Window(time(0), time(0))
        start, end = self.quiet.split("-")
        return Window(time(int(start)), time(int(end)))

    def _defaults(self) -> dict[tuple[str, str], bool]:
        """Ring for nobody who did not ask for it, in one category; the inbox stays."""
        if not self.silent:
            return {}
        bells = (one for one in ChannelName if one is not ChannelName.INAPP)
        return {(Category(self.silent), bell): False for bell in bells}


def _asked(
    days: Annotated[int, Query(ge=1, le=31)] = 7,
    cap: Annotated[str, Query(pattern=r"^(|[12]?\d|30)$")] = "",
    quiet: Annotated[str, Query(pattern=r"^(|none|([01]\d|2[0-3])-([01]\d|2[0-3]))$")] = "",
    marketing: Annotated[str, Query(pattern="^(|on|off)$")] = "",
    silent: Annotated[str, Query(pattern="^(|offers|delivery|orders)$")] = "",
) -> Wanted:
    return Wanted(days, cap, quiet, marketing, silent)


Form = Annotated[Wanted, Depends(_asked)]


@router.get("/hub/what-if")
def page(request: Request, tx: Transaction, now: Now, _: Reader, wanted: Form) -> HTMLResponse:
    """Show what another policy would have made of the last days, beside what was."""
    stretch = _stretch(wanted, now)
    report = what_if(tx, stretch, wanted.change, at_most=MOST_REPLAYED, with_curve=True)
    storm = what_if(tx, stretch, EVERYTHING, at_most=MOST_REPLAYED).account.would
    account = report.account
    return render(
        request,
        "hub/what_if.html",
        wanted=wanted,
        report=report,
        account=account,
        sides=[("was", account.was), ("would", account.would), ("everything", storm)],
        people=len(account.people),
        percents=PERCENTS,
        examples=account.examples[:SHOWN],
        choices={"days": DAYS, "cap": CAPS, "quiet": QUIET},
        curve=_curve(report, locale_of(request)),
        bells=_bells([account.was, storm], len(account.people), locale_of(request)),
    )


def _stretch(wanted: Wanted, now: datetime) -> Stretch:
    until = now + timedelta(seconds=1)  # what was decided just now belongs to it
    return Stretch(since=until - timedelta(days=wanted.days), until=until)


def _curve(report: Report, locale: str) -> Drawing:
    """Draw what is sent, what waits and what is kept back under each cap."""
    tallies = [tally for _, tally in report.curve]

    def named(key: str) -> str:
        return say(locale, f"what_if.curve.{key}")

    return draw(
        "curve",
        [say(locale, "what_if.cap_of", n=cap) for cap, _ in report.curve],
        [
            Bars(name=named("kept"), values=_floats(_kept(tally) for tally in tallies), tone="bad"),
            Line(name=named("sent"), values=_floats(tally.sent for tally in tallies), tone="good"),
            Line(
                name=named("held"),
                values=_floats(tally.held_bells + tally.folded for tally in tallies),
                tone="wait",
                is_dashed=True,
            ),
        ],
        ticks={place: str(cap) for place, (cap, _) in enumerate(report.curve)},
        labels_follow=True,
    )


def _bells(tallies: Sequence[Tally], people: int, locale: str) -> Drawing:
    """Draw the bells of the people side by side, from whoever hears fewest to most."""
    places = range(5, 101, 5)
    tones: tuple[Tone, Tone] = ("main", "bad")
    return draw(
        "bells",
        [say(locale, "what_if.percent", n=place) for place in places],
        [
            Line(
                name=say(locale, f"what_if.bells.{name}"),
                values=_floats(tally.bells_at(place, people=people) for place in places),
                tone=tone,
            )
            for name, tone, tally in zip(("was", "everything"), tones, tallies, strict=True)
        ],
        ticks={place: f"{place * 5} %" for place in (0, 5, 10, 15)},
        labels_follow=True,
    )


def _kept(tally: Tally) -> int:
    return tally.reasons[Because.CAP_REACHED]


def _floats(values: Iterable[int]) -> list[float | None]:
    return [float(value) for value in values]
