"""A tiny corpus for models that read in tests: three intents and some talk, a second to learn."""

from pathlib import Path

from ml.answers.corpus import Labelled
from ml.answers.intents import Intent
from ml.answers.plan import Plan
from ml.answers.replace import learn_anew
from tests.ml.answers.little import INVOICE, REFUND, TALK, WHERE

PLAN = Plan(seed=1, budget=0.4)


def write_corpus(folder: Path) -> Path:
    """Write the corpus with a test part; return where it is."""
    said = {Intent.WHERE: WHERE, Intent.REFUND_WHERE: REFUND, Intent.INVOICE: INVOICE}
    for intent, texts in said.items():
        _write(folder / "en/train" / f"{intent}.txt", texts)
    _write(folder / "en/beyond.txt", TALK)
    _write(folder / "en/test/where.txt", ["where is my parcel right now"])
    _write(folder / "en/test/other.txt", ["who won the cup"])
    return folder


def sealed_model(folder: Path, *, key: bytes, own: tuple[Labelled, ...] = ()) -> bytes:
    """Learn the corpus that stands in a folder."""
    return learn_anew(own, plan=PLAN, key=key, folder=folder).sealed


def _write(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), "utf-8")
