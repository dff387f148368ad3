"""Learning anew: a model takes the place of the one in use only where it reads no worse."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ml.answers import corpus, keep
from ml.answers.card import card
from ml.answers.classify import Classifier
from ml.answers.corpus import Labelled
from ml.answers.encoder import Encoder, open_encoder
from ml.answers.grade import Grade, grade, why_not
from ml.answers.learn import Tell, learn, to_nobody
from ml.answers.lessons import exam, lessons, taught
from ml.answers.plan import Plan
from ml.artifact.manifest import Manifest
from ml.artifact.refused import Refused
from ml.artifact.seal import seal
from ml.artifact.unseal import unseal

LIBRARIES = ("numpy", "scikit-learn")


@dataclass(frozen=True)
class Learning:
    """What became of it: the new model, sealed, and why it is not taken, if it is not."""

    manifest: Manifest
    sealed: bytes
    refused: str | None

    def card(self, language: str) -> str:
        """Return the model card, as Markdown."""
        return card_of(self.manifest, language=language)


def learn_anew(
    own: Sequence[Labelled],
    *,
    plan: Plan,
    key: bytes,
    in_use: bytes | None = None,
    folder: Path = corpus.HERE,
    tell: Tell = to_nobody,
) -> Learning:
    """Train, and grade beside the model in use on the same texts.

    A model that nobody graded is not taken: each script needs texts of its own to be graded on. One
    in use that this key did not sign reads nothing, so that any graded one is better.

    Args:
        in_use: The model in use, sealed.
        tell: Hears the progress.

    Raises:
        TooLittle, NotInstalled: As `learn` does.
    """
    learnt = learn(own, plan=plan, folder=folder, tell=tell)
    asked = exam(own, folder=folder)
    graded = {name: one for name, one in learnt.classifiers.items() if asked[name]}
    grades = _grades(graded, asked, plan)
    alone = {name: one.sensing(None) for name, one in graded.items() if one.encoder}
    manifest = Manifest(
        kind=keep.KIND,
        seed=plan.seed,
        data_sha256=learnt.data_sha256,
        libraries={name: version(name) for name in (*LIBRARIES, plan.encoder) if name},
        metrics={
            **_counted(own, plan, folder),
            "grades": _written(grades),
            "grades_alone": _written(_grades(alone, asked, plan)),
        },
    )
    before = _grades(_opened(in_use, key, open_encoder(plan.encoder)), asked, plan)
    refused = why_not(grades, before, budget=plan.budget) if grades else "nothing to grade it on"
    return Learning(manifest, seal(keep.parts(graded), manifest, key=key), refused)


def _written(grades: Mapping[str, Grade]) -> Mapping[str, Any]:
    return {name: asdict(one) for name, one in grades.items()}


def _counted(own: Sequence[Labelled], plan: Plan, folder: Path) -> Mapping[str, float]:
    return {
        "budget": plan.budget,
        "confidence": plan.confidence,
        "texts": sum(map(len, lessons(own, folder=folder).values())),
        "taught": sum(map(len, taught(folder=folder).values())),
        "labels": len(own),
    }


def card_of(manifest: Manifest, *, language: str) -> str:
    """Return the card of a model that says of itself what `learn_anew` wrote, as Markdown."""
    metrics: Mapping[str, Any] = {**manifest.metrics, "libraries": manifest.libraries}
    return card(metrics, seed=manifest.seed, data=manifest.data_sha256, language=language)


def _opened(sealed: bytes | None, key: bytes, encoder: Encoder | None) -> Mapping[str, Classifier]:
    if sealed is None:
        return {}
    try:
        return keep.classifiers(unseal(sealed, key=key, kind=keep.KIND), encoder=encoder)
    except Refused:
        return {}


def _grades(
    classifiers: Mapping[str, Classifier], asked: Mapping[str, Sequence[Labelled]], plan: Plan
) -> Mapping[str, Grade]:
    return {name: grade(one, asked[name], plan) for name, one in classifiers.items() if asked[name]}
