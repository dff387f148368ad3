"""What channels are built from. Whoever wires the house fills it in once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.contract import Record
from channels.email.server import MailServer


@dataclass(frozen=True, kw_only=True)
class Means:
    """The mail server, and where the channels that have no provider record, by channel name.

    `has_actors` lets test addresses misbehave: never where real people are written to.
    """

    mail: MailServer
    records: Mapping[str, Record] = field(default_factory=dict)
    has_actors: bool = False

    def record_of(self, name: str) -> Record:
        """Return the record of a channel that has no provider.

        Raises:
            MissingMeans: If none was given.
        """
        if name not in self.records:
            raise MissingMeans(name)
        return self.records[name]


class MissingMeans(Exception):
    """The channel records instead of sending, and was not told where."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"channel {name!r} needs a place to record in")
