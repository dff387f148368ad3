"""Every channel by name. A new one is a folder with a `build` and one line here."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Protocol

from channels.contract import Channel
from channels.means import Means

CHANNELS: Mapping[str, str] = {
    "email": "channels.email.channel",
    "inapp": "channels.inapp.channel",
    "sms": "channels.fake.channel",
    "push": "channels.fake.channel",
    "trial": "channels.fake.channel",  # what is only tried, whatever channel it is written for
}


class Builder(Protocol):
    """The one function that each channel's module offers."""

    def __call__(self, name: str, means: Means) -> Channel:
        """Build the channel `name` out of the means."""


class UnknownChannel(Exception):
    """No channel of that name exists."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"no channel {name!r}; known: {', '.join(CHANNELS)}")


def build(name: str, means: Means) -> Channel:
    """Build one channel; its module is imported now and not before.

    Raises:
        UnknownChannel: If no channel has this name.
        MissingMeans: If it is a recording channel and was given no record.
    """
    if name not in CHANNELS:
        raise UnknownChannel(name)
    builder: Builder = import_module(CHANNELS[name]).build
    return builder(name, means)


def build_all(means: Means, *, names: Iterable[str] = tuple(CHANNELS)) -> dict[str, Channel]:
    """Build the channels of these names, by default every one."""
    return {name: build(name, means) for name in names}
