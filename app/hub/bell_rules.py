"""Which bells the shop keeps still, for each notice. Pure: made of a table, read by a rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.people.choices import BELLS

Channels = tuple[str, ...]
Answer = Mapping[str, object]  # a flag for each bell
Answers = Mapping[str, Answer | None]  # by notice; None where no row fits: everything rings


@dataclass(frozen=True, slots=True)
class Bells:
    """The bells that stay still for a notice; what is not listed rings.

    `still_once_fetched` holds for an order of which the person was told to fetch a parcel.
    """

    still: Mapping[str, Channels] = field(default_factory=dict, hash=False)
    still_once_fetched: Mapping[str, Channels] = field(default_factory=dict, hash=False)

    def still_for(self, notice: str, *, is_fetched: bool) -> Channels:
        """Return the channels on which a notice makes no sound."""
        return (self.still_once_fetched if is_fetched else self.still).get(notice, ())


ALL_RING = Bells()


def bells_of(before: Answers, once_fetched: Answers) -> Bells:
    """Read what a table answers of each notice, before and after a parcel was to be fetched."""
    return Bells(_stills(before), _stills(once_fetched))


def _stills(answers: Answers) -> dict[str, Channels]:
    stills = {name: _still(answers[name]) for name in sorted(answers)}
    return {name: bells for name, bells in stills.items() if bells}


def _still(answer: Answer | None) -> Channels:
    if answer is None:
        return ()
    return tuple(sorted(bell for bell in BELLS if not answer[bell]))
