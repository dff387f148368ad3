"""Puts what is said of an order into a language, on the clock of the place it is read in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from app.story.clause import Ago, Amount, At, By, Carrier, Clause, Date, Day, Fact
from app.words import show
from app.words.say import knows, say

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOST_HOURS = 48  # up to here hours say more than days
WEEK_DAYS = 6  # a weekday's name means the one that comes
NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
BETWEEN = {"zh": "；", "en": "; "}
END = {"zh": "。", "en": "."}


@dataclass(frozen=True)
class Writer:
    """Who writes: a language, the clock of a place, and the present."""

    locale: str
    zone: str
    now: datetime

    def sentence(self, clauses: Sequence[Clause]) -> str:
        """Write clauses as one sentence."""
        first, *more = [self.clause(one) for one in clauses]
        said = BETWEEN[self.locale].join([first, *(_small(one) for one in more)])
        return said[:1].upper() + said[1:] + END[self.locale]

    def clause(self, clause: Clause) -> str:
        """Write one clause, without the mark that ends it."""
        words = {name: self._word(fact) for name, fact in clause.facts.items()}
        return say(self.locale, f"story.{clause.key}", **words)

    def _word(self, fact: Fact) -> str | int:
        match fact:
            case Day():
                return self.day(fact.at)
            case Carrier():
                return show.carrier(self.locale, fact.name)
            case Amount():
                return show.money(self.locale, fact.minor, fact.currency)
            case Clause():
                return _small(self.clause(fact))
            case str() | int():
                return fact
        return self._time_word(fact)

    def _time_word(self, fact: Date | At | By | Ago) -> str:
        match fact:
            case Date():
                return self.date(fact.at)
            case At():
                return self.at(fact.at)
            case By():
                return self.by(fact.at)
        return self.ago(fact.at)

    def day(self, at: datetime) -> str:
        """Write a day: today, tomorrow, Thursday, else its date."""
        days = self._days_to(at)
        if days in NEAR:
            return say(self.locale, f"story.day.{NEAR[days]}")
        if 1 < days <= WEEK_DAYS:
            return self._format("EEE" if self.locale == "zh" else "EEEE", at)
        return show.day(self.locale, at, zone=self.zone)

    def date(self, at: datetime) -> str:
        """Write a day with its name and date: Thursday 26 Nov."""
        weekday = self._format("EEE" if self.locale == "zh" else "EEEE", at)
        day = show.day(self.locale, at, zone=self.zone)
        return say(self.locale, "story.day.long", weekday=weekday, day=day)

    def at(self, at: datetime) -> str:
        """Write a time that was: today at 14:05, on 22 Nov at 14:05."""
        day = NEAR.get(self._days_to(at), "other")
        date = show.day(self.locale, at, zone=self.zone)
        return say(self.locale, f"story.at.{day}", day=date, time=self._time(at))

    def by(self, at: datetime) -> str:
        """Write a time to come: 20:10, with its day where that is not today."""
        if self._days_to(at) == 0:
            return self._time(at)
        return say(self.locale, "story.by.other", day=self.day(at), time=self._time(at))

    def ago(self, at: datetime) -> str:
        """Write how long ago a time was, in minutes, in hours up to two days, then in days."""
        gone = self.now - at
        if gone < MINUTE:
            return say(self.locale, "story.ago.now")
        if gone < HOUR:
            return say(self.locale, "story.ago.minutes", n=gone // MINUTE)
        if gone < MOST_HOURS * HOUR:
            return say(self.locale, "story.ago.hours", n=gone // HOUR)
        return say(self.locale, "story.ago.days", n=gone // DAY)

    def known(self, key: str, fallback: str) -> str:
        """Write a word that the catalogue may lack."""
        return say(self.locale, key) if knows(key) else fallback

    def _days_to(self, at: datetime) -> int:
        place = ZoneInfo(self.zone)
        return (at.astimezone(place).date() - self.now.astimezone(place).date()).days

    def _time(self, at: datetime) -> str:
        return at.astimezone(ZoneInfo(self.zone)).strftime("%H:%M")

    def _format(self, pattern: str, at: datetime) -> str:
        local = at.astimezone(ZoneInfo(self.zone)).date()
        return format_date(local, pattern, locale=show.BABEL[self.locale])


def _small(text: str) -> str:
    """Begin a clause in the middle of a sentence small, unless an abbreviation begins it."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
