"""What a shop wants of the model that reads its questions."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a shop wants: wrong answers as a share of all messages, how surely, from which seed.

    `beyond_share` is the share of messages out of scope that the gate and the threshold are made
    for: their texts are weighed, and drawn, until they have it. `silent` are labels that a person
    answers in any case: to take a text for one of them is no wrong answer. `serves` holds pairs of
    what is called and what was asked: the answer to the first tells all that the second asks, so
    that it is no wrong answer either. `encoder` names what is
    learnt beside the words, one of `encoder.ENCODERS`; none where it is empty.
    """

    budget: float = 0.005
    confidence: float = 0.95
    beyond_share: float = 0.18
    seed: int = 0
    silent: tuple[str, ...] = ()
    serves: tuple[tuple[str, str], ...] = ()
    encoder: str = ""

    def is_right(self, called: str, asked: str) -> bool:
        """Say whether the answer to what is called answers what was asked."""
        return called == asked or (called, asked) in self.serves

    def is_wrong(self, called: str, asked: str) -> bool:
        """Say whether an answer is sent that does not answer what was asked."""
        return called not in self.silent and not self.is_right(called, asked)
