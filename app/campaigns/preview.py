"""Words as their reader would see them: on a locked phone, in the inbox, as a mail."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.campaigns.campaign import NOTICE
from app.campaigns.segment_store import Someone
from app.campaigns.wording import LONGEST_TITLE, Flaw, Words, flaws, fold, length
from app.settings import Settings
from app.templating.render import Rendered, Renderer
from app.templating.samples import sample

TEMPLATES = Path(__file__).parents[2] / "templates"


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One language as it is seen. `shown` is what a locked phone shows, `folded` what it hides."""

    locale: str
    reader: str
    shop: str
    title: str
    shown: str
    folded: str
    inbox: str
    mail: Rendered
    title_length: int
    body_length: int
    longest_title: int
    flaws: tuple[Flaw, ...]


def see(words: Words, locale: str, *, reader: Someone | None, settings: Settings) -> Sight:
    """Show words to a reader: a person of the segment, or a sample where it has none."""
    facts = sample(NOTICE, locale) | {"title": words.title, "body": words.body}
    facts["shop"] = settings.shop_name_zh if locale == "zh" else settings.shop_name_en
    if reader is not None:
        facts |= {"name": reader.name, "zone": reader.zone}
    seen = {
        channel: _renderer().render(NOTICE, channel, locale, facts)
        for channel in ("push", "inapp", "email")
    }
    shown, folded = fold(seen["push"].text)
    return Sight(
        locale=locale,
        reader=str(facts["name"]),
        shop=str(facts["shop"]),
        title=seen["push"].title,
        shown=shown,
        folded=folded,
        inbox=seen["inapp"].text,
        mail=seen["email"],
        title_length=length(words.title),
        body_length=length(words.body),
        longest_title=LONGEST_TITLE,
        flaws=tuple(flaws(words, locale)),
    )


@cache
def _renderer() -> Renderer:
    return Renderer.of_folder(TEMPLATES)
