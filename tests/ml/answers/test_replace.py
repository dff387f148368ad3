"""A shop's own model: learnt from its labels, graded, taken only where it reads no worse."""

from dataclasses import replace as but
from pathlib import Path

import pytest

from ml.answers import keep
from ml.answers.corpus import Labelled
from ml.answers.grade import Grade, f1_by_intent, why_not
from ml.answers.intents import Intent
from ml.answers.labels import BadLabels, read_labels
from ml.answers.learn import TooLittle, exam, is_held_out, learn, lessons
from ml.answers.replace import FILE, Learning, replace_by_learning
from ml.answers.train import Plan
from ml.artifact.refused import Refused
from ml.artifact.unseal import read
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


def _train(folder: Path, *own: Labelled, key: bytes = KEY) -> Learning:
    home = folder.parent / "models"
    return replace_by_learning(own, plan=PLAN, home=home, key=key, folder=folder)


def _grade(**changes: float) -> dict[str, Grade]:
    plain = Grade(
        messages=10, accuracy=0.9, where_f1=0.9, f1={}, answered=0.8, wrong=0.01,
        wrong_at_most=0.02, beyond_found=1.0,
    )  # fmt: skip
    return {"en": but(plain, **changes)}  # type: ignore[arg-type]


def test_the_first_model_is_taken_signed_with_its_cards(folder: Path):
    assert _train(folder).refused is None

    home = folder.parent / "models"
    kept = read(home / FILE, key=KEY, kind=keep.KIND)
    assert keep.classifiers(kept)["en"].read("where is my parcel").intent == "where"
    assert kept.manifest.metrics["grades"]["en"]["messages"] == 2
    assert "Made from 40 utterances" in (home / "answers.en.md").read_text("utf-8")
    assert "用 40 条语句训练" in (home / "answers.zh.md").read_text("utf-8")


def test_the_same_again_is_the_same_bytes_and_no_worse(folder: Path):
    _train(folder)
    before = (folder.parent / "models" / FILE).read_bytes()

    assert _train(folder).refused is None
    assert (folder.parent / "models" / FILE).read_bytes() == before


def test_labels_that_make_it_worse_leave_the_model_in_use_where_it_is(folder: Path):
    _train(folder)
    before = (folder.parent / "models" / FILE).read_bytes()
    said = [f"{text} {n}" for text in ["where is my parcel right now", *WHERE] for n in range(6)]
    wrong = [Labelled(text, Intent.INVOICE) for text in said if not is_held_out(text)]

    assert (_train(folder, *wrong).refused or "").startswith("en: ")
    assert (folder.parent / "models" / FILE).read_bytes() == before


def test_a_model_that_nobody_graded_is_not_taken(folder: Path):
    for intent in ASKED:
        (folder / "en/test" / f"{intent}.txt").unlink()

    assert _train(folder).refused == "nothing to grade it on"
    assert not (folder.parent / "models" / FILE).exists()


def test_a_model_in_use_that_another_key_signed_is_not_overwritten(folder: Path):
    _train(folder)

    with pytest.raises(Refused, match="bad_signature"):
        _train(folder, key=b"some other key of sixteen")


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
    assert said in (why_not(_grade(**worse), _grade()) or "")
    assert why_not(_grade(), _grade(**worse)) is None


def test_a_script_that_is_no_longer_read_is_worse():
    assert why_not({}, _grade()) == "en: the new model does not read it"


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
