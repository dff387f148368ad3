"""A tiny shop to learn from: three things people ask, and talk that is none of them."""

from ml.answers.plan import Plan
from ml.answers.train import Texts, Trained, train

WHERE = [
    "where is my order", "where is my parcel now", "has my parcel moved", "track my order please",
    "where did my package go", "can you track order 100017", "wheres my parcel", "parcel tracking",
    "what is the status of my order", "where on earth is the package",
]  # fmt: skip
REFUND = [
    "where is my refund", "i still wait for my refund", "has the refund been sent",
    "refund not on my card", "when was my money refunded", "refund missing", "my refund please",
    "the refund has not come", "is the refund on its way", "money refunded but not here",
]  # fmt: skip
INVOICE = [
    "i need an invoice", "send me the invoice", "invoice for my company", "can i get an invoice",
    "the invoice has the wrong name", "invoice please", "email the invoice again",
    "need a tax invoice", "download the invoice", "no invoice came",
]  # fmt: skip
TALK = [
    "who won the match", "what is the weather like", "tell me a joke", "how tall is that mountain",
    "sing a song", "my cat is asleep", "how do i bake bread", "what year is it",
    "do you dream", "name a planet",
]  # fmt: skip

TEXTS = [*WHERE, *REFUND, *INVOICE, *TALK]
LABELS = ["where"] * 10 + ["refund"] * 10 + ["invoice"] * 10 + ["other"] * 10


def learnt(*, seed: int = 1, budget: float = 0.1) -> Trained:
    """Train on the tiny shop."""
    plan = Plan(seed=seed, budget=budget)
    return train(Texts(TEXTS, LABELS, "other"), language="en", plan=plan)
