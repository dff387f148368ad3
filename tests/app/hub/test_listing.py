"""The page of notices in the docs is the catalogue, to the letter."""

from pathlib import Path

from app.hub.catalogue import NOTICES
from app.hub.listing import listing
from app.templating.render import Renderer

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "notices.md"


def test_the_page_says_what_the_catalogue_says() -> None:
    tables = listing(Renderer.of_folder(ROOT / "templates"))

    assert PAGE.read_text(encoding="utf-8").endswith(tables)


def test_every_notice_has_its_row_and_its_sample() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert all(page.count(f"| `{name}` |") >= 2 for name in NOTICES)
