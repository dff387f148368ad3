"""From a notice and its variables to the words that leave. Pure, given the folder of templates."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, DictLoader, Environment, Template, TemplateError
from jinja2.exceptions import TemplateNotFound

from app.errors import AppError
from app.templating.environment import environment
from app.templating.plain import NotALink, harmless, is_web_address, one_line, paragraphs
from app.templating.sources import Version, version_of

EMAIL = "email"
ONE_LINERS = frozenset({"sms", "push"})
LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
ENDS_OPEN = "&c="  # a link that ends so names the channel it was opened on
WORDS = ("button", "why", "ask", "choose", "stop")
FOLDED = "folded"  # the items of a digest, each a notice and its own variables
#: Facts that a template may ask for although not every message has them.
NOT_ALWAYS_THERE = dict.fromkeys(
    (
        "order_url",
        "case_url",
        "link_url",
        "preferences_url",
        "why_url",
        "unsubscribe_url",
        "reason",
        "pay_until",
        "balance_minor",
        "balance_until",
        "points",
    )
)
#: What a locked screen must not show to whoever looks over a shoulder.
PRIVATE: Mapping[str, Any] = {"item": None, "items": (), "short_items": ()}


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """The words of one message. An SMS has no title; only email has HTML.

    `version` names the templates they were made from.
    """

    title: str
    text: str
    html: str | None = None
    version: Version | None = field(default=None, compare=False)


class RenderFailed(AppError):
    """The template is missing or broken, or the variables do not fill it. Shows none of them."""

    def __init__(self, template: str, reason: str) -> None:
        self.template, self.reason = template, reason
        super().__init__(f"{template}: {reason}")


class Renderer:
    """Renders notices from a folder of templates. Safe to share between threads."""

    def __init__(self, loader: BaseLoader) -> None:
        self._loader = loader
        self._versions: dict[tuple[str, bool], Version] = {}
        self._plain = environment(loader, escape=False)
        self._html = environment(loader, escape=True)

    @classmethod
    def of_folder(cls, folder: Path) -> "Renderer":
        """Build a renderer on the templates of a folder (the one that holds `notices`).

        They are read here, once: what is rendered and what is kept of it cannot part.
        """
        return cls(
            DictLoader(
                {
                    path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
                    for path in folder.rglob("*.j2")
                }
            )
        )

    @classmethod
    def of_version(cls, sources: Mapping[str, str]) -> "Renderer":
        """Build a renderer on templates as they once were."""
        return cls(DictLoader(sources))

    def version(self, notice: str, *, folds: bool = False) -> Version:
        """Return the templates of a notice as they are here, with those it tells if it folds."""
        key = notice, folds
        if key not in self._versions:
            self._versions[key] = version_of(notice, self._loader, self._plain, folds=folds)
        return self._versions[key]

    def render(
        self, notice: str, channel: str, locale: str, variables: Mapping[str, Any]
    ) -> Rendered:
        """Write one message.

        Raises:
            RenderFailed: If there is no such template, it is broken, a variable it names is
                missing, or a link leads elsewhere than the web.
        """
        name = f"notices/{notice}/{channel}.{locale}.j2"
        try:
            named = _opened_on(channel, variables)
            facts = harmless(named, keep_lines=channel not in ONE_LINERS)
            if channel in ONE_LINERS and not facts.get("shows_items"):
                facts |= PRIVATE
            facts = {**NOT_ALWAYS_THERE, **facts, "locale": locale}
            folds = FOLDED in facts
            if folds:
                facts["lines"] = [self._line(item, channel, locale) for item in facts[FOLDED]]
            version = self.version(notice, folds=folds)
            return replace(self._render(name, channel, facts), version=version)
        except (TemplateError, NotALink) as fault:
            raise RenderFailed(name, _reason(fault)) from fault
        except Exception as fault:  # a filter choked on a value: its words may hold that value
            raise RenderFailed(name, type(fault).__name__) from fault

    def _render(self, name: str, channel: str, facts: dict[str, Any]) -> Rendered:
        template = self._plain.get_template(name)
        title = one_line(_block(template, "title", facts))
        text = _block(template, "text", facts)
        if channel in ONE_LINERS:
            return Rendered(title=title, text=one_line(text))
        if channel != EMAIL:
            return Rendered(title=title, text=paragraphs(text))
        return Rendered(
            title=title,
            text=self._letter_text(template, text, facts),
            html=self._letter_html(name, title, facts),
        )

    def _line(self, item: Mapping[str, Any], channel: str, locale: str) -> dict[str, Any]:
        """Return one item of a digest: the title it has in the inbox by itself, and its link.

        The words are those of today, whenever the item was collected.
        """
        template = self._plain.get_template(f"notices/{item['notice']}/inapp.{locale}.j2")
        facts = {**NOT_ALWAYS_THERE, **item["facts"], "locale": locale}
        url = _opened_on(channel, facts)["order_url"]
        if url is not None and not is_web_address(url):
            raise NotALink("order_url")
        return {"title": one_line(_block(template, "title", facts)), "url": url}

    def _letter_text(self, template: Template, text: str, facts: dict[str, Any]) -> str:
        frame = {"text": paragraphs(text), **_words(self._plain, template, facts)}
        layout = self._plain.get_template("layouts/email.txt.j2")
        return paragraphs(layout.render({**facts, **frame}))

    def _letter_html(self, name: str, title: str, facts: dict[str, Any]) -> str:
        template = self._html.get_template(name)
        body = _block(template, "html", facts)
        frame = {
            "heading": title,
            "content": body.strip(),
            "language_tag": LANGUAGE_TAGS[facts["locale"]],
        }
        layout = self._html.get_template("layouts/email.html.j2")
        return (
            layout.render({**facts, **frame, **_words(self._html, template, facts)}).strip() + "\n"
        )


def _words(env: Environment, own: Template, facts: dict[str, Any]) -> dict[str, Any]:
    """Render the sentences around a letter: its button, why it came, how to stop it.

    A notice may have a block of its own in the place of the usual sentence.
    """
    usual = env.get_template(f"layouts/email_words.{facts['locale']}.j2")
    return {
        name: one_line(_block(own if name in own.blocks else usual, name, facts)) for name in WORDS
    }


def _opened_on(channel: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Let the way back name the channel that it is written for, where it leaves room for that."""
    url = facts.get("order_url")
    if not isinstance(url, str) or not url.endswith(ENDS_OPEN):
        return facts
    return {**facts, "order_url": url + channel}


def _block(template: Template, name: str, facts: dict[str, Any]) -> str:
    if name not in template.blocks:
        if name == "title":
            return ""  # an SMS has none
        raise TemplateNotFound(name, f"no block {name!r}")
    return "".join(template.blocks[name](template.new_context(facts)))


def _reason(fault: Exception) -> str:
    if isinstance(fault, TemplateNotFound):
        return f"not found: {fault.message or fault.name}"
    return str(fault).splitlines()[0] if str(fault) else type(fault).__name__
