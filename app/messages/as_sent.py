"""What exactly did we send? The words of a message, made again from what was kept of it.

No body is stored: the templates as they were and the facts of the message give every byte back.
"""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from app.messages import template_store
from app.messages.history_store import Message
from app.templating.render import Rendered, Renderer
from orders_core.tx import Tx

SECRET = frozenset({"code"})  # opens what only its reader may see
VEIL = "…"
SHOWN_OF_A_LINK = 24


def as_sent(tx: Tx, message: Message) -> Rendered | None:
    """Return the words of a message as they left; None if none were made, or not kept.

    Raises:
        ChangedTemplate: If the kept templates were written over.
    """
    if message.template_version is None:
        return None
    sources = template_store.sources(tx, message.template_version)
    if sources is None:
        return None
    return Renderer.of_version(sources).render(
        message.notice, message.channel, message.locale, message.variables
    )


def veiled(words: Rendered, variables: Mapping[str, Any]) -> Rendered:
    """Return the words without codes, and with links cut short: both open a person's own pages."""
    title, text, html = words.title, words.text, words.html
    for secret, shown in _secrets(variables):
        title, text = title.replace(secret, shown), text.replace(secret, shown)
        html = html and html.replace(escape(secret), escape(shown)).replace(secret, shown)
    return replace(words, title=title, text=text, html=html)


def _secrets(variables: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = [
        (value, VEIL if name in SECRET else value[:SHOWN_OF_A_LINK] + VEIL)
        for name, value in variables.items()
        if isinstance(value, str) and value and (name in SECRET or name.endswith("_url"))
    ]
    return sorted(found, key=lambda pair: len(pair[0]), reverse=True)
