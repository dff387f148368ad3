"""How well questions are read: CLINC150's 150 intents, what is none of them, and our own 32.

CLINC150 is learnt from its training part, its hundred training texts out of scope and our own talk
beyond any shop. Every second text of the validation part sets the cut of the gate, where 95 % of
them pass; the others, and the hundred texts out of scope there, are what is judged. No number was
fitted on them, but the gate was designed with all parts in view: the figures are optimistic.

Our own utterances were written apart for training and for the test, by different hands. What is
learnt and asked is just what `orderbell train answers` learns and grades on.

Where the encoder is installed, every model is learnt with it and read twice, with it and with the
words alone: the words are weighed the same in both.
"""

import csv
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.desk.reading import Reading
from app.desk.training import plan_of
from app.desk.understood import Guessed, understand
from bench.data import data
from ml.answers.budget import upper_bound
from ml.answers.classify import Classifier, Guess
from ml.answers.corpus import beyond
from ml.answers.encoder import ENCODERS, NotInstalled, open_encoder
from ml.answers.grade import EVEN, grade
from ml.answers.intents import Intent
from ml.answers.learn import learn
from ml.answers.lessons import exam, lessons
from ml.answers.plan import Plan
from ml.answers.train import Texts, train

Say = Callable[[str], None]

CLINC = "clinc150/train_val.csv"
BEYOND = "oos"  # what is out of scope, whatever a corpus calls it
COVERED = 0.95
PLAN = Plan(seed=1)
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Judged:
    """A text that was kept apart, its label, and what was guessed."""

    label: str
    guess: Guess
    text: str


def measure(say: Say) -> Mapping[str, object]:
    """Measure accuracy, what is kept out of scope, the risk budget, time and memory.

    What is read with the encoder stands under `with_encoder`, in the same form.
    """
    package = _installed(say)
    clinc, own = _learn_clinc(say, package), learn((), plan=_plan(package))
    read: dict[str, object] = {}
    for name in ("", package) if package else ("",):
        encoder = open_encoder(name)
        say(f"  with {encoder.name}:" if encoder else "  words alone:")
        by_script = {one: by.sensing(encoder) for one, by in own.classifiers.items()}
        figures = {"clinc150": _clinc(clinc.sensing(encoder), say), **_own(by_script, say)}
        read |= {"with_encoder": figures} if encoder else figures
    return read


def _installed(say: Say) -> str:
    for package in ENCODERS:
        try:
            open_encoder(package)
        except NotInstalled as fault:
            say(f"  no encoder: {fault}")
        else:
            return package
    return ""


def _plan(package: str) -> Plan:
    return plan_of(100 * PLAN.budget, encoder=package)


def _own(by_script: Mapping[str, Classifier], say: Say) -> Mapping[str, object]:
    """Judge the model of our own intents, by script, on the test that was written apart."""
    plan, asked, made_of = _plan(""), exam(()), lessons(())
    figures: dict[str, object] = {}
    every: list[Judged] = []
    for script, classifier in by_script.items():
        said = [(one.text, str(one.intent)) for one in asked[script]]
        judged, p95 = _judged(classifier, said, beyond=Intent.OTHER)
        every += judged
        f1 = grade(classifier, asked[script], plan).where_f1
        say(
            f"  own {script}: {len(made_of[script])} learnt, {len(said)} asked,"
            f" F1 of where {f1:.3f}"
        )
        figures[f"own_{script}"] = {
            **_scope(judged, EVEN, say),
            "where_f1": f1,
            **_risk(judged, say, plan),
            **_cost(classifier, p95, say),
        }
    say("  own, all scripts:")
    desk = {name: _told(every, name, say, plan) for name in ("patterns", "desk")}
    return {**figures, "own": _risk(every, say, plan), **desk}


def _told(judged: Sequence[Judged], reader: str, say: Say, plan: Plan) -> Mapping[str, float]:
    """Count what the patterns of the desk read alone, or together with the model."""
    read = wrong = 0
    for one in judged:
        guessed = _guessed(one.guess) if reader == "desk" else None
        meant = understand(one.text, guessed, fallback="en").meant
        if isinstance(meant, Reading):
            read += one.label != BEYOND
            wrong += plan.is_wrong(str(meant.intent), one.label)
    inside = sum(one.label != BEYOND for one in judged)
    say(f"  {reader}: {read} of {inside} in scope read, {wrong} of {len(judged)} answered wrongly")
    return {"inside_read": read / inside, "wrong_share": wrong / len(judged)}


