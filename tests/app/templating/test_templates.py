"""Our own templates: complete, calm, and right in both languages."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.hub.catalogue import NOTICES
from app.templating.lint import lint
from app.templating.render import Renderer
from app.templating.samples import sample

FOLDER = Path(__file__).parents[3] / "templates"
CATALOGUE = {name: tuple(notice.channels) for name, notice in NOTICES.items()}
LETTERS = [name for name, channels in CATALOGUE.items() if "email" in channels]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer.of_folder(FOLDER)


def test_every_notice_of_the_catalogue_renders_on_every_channel_in_both_languages(
    renderer: Renderer,
) -> None:
    assert lint(renderer, CATALOGUE) == []


def test_no_template_is_left_over() -> None:
    wanted = {
        f"{name}/{channel}.{locale}.j2"
        for name, channels in CATALOGUE.items()
        for channel in channels
        for locale in ("zh", "en")
    }

    found = {str(path.relative_to(FOLDER / "notices")) for path in FOLDER.glob("notices/*/*")}
    assert found == wanted


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("notice", LETTERS)
def test_the_text_says_all_that_the_html_says(renderer: Renderer, notice: str, locale: str) -> None:
    words = renderer.render(notice, "email", locale, sample(notice, locale))

    said = "".join(words.text.split())
    for piece in Pieces.of(words.html or ""):
        assert "".join(piece.split()) in said or piece == words.title or piece in said


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("notice", LETTERS)
def test_html_is_well_formed_and_reads_in_the_dark(
    renderer: Renderer, notice: str, locale: str
) -> None:
    html = renderer.render(notice, "email", locale, sample(notice, locale)).html or ""

    assert Balance.open_after(html) == []
    assert '<meta name="color-scheme" content="light dark">' in html
    sizes = [int(part.split("px")[0]) for part in html.split("font-size:")[1:]]
    assert min(sizes) >= 14


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("notice", sorted(CATALOGUE))
def test_no_goods_are_named_on_a_locked_screen_unless_the_shop_says_so(
    renderer: Renderer, notice: str, locale: str
) -> None:
    facts = sample(notice, locale)
    goods = [one["title"] for one in facts["items"] or ()] + [facts.get("item")]
    for channel in {"push", "sms"} & set(CATALOGUE[notice]):
        hidden = renderer.render(notice, channel, locale, facts)
        shown = renderer.render(notice, channel, locale, {**facts, "shows_items": True})

        assert not [one for one in goods if one and one in hidden.title + hidden.text]
        assert (facts.get("item") or "") in shown.title + shown.text


class Pieces(HTMLParser):
    """The texts of a page, without its style sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.is_hidden = self.is_hidden or tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:
        self.is_hidden = self.is_hidden and tag not in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.is_hidden:
            self.texts.append(data.strip())

    @classmethod
    def of(cls, html: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        return parser.texts


class Balance(HTMLParser):
    """Which tags are still open at the end; a tag closed out of turn fails at once."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @classmethod
    def open_after(cls, html: str) -> list[str]:
        parser = cls()
        parser.feed(html)
        return parser.open
