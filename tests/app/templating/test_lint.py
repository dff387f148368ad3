"""The lint finds what a reader would mind, before a reader does."""

import pytest
from jinja2 import DictLoader

from app.templating.lint import lint
from app.templating.render import Renderer


def faults(channel: str, source: str, *, notice: str = "order_paid") -> set[str]:
    same = {f"notices/{notice}/{channel}.{locale}.j2": source for locale in ("zh", "en")}
    return set(lint(Renderer(DictLoader(same)), {notice: [channel]}))


@pytest.mark.parametrize(
    ("channel", "source", "fault"),
    [
        ("sms", "{% block text %}{{ nothing }}{% endblock %}", "zh: 'nothing' is undefined"),
        ("sms", "{% block text %}{% endblock %}", "zh: no text"),
        ("push", "{% block text %}您好{% endblock %}", "zh: no title"),
        ("sms", "{% block text %}" + "您" * 71 + "{% endblock %}", "zh: 71 characters"),
        ("sms", "{% block text %}a – b{% endblock %}", "en: characters outside GSM-7"),
        ("sms", "{% block text %}您好！{% endblock %}", "zh: too loud: ！"),
        ("sms", "{% block text %}Hello!{% endblock %}", "en: too loud: !"),
        ("sms", "{% block text %}你好{% endblock %}", "zh: addresses nobody as 您"),
        ("sms", "{% block text %}{{ carrier }}{% endblock %}", "en: shows an absent fact"),
        (
            "push",
            "{% block title %}t{% endblock %}{% block text %}" + "x" * 111 + "{% endblock %}",
            "en: longer than two short lines",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(channel: str, source: str, fault: str) -> None:
    found = faults(channel, source)

    assert any(f"order_paid {channel} {fault}" in line for line in found), found


def test_a_missing_template_is_a_fault() -> None:
    found = lint(Renderer(DictLoader({})), {"order_paid": ["sms"]})

    assert len(found) == 2
    assert "not found" in found[0]


def test_advertising_without_a_way_out_is_a_fault() -> None:
    blocks = ("button", "why", "ask", "choose", "stop", "title", "html")
    words = "".join(f"{{% block {name} %}}x{{% endblock %}}" for name in blocks)
    letter = words + "{% block text %}您{% endblock %}"
    renderer = Renderer(
        DictLoader(
            {
                "layouts/email.html.j2": '<html lang="{{ language_tag }}"><img>',
                "layouts/email.txt.j2": "{{ text }}",
                "layouts/email_words.zh.j2": words,
                "layouts/email_words.en.j2": words,
                "notices/announcement/email.zh.j2": letter,
                "notices/announcement/email.en.j2": letter,
            }
        )
    )

    found = lint(renderer, {"announcement": ["email"]})

    assert any("required_link_missing" in fault for fault in found)
    assert any("mail readers block" in fault for fault in found)
