"""Several wishes in one message: its clauses, each read by the rules of its language. Pure.

A message is taken apart only where that leaves nothing out: every clause is a wish that is read, or
says nothing that the rules know to ask for something else. Otherwise it stays one, as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.desk.intent import Abstain, Why
from app.desk.may_answer import MAY
from app.desk.reading import Reading, normal, read
from app.desk.reference import Mentioned, mentioned
from app.desk.rules_en import EN
from app.desk.rules_zh import ZH
from ml.answers.extract.plain import plain as plain_of
from ml.answers.intents import Intent

#: Where a clause may end, and the words that begin a further one.
ENDS = re.compile(
    r"[。!?;\n]|(?<!\d),|,(?!\d)|\.(?=\s|$)|另外|还有|顺便|以及|对了|同时|再就是|再问"
    r"|\b(?:and also|also|and|plus|by the way|btw|besides|another thing)\b"
)
#: How a clause begins or ends that asks or wishes for something, and does not merely tell.
ASKS_ZH = re.compile(
    r"[吗呢么]$|哪|多少|什么|几[点天号时]|怎么|如何|多久|何时|[到发]了没|^我?(?:还|也)?(?:想|要|请|帮|麻烦|能|可以)|查"
)
ASKS_EN = re.compile(
    r"^(?:(?:hi|hello|hey|please|also|so|then|and)[\s,]*)*(?:where|when|what|which|how|who|why|has"
    r"|have|is|are|was|did|does|do|can|could|will|would|may|please|track|cancel"
    r"|i (?:want|need|would like|'d like)|i'd like)\b"
)
QUESTION_EN = re.compile(r"^(?:where|when|how|what)\b")
QUESTION_ZH = re.compile("^(?:什么时候|几时|何时|多久|怎么|如何)|(?:吗|多少|多久|哪里?|哪了)$")
#: No wishes of their own beside others.
NICETIES = frozenset({Intent.THANKS})
FEWEST, MOST = 2, 5  # more in one message than five nobody answers in one go


@dataclass(frozen=True)
class Wish:
    """One of several things a message asks, in the words that ask it.

    `is_asked` says whether they ask or wish; words that merely tell are for a person to weigh.
    """

    words: str
    reading: Reading
    is_asked: bool


@dataclass(frozen=True)
class Clause:
    """A stretch of a message, and the mark it ends with, if it is a question mark."""

    words: str
    is_question: bool


def wishes(text: str, *, fallback: str) -> tuple[Wish, ...]:
    """Return the things a message asks, two to five of them, each of its own intent.

    Empty where it asks one thing, or where not all of it is understood: it is then read whole. What
    reads as one thing is taken apart only where each of its wishes is a question by itself.
    """
    whole = read(text, fallback=fallback)
    language = whole.language or fallback
    if isinstance(whole, Abstain) and whole.because is not Why.OUT_OF_SCOPE:
        return ()
    found = _several(text, language)
    if not found or _leaves_out(text, language):
        return ()
    if isinstance(whole, Reading) and not all(_is_question(one, text) for one in found):
        return ()
    return found


def to_draft(text: str, *, fallback: str) -> tuple[Wish, ...]:
    """Return the things that a draft answers, for a person who sees what it leaves out.

    They are those of a message that `wishes` takes apart, and of one that is never answered by
    itself or not understood as a whole; empty where there are not several.
    """
    whole = read(text, fallback=fallback)
    is_one = isinstance(whole, Reading) and not MAY[whole.intent].is_never
    return wishes(text, fallback=fallback) if is_one else _several(text, whole.language or fallback)


def clauses(text: str) -> Iterator[Clause]:
    """Cut a text where a clause may end, in the writer's own letters."""
    made, start = plain_of(text), 0
    for match in ENDS.finditer(made.text):
        words = text[start : made.starts[match.start()]].strip()
        yield Clause(words, is_question=match.group() == "?")
        start = made.starts[match.end()]
    yield Clause(text[start:].strip(), is_question=False)


def _several(text: str, language: str) -> tuple[Wish, ...]:
    """Read each clause, and return what is asked in them, unless it is one thing or too many."""
    asks = ASKS_ZH if language == "zh" else ASKS_EN
    named = mentioned(normal(text))
    found: dict[Intent, Wish] = {}
    for clause in clauses(text):
        plain = _nameless(clause.words, named, language)
        meant = read(plain, fallback=language)
        if isinstance(meant, Abstain) or meant.intent in NICETIES:
            continue
        is_asked = clause.is_question or asks.search(plain) is not None
        wish = Wish(clause.words, Reading(language, meant.intent, named), is_asked)
        found.setdefault(meant.intent, wish)
    return tuple(found.values()) if FEWEST <= len(found) <= MOST else ()


def _leaves_out(text: str, language: str) -> bool:
    """Say whether a clause that is not read asks for something that the rules know of."""
    rules = ZH if language == "zh" else EN
    named = mentioned(normal(text))
    plain = [_nameless(one.words, named, language) for one in clauses(text)]
    unread = [one for one in plain if isinstance(read(one, fallback=language), Abstain)]
    return any(rules.foreign.search(one) or rules.beyond.search(one) for one in unread)


def _is_question(wish: Wish, text: str) -> bool:
    """Say whether a wish is a question by itself: by its mark, or by how it begins or ends."""
    end = text.find(wish.words) + len(wish.words)
    asks = QUESTION_ZH if wish.reading.language == "zh" else QUESTION_EN
    return text[end : end + 1] in ("?", "？") or asks.search(normal(wish.words)) is not None


def _nameless(clause: str, named: Mentioned, language: str) -> str:
    """Put the word for an order in the place of its number: a number alone is no wish."""
    plain = normal(clause)
    for words in named.written:
        plain = plain.replace(words, "订单" if language == "zh" else "order")
    return plain
