"""The corpus: what it may hold, and that train and test stay apart."""

from collections import Counter
from pathlib import Path

import pytest

from ml.answers.corpus import HERE, LANGUAGES, PARTS, Labelled, SeenBefore, apart, read
from ml.answers.intents import MEANING, Intent


def test_every_intent_says_in_one_sentence_what_it_is():
    assert len(Intent) == 33
    assert set(MEANING) == set(Intent)
    assert all(one.endswith(".") for one in MEANING.values())


def test_every_file_of_the_corpus_is_named_after_an_intent():
    wanted = {f"{lang}/{part}/{i}.txt" for lang in LANGUAGES for part in PARTS for i in Intent}
    wanted |= {f"{lang}/{name}.txt" for lang in LANGUAGES for name in ("beyond", "phrases")}

    assert {str(path.relative_to(HERE)) for path in HERE.rglob("*.txt")} <= wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_utterance_is_both_learnt_and_graded(language: str):
    apart(language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("part", "least"), [("train", 60), ("test", 18)])
def test_every_intent_has_enough_and_no_utterance_stands_twice(
    language: str, part: str, least: int
):
    lines = read(language, part)

    assert set(Counter(one.intent for one in lines)) == set(Intent)
    assert min(Counter(one.intent for one in lines).values()) >= least
    twice = Counter("".join(one.text.casefold().split()) for one in lines)
    assert [text for text, times in twice.items() if times > 1] == []


def _write(folder: Path, part: str, intent: Intent, text: str) -> None:
    path = folder / "en" / part / f"{intent}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_a_line_is_an_utterance_and_blank_lines_are_none(tmp_path: Path):
    _write(tmp_path, "train", Intent.WHERE, "where is it\n\n  wheres my box \n")

    assert read("en", "train", folder=tmp_path) == (
        Labelled("where is it", Intent.WHERE),
        Labelled("wheres my box", Intent.WHERE),
    )


def test_an_utterance_in_both_parts_is_refused_whatever_its_case(tmp_path: Path):
    _write(tmp_path, "train", Intent.WHERE, "where is it\n")
    _write(tmp_path, "test", Intent.THANKS, "Where  is it\n")

    with pytest.raises(SeenBefore, match=r"^en: thanks 1$"):
        apart("en", folder=tmp_path)
