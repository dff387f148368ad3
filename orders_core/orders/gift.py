"""An order that is given: who receives it, from whom, and with which words."""

from dataclasses import dataclass

from orders_core.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What is known of a gift; everything may be absent but the fact that it is one.

    `person_id` is the receiver, where the shop knows them; whoever bought it pays and is told of
    the money.
    """

    person_id: PersonId | None = None
    giver: str | None = None  #: the name it comes from, as the receiver knows it
    words: str | None = None  #: what the giver says with it
