"""What is wrong with a folder of notice templates, found before anybody gets the message."""

from collections.abc import Iterable, Iterator, Mapping

from app.templating.render import LANGUAGE_TAGS, Rendered, Renderer, RenderFailed
from app.templating.samples import bare_sample, sample

LONGEST_SMS = {"zh": 70, "en": 160}  # one segment
LONGEST_PUSH_TITLE = 40
LONGEST_PUSH_TEXT = 110
LONGEST_SUBJECT = 78
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
LOUD = {"zh": ("！", "!", "亲"), "en": ("!",)}
POLITE = "您"
WORDED_BY_THE_SHOP = frozenset({"announcement"})


def lint(renderer: Renderer, catalogue: Mapping[str, Iterable[str]]) -> list[str]:
    """Render every notice of `catalogue` in every locale and name each fault.

    `catalogue` names the channels of each notice. Each is rendered twice: with every fact known,
    and with every fact absent that may be.
    """
    return [
        f"{notice} {channel} {locale}: {fault}"
        for notice, channels in catalogue.items()
        for channel in channels
        for locale in LANGUAGE_TAGS
        for fault in _faults(renderer, notice, channel, locale)
    ]


def _faults(renderer: Renderer, notice: str, channel: str, locale: str) -> Iterator[str]:
    for variables in (sample(notice, locale), bare_sample(notice, locale)):
        try:
            words = renderer.render(notice, channel, locale, variables)
        except RenderFailed as fault:
            yield fault.reason
            return
        yield from _shape_faults(words, channel, locale)
        yield from _tone_faults(words, notice, channel, locale)
        if channel == "email":
            yield from _letter_faults(words, locale, variables.get("unsubscribe_url"))


def _shape_faults(words: Rendered, channel: str, locale: str) -> Iterator[str]:
    if not words.text:
        yield "no text"
    if channel != "sms" and not words.title:
        yield "no title"
    if channel == "sms":
        if len(words.text) > LONGEST_SMS[locale]:
            yield f"{len(words.text)} characters, more than one segment"
        if locale == "en" and not GSM_7.issuperset(words.text):
            yield "characters outside GSM-7 make segments of 70"
    if channel == "push" and (
        len(words.title) > LONGEST_PUSH_TITLE or len(words.text) > LONGEST_PUSH_TEXT
    ):
        yield "longer than two short lines"


def _tone_faults(words: Rendered, notice: str, channel: str, locale: str) -> Iterator[str]:
    said = f"{words.title}\n{words.text}"
    for sign in LOUD[locale]:
        if sign in said:
            yield f"too loud: {sign}"
    is_ours = notice not in WORDED_BY_THE_SHOP or channel == "email"
    if locale == "zh" and is_ours and POLITE not in said:
        yield "addresses nobody as 您"
    if "None" in said:
        yield "shows an absent fact"


def _letter_faults(words: Rendered, locale: str, unsubscribe_url: str | None) -> Iterator[str]:
    html = words.html or ""
    if f'<html lang="{LANGUAGE_TAGS[locale]}">' not in html:
        yield "the HTML does not name its language"
    if len(words.title) > LONGEST_SUBJECT:
        yield "the subject is too long"
    if "<script" in html or "<form" in html or "<img" in html:
        yield "the HTML holds what mail readers block"
    if unsubscribe_url and (unsubscribe_url not in words.text or unsubscribe_url not in html):
        yield "required_link_missing: no way to unsubscribe"
