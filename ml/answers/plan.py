"""What a shop wants of the model that reads its questions."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a shop wants: wrong answers as a share of all messages, how surely, from which seed.

    `beyond_share` is the share of messages out of scope that the gate and the threshold are made
    for: their texts are weighed, and drawn, until they have it. `silent` are labels that a person
    answers in any case: to take a text for one of them is no wrong answer. `encoder` names what is
    learnt beside the words, one of `encoder.ENCODERS`; none where it is empty.
    """

    budget: float = 0.005
    confidence: float = 0.95
    beyond_share: float = 0.18
    seed: int = 0
    silent: tuple[str, ...] = ()
    encoder: str = ""
