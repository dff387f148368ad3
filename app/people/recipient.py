"""What has to be known of a person to decide whether and how something reaches them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.people.choices import ChannelName
from app.people.hours import Window
from orders_core.ids import PersonId

#: By what it is about and channel: the share that is seen and its deviation, in thousandths.
Habits = Mapping[str, Mapping[str, tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A person as a message sees them.

    `addresses` holds, by channel, where they can be reached, newest first; `dead` those addresses
    that must never be written to. A choice that was never made is absent, not False.
    """

    person_id: PersonId
    name: str
    locale: str
    zone: str
    addresses: Mapping[str, tuple[str, ...]]
    consents: Mapping[str, bool] = field(default_factory=dict)  # channel -> granted
    preferences: Mapping[tuple[str, str], bool] = field(default_factory=dict)  # (category, channel)
    dead: frozenset[tuple[str, str]] = frozenset()  # (channel, address)
    rhythms: Mapping[str, str] = field(default_factory=dict)  # channel -> how often it rings
    mutes_order: bool = False  # the order that this message is about
    more_on: str | None = None  # the bell that its small steps ring too, as they asked
    quiet: Window | None = None  # hours they chose themselves; an empty window is a choice too
    open_slots: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)  # ends, by channel
    paused_until: datetime | None = None  # nothing rings until then
    opened: tuple[str, date] | None = None  # the channel they opened something on last, and when
    habits: Habits = field(default_factory=dict)  # how much of what rings where they see
    tired: tuple[int, str] | None = None  # how likely they refuse offers, in percent, and why most

    def address(self, channel: str) -> str | None:
        """Return the newest living address on a channel, if there is one."""
        for address in self.addresses.get(channel, ()):
            if (channel, address) not in self.dead:
                return address
        return None


def nobody(person_id: PersonId) -> Recipient:
    """Return a recipient that no channel reaches: a person who is not known, or no longer."""
    return Recipient(person_id=person_id, name="", locale="en", zone="UTC", addresses={})


def inbox_of(person_id: PersonId) -> Mapping[str, tuple[str, ...]]:
    """Return the address that every known person has: their own inbox."""
    return {ChannelName.INAPP: (str(person_id),)}
