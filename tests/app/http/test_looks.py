"""The colours are readable, the vendored files are those we were given, nothing is inline."""

import hashlib
import re
from base64 import b64encode
from itertools import product
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from app.http.pages import ROOT, STATIC, environment

TEXT, LARGE_OR_EDGE = 4.5, 3.0
GROUNDS = ("paper", "card", "sunk")
PAIRS = [
    *product(("ink", "ink-soft", "brass", "brass-deep"), GROUNDS),
    ("on-brass", "brass"),
    ("on-brass", "brass-deep"),
    ("good", "good-ground"),
    ("wait", "wait-ground"),
    ("bad", "bad-ground"),
    ("ink", "calm-ground"),
    ("ink-soft", "calm-ground"),
    ("ink", "good-ground"),
    ("ink", "wait-ground"),
    ("ink", "bad-ground"),
    *product(("good", "wait", "bad"), ("card",)),
]


def schemes() -> dict[str, dict[str, str]]:
    """Read the two sets of colours out of the style sheet itself."""
    css = (STATIC / "tokens.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    wished, chosen = dark.split(':root[data-theme="dark"]')
    colours = re.compile(r"--ob-([a-z-]+): (#[0-9a-f]{6});")
    parts = {"light": light, "dark": wished, "dark by choice": chosen}
    return {name: dict(colours.findall(part)) for name, part in parts.items()}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_dark_is_the_same_by_wish_of_the_machine_and_by_choice() -> None:
    colours = schemes()

    assert colours["dark"] == colours["dark by choice"]
    assert colours["dark"].keys() == colours["light"].keys()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS, ids="-on-".join)
def test_every_ink_is_readable_on_its_ground(scheme: str, ink: str, ground: str) -> None:
    colours = schemes()[scheme]

    assert contrast(colours[ink], colours[ground]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card"])
def test_the_edge_of_a_field_can_be_seen(scheme: str, ground: str) -> None:
    colours = schemes()[scheme]

    assert contrast(colours["edge"], colours[ground]) >= LARGE_OR_EDGE


def test_vendored_files_are_what_their_list_says() -> None:
    lines = (STATIC / "vendor" / "SHA384SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    found = {
        path.name: "sha384-" + b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        for path in (STATIC / "vendor").iterdir()
        if path.suffix in {".js", ".css"}
    }

    assert found == listed


def test_every_vendored_file_comes_with_its_licence() -> None:
    names = {path.name for path in (STATIC / "vendor").iterdir()}
    families = {re.split(r"[-.]", name)[0] for name in names if name.endswith((".js", ".css"))}

    assert {f"{family}.LICENSE" for family in families} <= names


def page_files() -> list[Path]:
    """Return every template of a page; a lab's report is a file of its own, opened from a disk."""
    served = [path for path in ROOT.glob("pages/**/*.html") if path.parent.name != "labs"]
    return [*served, *ROOT.glob("layouts/*.html")]


@pytest.mark.parametrize("path", page_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_has_no_inline_script_style_or_handler_and_loads_nothing_foreign(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"(src|href)=\"https?://", text)
    assert "|safe" not in text.replace(" ", "")


@pytest.mark.parametrize("path", page_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_says_nothing_that_is_not_in_the_catalogues(path: Path) -> None:
    """Words stand in en.po and zh.po, never in a template."""
    text = re.sub(r"{% block (bar_width|width|body) %}.*?{% endblock %}", "", path.read_text())
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>|&\w+;", " ", text)
    bare = re.sub(r'[a-z][\w:-]*="[^"]*"', " ", text)  # attributes that a macro writes for others
    words = set(re.findall(r"[A-Za-z\u4e00-\u9fff]{2,}", bare)) - {"Orderbell", "OpenAPI"}

    assert words == set()


def test_an_unknown_name_in_a_page_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nobody }}").render()


def test_where_an_extension_comes_with_it_htmx_is_not_deferred() -> None:
    """A deferred htmx begins at once, and may do so before a slower extension has arrived."""
    with_extension = [
        path.read_text(encoding="utf-8")
        for path in ROOT.rglob("*.html")
        if "htmx-sse-" in path.read_text(encoding="utf-8")
    ]

    assert with_extension
    assert not [page for page in with_extension if re.search(r"htmx-4[^>]*defer", page)]
