"""What a lab found, as a page in both languages that stands by itself."""

from collections.abc import Mapping, Sequence
from functools import partial

from app.http.pages import environment
from app.labs.lab import Lab, Outcome
from app.words.say import LOCALES, say

Row = tuple[str, str, str]


def rows(locale: str, naive: Outcome, ours: Outcome) -> Sequence[Row]:
    """Return the table of a lab: what, the naive way's figure, ours."""
    figures = [
        (say(locale, f"labs.figure.{name}"), f"{value:,}", f"{ours.figures[name]:,}")
        for name, value in naive.figures.items()
    ]
    seconds = (say(locale, "labs.figure.seconds"), f"{naive.seconds:.1f}", f"{ours.seconds:.1f}")
    return [*figures, seconds]


def sentence(locale: str, lab: Lab, naive: Outcome, ours: Outcome) -> str:
    """Say in one sentence what came out."""
    said = {**naive.figures, "naive": naive.figures[lab.told], "ours": ours.figures[lab.told]}
    return say(locale, f"labs.sentence.{lab.word}", **said)


def html(lab: Lab, naive: Outcome, ours: Outcome) -> str:
    """Return the page."""
    return (
        environment()
        .get_template("pages/labs/page.html")
        .render(
            lab=lab,
            languages=[_in(locale, lab, naive, ours) for locale in LOCALES],
            source=lab.source(),
        )
    )


def _in(locale: str, lab: Lab, naive: Outcome, ours: Outcome) -> Mapping[str, object]:
    return {
        "locale": locale,
        "html_lang": "zh-CN" if locale == "zh" else "en",
        "say": partial(say, locale),
        "question": say(locale, f"labs.question.{lab.word}", **naive.figures),
        "rows": rows(locale, naive, ours),
        "sentence": sentence(locale, lab, naive, ours),
    }
