"""The page about isolation says what the suite checks."""

from tests.isolation.page import PAGE, page


def test_the_page_is_as_it_would_be_written_anew() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.isolation.page"
