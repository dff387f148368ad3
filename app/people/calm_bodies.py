"""What the doors read and show of when a person wants no bells."""

from datetime import datetime, time
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.http.body import Body
from app.people.calm import Calm
from app.people.hours import EVERY_DAY, Window

Clock = Annotated[time, Field(strict=False)]
Weekday = Annotated[int, Field(ge=1, le=7)]


class HoursBody(Body):
    """Hours on the person's own clock, from `from` to just before `until`; alike, none are quiet.

    `days` are the weekdays that such a night starts on, 1 for Monday to 7 for Sunday.
    """

    model_config = ConfigDict(populate_by_name=True)

    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="until")]
    days: Annotated[tuple[Weekday, ...], Field(strict=False, min_length=1, max_length=7)] = tuple(
        day + 1 for day in sorted(EVERY_DAY)
    )

    @model_validator(mode="after")
    def _on_the_wall(self) -> "HoursBody":
        if self.start.tzinfo or self.end.tzinfo:
            raise PydanticCustomError(
                "wall_time_needed", "must be a wall-clock time without a zone"
            )
        return self

    @property
    def window(self) -> Window:
        """The hours as a decision knows them."""
        return Window(self.start, self.end, frozenset(day - 1 for day in self.days))


def calm_body(calm: Calm, now: datetime) -> dict[str, Any]:
    """Show a person's own quiet hours, and the pause that lasts; null where there is none.

    A pause without an end is `paused` with no `paused_until`.
    """
    quiet, is_paused = calm.quiet, calm.is_paused(now)
    return {
        "quiet": quiet
        and {
            "from": f"{quiet.start:%H:%M}",
            "until": f"{quiet.end:%H:%M}",
            "days": [day + 1 for day in sorted(quiet.weekdays)],
        },
        "paused": is_paused,
        "paused_until": calm.paused_until if is_paused and not calm.is_endless else None,
    }
