"""A shop's own model: learnt from its labels, graded, taken only where it reads no worse."""

from dataclasses import replace as but
from pathlib import Path

import pytest

from ml.answers import keep
from ml.answers.corpus import Labelled
from ml.answers.grade import Grade, f1_by_intent, why_not
from ml.answers.intents import Intent
from ml.answers.labels import BadLabels, read_labels
from ml.answers.learn import TooLittle, learn
from ml.answers.lessons import exam, is_held_out, lessons, recipe
from ml.answers.plan import Plan
from ml.answers.replace import Learning, learn_anew
from ml.answers.train import STEPS
from ml.artifact.unseal import unseal
from tests.ml.answers.little import INVOICE, REFUND, TALK, WHERE

KEY = b"a key that only tests know of"
PLAN = Plan(seed=1, budget=0.1)
ASKED = {Intent.WHERE: "where is my parcel right now", Intent.OTHER: "who won the cup"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of three intents and some talk, with a test part."""
    said = {Intent.WHERE: WHERE, Intent.REFUND_WHERE: REFUND, Intent.INVOICE: INVOICE}
    for intent, texts in said.items():
        _write(tmp_path / "corpus/en/train" / f"{intent}.txt", texts)
    _write(tmp_path / "corpus/en/beyond.txt", TALK)
    for intent, text in ASKED.items():
        _write(tmp_path / "corpus/en/test" / f"{intent}.txt", [text])
    return tmp_path / "corpus"


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), "utf-8")


def _train(folder: Path, *own: Labelled, key: bytes = KEY, in_use: bytes | None = None) -> Learning:
    return learn_anew(own, plan=PLAN, key=key, in_use=in_use, folder=folder)


def _grade(**changes: float) -> dict[str, Grade]:
    plain = Grade(
        messages=10, accuracy=0.9, where_f1=0.9, f1={}, answered=0.8, wrong=0.01,
        wrong_at_most=0.02, beyond_found=1.0,
    )  # fmt: skip
    return {"en": but(plain, **changes)}  # type: ignore[arg-type]


def test_the_first_model_is_taken_signed_with_its_card(folder: Path):
    made = _train(folder)

    assert made.refused is None
    kept = unseal(made.sealed, key=KEY, kind=keep.KIND)
    assert keep.classifiers(kept)["en"].read("where is my parcel").intent == "where"
    assert kept.manifest.metrics["grades"]["en"]["messages"] == 2
    assert "Made from 40 utterances" in made.card("en")
    assert "用 40 条语句训练" in made.card("zh")


def test_the_same_again_is_the_same_bytes_and_no_worse(folder: Path):
    first = _train(folder)
    again = _train(folder, in_use=first.sealed)

    assert again.refused is None
    assert again.sealed == first.sealed


def test_labels_that_make_it_worse_leave_the_model_in_use(folder: Path):
    in_use = _train(folder).sealed
    said = [f"{text} {n}" for text in ["where is my parcel right now", *WHERE] for n in range(6)]
    wrong = [Labelled(text, Intent.INVOICE) for text in said if not is_held_out(text)]

    assert (_train(folder, *wrong, in_use=in_use).refused or "").startswith("en: ")


def test_a_model_that_nobody_graded_is_not_taken(folder: Path):
    for intent in ASKED:
        (folder / "en/test" / f"{intent}.txt").unlink()

    assert _train(folder).refused == "nothing to grade it on"


def test_a_model_in_use_that_another_key_signed_reads_nothing_and_makes_way(folder: Path):
    in_use = _train(folder, key=b"some other key of sixteen").sealed

    assert _train(folder, in_use=in_use).refused is None


def test_progress_is_told_model_by_model(folder: Path):
    told: list[tuple[int, int]] = []
    learn((), plan=PLAN, folder=folder, tell=lambda done, of: told.append((done, of)))

    assert told == [(n, STEPS) for n in range(1, STEPS + 1)]


def test_a_recipe_changes_with_words_and_plan_and_with_nothing_else(folder: Path):
    first = recipe((), plan=PLAN, folder=folder)

    assert recipe((), plan=PLAN, folder=folder) == first
    assert recipe((), plan=but(PLAN, budget=0.02), folder=folder) != first
    _write(folder / "en/beyond.txt", [*TALK, "a new word about nothing"])
    assert recipe((), plan=PLAN, folder=folder) != first


def test_one_label_in_five_is_graded_on_and_never_learnt(folder: Path):
    own = [Labelled(f"please say it number {n}", Intent.POINTS) for n in range(200)]
    learnt = {one.text for one in lessons(own, folder=folder)["en"]}
    graded = {one.text for one in exam(own, folder=folder)["en"]}

    assert not learnt & graded
    assert {one.text for one in own} <= learnt | graded
    assert 25 <= sum(is_held_out(one.text) for one in own) <= 55
    assert is_held_out("Where  IS it") == is_held_out("where is it")


def test_an_intent_with_a_single_label_does_no_harm(folder: Path):
    once = next(f"points {n}" for n in range(9) if not is_held_out(f"points {n}"))
    learnt = learn([Labelled(once, Intent.POINTS)], plan=PLAN, folder=folder)

    assert learnt.classifiers["en"].read("where is my parcel").intent == "where"


def test_pinyin_is_learnt_by_the_model_that_will_read_its_letters(folder: Path):
    _write(folder / "zh/train/where.txt", ["wo de kuaidi dao na le", "我的快递到哪了"])
    by_script = lessons([], folder=folder)

    assert "wo de kuaidi dao na le" in {one.text for one in by_script["en"]}
    assert [one.text for one in by_script["zh"]] == ["我的快递到哪了"]


def test_from_an_empty_corpus_nothing_is_learnt(tmp_path: Path):
    with pytest.raises(TooLittle):
        learn([], plan=PLAN, folder=tmp_path)


@pytest.mark.parametrize(
    ("worse", "said"),
    [({"accuracy": 0.8}, "accuracy"), ({"where_f1": 0.8}, "where"), ({"wrong": 0.02}, "wrong")],
)
def test_worse_at_anything_that_is_promised_is_worse(worse: dict[str, float], said: str):
    assert said in (why_not(_grade(**worse), _grade(), budget=0.005) or "")
    assert why_not(_grade(), _grade(**worse), budget=0.005) is None


def test_more_wrong_answers_are_no_worse_while_the_budget_allows_them():
    assert why_not(_grade(wrong=0.02), _grade(), budget=0.03) is None


def test_a_script_that_is_no_longer_read_is_worse():
    assert why_not({}, _grade(), budget=0.005) == "en: the new model does not read it"


def test_f1_counts_what_was_called_and_what_was_asked():
    assert f1_by_intent(["a", "a", "b"], ["a", "b", "b"]) == {"a": 2 / 3, "b": 2 / 3}


def test_labels_are_read_from_a_file(tmp_path: Path):
    path = tmp_path / "labels.csv"
    _write(path, ["language,text,intent", 'zh,"到哪了，急",where', "en,thanks,thanks"])

    assert read_labels(path) == [
        Labelled("到哪了，急", Intent.WHERE),
        Labelled("thanks", Intent.THANKS),
    ]


def test_every_line_that_is_wrong_is_named(tmp_path: Path):
    path = tmp_path / "labels.csv"
    _write(path, ["text,intent,language", "a,wheer,en", ",where,en", "a,where,fr", "a,where"])

    with pytest.raises(BadLabels) as bad:
        read_labels(path)
    assert [one.split(":")[0] for one in str(bad.value).split("; ")] == [
        "line 2", "line 3", "line 4", "line 5",
    ]  # fmt: skip
    _write(path, ["text,language", "a,en"])
    with pytest.raises(BadLabels, match="no column intent"):
        read_labels(path)


def test_a_file_in_another_encoding_is_refused_in_a_sentence(tmp_path: Path):
    path = tmp_path / "labels.csv"
    path.write_bytes("text,intent,language\n到哪了,where,zh\n".encode("gb18030"))

    with pytest.raises(BadLabels, match="UTF-8"):
        read_labels(path)
