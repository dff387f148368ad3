"""Rendering: strict about holes, safe about values, local about amounts and times."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader

from app.templating.render import Rendered, Renderer, RenderFailed

FACTS = {"shop": "Xiaoman Goods", "zone": "Asia/Shanghai", "name": "Ana"}
LAYOUTS = {
    "layouts/email.html.j2": "{{ language_tag }}|{{ heading }}|{{ content|safe }}|{{ why|safe }}",
    "layouts/email.txt.j2": "{{ text }}\n--\n{{ why }}",
    "layouts/email_words.en.j2": "{% block button %}b{% endblock %}{% block why %}by {{ shop }}"
    "{% endblock %}{% block ask %}a{% endblock %}{% block choose %}c{% endblock %}"
    "{% block stop %}s{% endblock %}",
}


def render(
    source: str, *, channel: str = "push", locale: str = "en", **variables: object
) -> Rendered:
    templates = {f"notices/n/{channel}.{locale}.j2": source}
    return Renderer(DictLoader(LAYOUTS | templates)).render("n", channel, locale, FACTS | variables)


def text_of(source: str, **more: Any) -> str:
    return render(f"{{% block text %}}{source}{{% endblock %}}", **more).text


def test_a_missing_variable_is_an_error_that_names_it_and_no_value() -> None:
    with pytest.raises(RenderFailed, match="'order_number' is undefined") as failed:
        text_of("{{ name }} {{ order_number }}", name="Ana Souza")

    assert "Ana" not in str(failed.value)


@pytest.mark.parametrize("variables", [{"amount": "x"}, {"amount": None}, {"amount": 10**30}])
def test_a_filter_that_chokes_keeps_the_value_to_itself(variables: Mapping[str, object]) -> None:
    with pytest.raises(RenderFailed) as failed:
        text_of("{{ amount|money('CNY') }}{{ 'Ana'|when }}", **variables)

    assert "Ana" not in str(failed.value)


def test_a_missing_template_is_an_error() -> None:
    with pytest.raises(RenderFailed, match="not found"):
        Renderer(DictLoader({})).render("n", "push", "en", FACTS)


@pytest.mark.parametrize("notice", ["../../etc/passwd", "..", "/etc/passwd\x00"])
def test_a_notice_cannot_name_a_file_elsewhere(notice: str) -> None:
    with pytest.raises(RenderFailed):
        Renderer(DictLoader({})).render(notice, "push", "en", FACTS)


def test_a_template_without_text_is_an_error() -> None:
    with pytest.raises(RenderFailed, match="no block 'text'"):
        render("{% block title %}T{% endblock %}")


def test_a_broken_template_is_an_error() -> None:
    with pytest.raises(RenderFailed):
        text_of("{% if %}")


def test_values_are_never_read_as_templates() -> None:
    assert text_of("{{ name }}", name="{{ 7*7 }}{% for %}") == "{{ 7*7 }}{% for %}"


def test_html_is_escaped_and_text_is_not() -> None:
    words = render(
        "{% block title %}{{ name }}{% endblock %}{% block text %}{{ name }}{% endblock %}"
        "{% block html %}<p>{{ name }}</p>{% endblock %}",
        channel="email",
        name="<img onerror=x>",
        shop="A&B",
    )

    assert words.title == "<img onerror=x>"
    assert words.text == "<img onerror=x>\n--\nby A&B"
    assert words.html == "en|&lt;img onerror=x&gt;|<p>&lt;img onerror=x&gt;</p>|by A&amp;B\n"


@pytest.mark.parametrize("channel", ["sms", "push", "inapp"])
def test_control_and_direction_characters_leave_the_values(channel: str) -> None:
    assert text_of("{{ name }}", channel=channel, name="A\x00\u202en\x1ba\u2066") == "Ana"


def test_a_line_break_in_a_value_becomes_a_space_where_there_are_no_lines() -> None:
    assert text_of("{{ name }}", channel="sms", name="Ana\r\nBcc: x\ny") == "Ana Bcc: x y"
    assert text_of("{{ name }}", channel="inapp", name="one\r\ntwo") == "one\ntwo"


def test_a_subject_stays_on_one_line_whatever_the_name() -> None:
    words = render(
        "{% block title %}Hi {{ name }}{% endblock %}{% block text %}t{% endblock %}"
        "{% block html %}h{% endblock %}",
        channel="email",
        name="Ana\r\nBcc: eve@example.org",
    )

    assert words.title == "Hi Ana Bcc: eve@example.org"


@given(name=st.text(max_size=40))
def test_no_name_ever_breaks_the_line_of_an_sms(name: str) -> None:
    text = text_of("{{ name }}.", channel="sms", name=name)

    assert text.isprintable() or not {"\n", "\r", "\x00", "\u202e"} & set(text)
    assert len(text.splitlines()) <= 1


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://",
        "https://a b",
        "https://a\nb",
        'https://a"onclick=',
        7,
    ],
)
def test_a_link_that_is_no_web_address_is_an_error(url: object) -> None:
    with pytest.raises(RenderFailed, match="order_url is no web address"):
        text_of("x", order_url=url)


def test_an_absent_link_is_no_error() -> None:
    assert text_of("x", order_url=None) == "x"


@pytest.mark.parametrize(
    ("locale", "source", "said"),
    [
        ("zh", "{{ 5990|money('CNY') }}", "¥59.90"),
        ("en", "{{ 5990|money('CNY') }}", "CN¥59.90"),
        ("zh", "{{ 1234|money('JPY') }}", "JP¥1,234"),
        ("en", "{{ 123456|money('EUR') }}", "€1,234.56"),
        ("zh", "{{ '2026-11-24T20:30:00+00:00'|when }}", "11月25日 04:30"),
        ("en", "{{ '2026-11-24T20:30:00Z'|when }}", "Wed 25 Nov, 04:30"),
        ("zh", "{{ '2026-11-24T20:30:00+00:00'|day }}", "11月25日（周三）"),
        ("en", "{{ '2026-11-24'|day }}", "Tue 24 Nov"),
    ],
)
def test_amounts_and_times_are_written_for_their_reader(
    locale: str, source: str, said: str
) -> None:
    assert text_of(source, locale=locale) == said


@pytest.mark.parametrize("filter_name", ["when", "day"])
def test_a_moment_without_a_zone_is_an_error(filter_name: str) -> None:
    with pytest.raises(RenderFailed, match="NaiveMoment"):
        text_of(f"{{{{ '2026-11-24T20:30:00'|{filter_name} }}}}")


def test_an_email_frame_gets_its_words_from_the_language() -> None:
    with pytest.raises(RenderFailed, match=r"email_words\.zh"):
        render(
            "{% block title %}{% endblock %}{% block text %}{% endblock %}"
            "{% block html %}{% endblock %}",
            channel="email",
            locale="zh",
        )
