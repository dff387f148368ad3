"""The catalogue as a page of the docs: what each notice is, what it asks for, how it sounds."""

from collections.abc import Iterator
from datetime import timedelta

from app.hub.catalogue import NOTICES
from app.hub.notice import Notice
from app.people.choices import ChannelName
from app.templating.render import Renderer
from app.templating.samples import sample

HEAD = """\
| notice | class | lane | category | channels | rings at night | worth reading for | collapses by |\
 told by | old news once |
|---|---|---|---|---|---|---|---|---|---|"""
ASKS = """\
| notice | needs | may have |
|---|---|---|"""
SOUNDS = """\
| notice | en | zh |
|---|---|---|"""


def listing(renderer: Renderer) -> str:
    """Write the three tables, each with one row for every notice it concerns."""
    by_hand = [one for one in NOTICES.values() if one.by_hand]
    return "\n".join(
        [
            "## What they are",
            "",
            HEAD,
            *map(_row, NOTICES.values()),
            "",
            "## What is told by hand, and with which facts",
            "",
            ASKS,
            *map(_asks, by_hand),
            "",
            "## How they sound",
            "",
            SOUNDS,
            *(_sounds(renderer, one) for one in NOTICES.values()),
            "",
        ]
    )


def _row(notice: Notice) -> str:
    cells = (
        f"`{notice.name}`",
        notice.kind,
        str(notice.lane),
        notice.category,
        ", ".join(notice.channels),
        "yes" if notice.is_urgent else "no",
        _span(notice.ttl),
        notice.collapse,
        "API" if notice.by_hand else "what happens",
        ", ".join(_old_once(notice)) or "–",
    )
    return f"| {' | '.join(cells)} |"


def _old_once(notice: Notice) -> Iterator[str]:
    if notice.untrue_once:
        yield "order " + "/".join(sorted(notice.untrue_once))
    if notice.while_parcel:
        yield "parcel no more " + "/".join(sorted(notice.while_parcel))
    if notice.of_date:
        yield "the day changed again"
    if notice.of_short:
        yield "nothing is missing"
    if notice.of_refund:
        yield "the money arrived"
    if notice.of_return:
        yield "the goods came"
    if newer := sorted(one.name for one in NOTICES.values() if notice.name in one.replaces):
        yield "a newer " + "/".join(newer)


def _asks(notice: Notice) -> str:
    needs = (["`order`"] if notice.needs_order else []) + [f"`{one}`" for one in notice.asks]
    may = [f"`{one}`" for one in notice.may]
    return f"| `{notice.name}` | {', '.join(needs) or '–'} | {', '.join(may) or '–'} |"


def _sounds(renderer: Renderer, notice: Notice) -> str:
    channel = ChannelName.INAPP if ChannelName.INAPP in notice.channels else notice.channels[0]
    said = []
    for locale in ("en", "zh"):
        words = renderer.render(notice.name, channel, locale, sample(notice.name, locale))
        text = " ".join(words.text.split())
        said.append(f"**{words.title}** {text}" if words.title else text)
    return f"| `{notice.name}` | {' | '.join(said)} |"


def _span(ttl: timedelta) -> str:
    if ttl >= timedelta(days=1):
        return f"{ttl.days} days" if ttl.days > 1 else "1 day"
    hours = int(ttl.total_seconds()) // 3600
    if hours:
        return f"{hours} hours" if hours > 1 else "1 hour"
    return f"{int(ttl.total_seconds()) // 60} minutes"