def _guessed(guess: Guess) -> Guessed:
    return Guessed(
        intent=Intent(guess.intent),
        sure=guess.right,
        needs=0.0,
        passes=guess.answers,
        is_ours=guess.inside >= EVEN,
        model="bench",
    )


def _learn_clinc(say: Say, package: str) -> Classifier:
    parts = _parts()
    talk = [(one.text, BEYOND) for one in beyond("en")]
    learnt = [*parts["train"], *parts["oos_train"], *talk]
    texts, labels = [text for text, _ in learnt], [label for _, label in learnt]
    started = time.perf_counter()
    said, encoder = Texts(texts, labels, BEYOND), open_encoder(package)
    trained = train(said, language="en", plan=PLAN, encoder=encoder)
    say(f"  trained on {len(learnt)} texts in {time.perf_counter() - started:.0f} s")
    return trained.classifier


def _clinc(classifier: Classifier, say: Say) -> Mapping[str, object]:
    parts = _parts()
    passed = [classifier.read(text).inside for text, _ in parts["val"][::2]]
    cut = float(np.quantile(passed, 1 - COVERED))
    judged, p95 = _judged(classifier, [*parts["val"][1::2], *parts["oos_val"]])
    return {
        **_scope(judged, cut, say),
        **_risk(judged, say, PLAN),
        **_cost(classifier, p95, say),
    }


def _parts() -> Mapping[str, Sequence[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    with data(CLINC).open(newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["split"], []).append((row["text"], row["intent"]))
    return found


def _judged(
    classifier: Classifier, asked: Sequence[tuple[str, str]], *, beyond: str = BEYOND
) -> tuple[Sequence[Judged], float]:
    """Return every guess, and the milliseconds that 95 of 100 take at most."""
    judged, taken = [], []
    for text, label in asked:
        began = time.perf_counter()
        guess = classifier.read(text)
        taken.append(1000 * (time.perf_counter() - began))
        judged.append(Judged(BEYOND if label == beyond else label, guess, text))
    return judged, float(np.quantile(taken, 0.95))


def _scope(judged: Sequence[Judged], cut: float, say: Say) -> Mapping[str, float]:
    inside = [one for one in judged if one.label != BEYOND]
    outside = [one for one in judged if one.label == BEYOND]
    figures = {
        "accuracy": _share(one.guess.intent == one.label for one in inside),
        "coverage": _share(one.guess.inside >= cut for one in inside),
        "out_of_scope_recall": _share(one.guess.inside < cut for one in outside),
    }
    for name, share in figures.items():
        say(f"  {name}: {100 * share:.1f} %")
    return figures


def _risk(judged: Sequence[Judged], say: Say, plan: Plan) -> Mapping[str, float]:
    """Count wrong answers: sent, and not what was asked."""
    answered = [one for one in judged if one.guess.answers]
    wrong = sum(plan.is_wrong(one.guess.intent, one.label) for one in answered)
    inside = [one for one in judged if one.label != BEYOND]
    ours = [one for one in inside if one.label not in plan.silent]
    figures = {
        "budget": PLAN.budget,
        "wrong_share": wrong / len(judged),
        "wrong_share_at_most": upper_bound(wrong, len(judged), confidence=PLAN.confidence),
        "inside_answered": _share(one.guess.answers for one in inside),
        "answerable_answered": _share(
            one.guess.answers and one.guess.intent not in plan.silent for one in ours
        ),
    }
    say(
        f"  wrong answers: {wrong} of {len(judged)} messages,"
        f" at most {100 * figures['wrong_share_at_most']:.2f} %;"
        f" surely read in scope: {100 * figures['inside_answered']:.1f} %;"
        f" answered of what no person must: {100 * figures['answerable_answered']:.1f} %"
    )
    return figures


def _cost(classifier: Classifier, p95: float, say: Say) -> Mapping[str, float]:
    held = (classifier.weights.nbytes + classifier.offsets.nbytes) / MEGABYTE
    say(f"  95 of 100 questions are read within {p95:.1f} ms; the weights take {held:.0f} MB")
    return {"p95_ms": round(p95, 2), "weights_mb": round(held, 1)}


def _share(holds: Iterable[bool]) -> float:
    found = list(holds)
    return sum(found) / len(found)
