"""The script of the embedded inbox: whole, with its words, and kept under its version alone."""

import re

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.inbox import embed_pages
from app.inbox.embed_script import SOURCE, script
from app.words.say import knows

SAID = re.compile(r"""say\("([a-z_.]+)"|act\("\w+", "([a-z_]+)"\)|#trouble\("(\w+)"\)""")


def client() -> TestClient:
    app = FastAPI()
    app.include_router(embed_pages.router)
    return TestClient(app)


def test_every_page_may_load_it_and_keeps_only_the_version_it_asked_for() -> None:
    with client() as asked:
        kept = asked.get(script().address)
        old = asked.get("/embed/orderbell-inbox.js?v=000000000000")
        again = asked.get(
            "/embed/orderbell-inbox.js", headers={"If-None-Match": kept.headers["etag"]}
        )

    assert kept.headers["content-type"] == "text/javascript; charset=utf-8"
    assert kept.headers["access-control-allow-origin"] == "*"
    assert "immutable" in kept.headers["cache-control"]
    assert old.headers["cache-control"] == "public, no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_its_words_are_in_it_in_both_languages() -> None:
    text = script().body.decode()

    assert "const WORDS = {};" not in text
    assert "您的消息" in text
    assert "Your messages" in text


def test_every_word_it_says_is_in_the_catalogues() -> None:
    said = {next(filter(None, found)) for found in SAID.findall(SOURCE.read_text(encoding="utf-8"))}

    assert len(said) > 15
    assert [word for word in sorted(said) if not knows(f"inbox.{word}")] == []


def test_it_writes_text_and_never_html() -> None:
    source = SOURCE.read_text(encoding="utf-8")
    doors = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", ".style")

    assert [door for door in doors if door in source] == []
