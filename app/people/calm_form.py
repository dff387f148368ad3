"""The form in which a person says their own quiet hours."""

from datetime import time

from pydantic import BaseModel

from app.people.hours import EVERY_DAY, Window


class HoursForm(BaseModel):
    """Hours on the person's own clock; `own` is off where they take the shop's again.

    Without a day ticked the hours start every day.
    """

    quiet_from: time = time(22)
    quiet_until: time = time(8)
    day: list[int] = []
    own: bool = True

    @property
    def window(self) -> Window | None:
        """The hours as a decision knows them."""
        if not self.own:
            return None
        start, end = self.quiet_from.replace(tzinfo=None), self.quiet_until.replace(tzinfo=None)
        return Window(start, end, (EVERY_DAY & frozenset(self.day)) or EVERY_DAY)
