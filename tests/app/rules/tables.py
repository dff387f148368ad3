"""Tables to test on, and tables made by dice: sound ones first, then broken on purpose."""

from decimal import Decimal
from random import Random

from app.rules.cell import Sort
from app.rules.column import Column
from app.rules.table import Hit, Row, Table

AMOUNT = Column(name="amount", sort=Sort.NUMBER, least=Decimal(0))
TIER = Column(name="tier", sort=Sort.WORD, words=("plain", "silver", "gold"))
OPENED = Column(name="opened", sort=Sort.FLAG)
ACTION = Column(name="action", sort=Sort.WORD)


def table(*rows: tuple[str, str, str, str], hit: Hit = Hit.UNIQUE, partial: bool = False) -> Table:
    """Return a table over amount, tier and opened."""
    return Table(
        name="refund",
        hit=hit,
        inputs=(AMOUNT, TIER, OPENED),
        outputs=(ACTION,),
        rows=tuple(Row(row[:3], row[3:]) for row in rows),
        is_partial=partial,
    )


REFUND = table(
    ("< 5000", "-", "-", "approve"),
    (">= 5000", "gold", "-", "approve"),
    (">= 5000", "not gold", "no", "approve"),
    (">= 5000", "not gold", "yes", "ask"),
)


def split(dice: Random) -> Table:
    """Cut everything into boxes, one after the other, so that no gap and no overlap is left."""
    boxes: list[tuple[tuple[int, int | None], tuple[str, ...], tuple[bool, ...]]] = [
        ((0, None), TIER.words, (True, False))
    ]
    for _ in range(dice.randint(2, 9)):
        numbers, words, flags = boxes.pop(dice.randrange(len(boxes)))
        low, high = numbers
        match dice.randrange(3):
            case 1 if len(words) > 1:
                cut = dice.randint(1, len(words) - 1)
                boxes += [(numbers, words[:cut], flags), (numbers, words[cut:], flags)]
            case 2 if len(flags) > 1:
                boxes += [(numbers, words, (flag,)) for flag in flags]
            case _ if high is None or high - low > 1:
                at = dice.randint(low + 1, low + 1000 if high is None else high - 1)
                boxes += [((low, at), words, flags), ((at, high), words, flags)]
            case _:
                boxes.append((numbers, words, flags))
    dice.shuffle(boxes)
    return table(
        *(
            (
                f">= {low}" if high is None else f"[{low}..{high})",
                ", ".join(words),
                "-" if len(flags) > 1 else ("yes" if flags[0] else "no"),
                f"a{number}",
            )
            for number, ((low, high), words, flags) in enumerate(boxes)
        )
    )
