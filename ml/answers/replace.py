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
from ml.answers.grade import Grade, grade, why_not
from ml.answers.learn import exam, learn, lessons
from ml.answers.train import Plan
from ml.artifact.manifest import Manifest
from ml.artifact.seal import seal, write
from ml.artifact.unseal import read

FILE = "answers.bell"
LIBRARIES = ("numpy", "scikit-learn")


@dataclass(frozen=True)
class Learning:
    """What became of it: the manifest of the new model, and why it was not taken, if it was not."""

    manifest: Manifest
    refused: str | None


def replace_by_learning(
    own: Sequence[Labelled],
    *,
    plan: Plan,
    home: Path,
    key: bytes,
    folder: Path = corpus.HERE,
) -> Learning:
    """Train, grade beside the model in use on the same texts, and replace it unless it is worse.

    The model and its cards (`answers.zh.md`, `answers.en.md`) are written into `home`. A model that
    nobody graded is not taken: each script needs texts of its own to be graded on.

    Raises:
        TooLittle: If there is nothing to learn from.
        Refused: If the model in use is not one that this key signed.
    """
    path = home / FILE
    in_use = keep.classifiers(read(path, key=key, kind=keep.KIND)) if path.exists() else {}
    learnt = learn(own, plan=plan, folder=folder)
    asked = exam(own, folder=folder)
    graded = {name: one for name, one in learnt.classifiers.items() if asked[name]}
    grades = _grades(graded, asked)
    manifest = _manifest(learnt.data_sha256, own, grades, plan=plan, folder=folder)
    refused = why_not(grades, _grades(in_use, asked)) if grades else "nothing to grade it on"
    if refused is None:
        write(path, seal(keep.parts(graded), manifest, key=key))
        _write_cards(home, manifest)
    return Learning(manifest, refused)


def _manifest(
    data_sha256: str,
    own: Sequence[Labelled],
    grades: Mapping[str, Grade],
    *,
    plan: Plan,
    folder: Path,
) -> Manifest:
    return Manifest(
        kind=keep.KIND,
        seed=plan.seed,
        data_sha256=data_sha256,
        libraries={name: version(name) for name in LIBRARIES},
        metrics={
            "texts": sum(map(len, lessons(own, folder=folder).values())),
            "labels": len(own),
            "budget": plan.budget,
            "confidence": plan.confidence,
            "grades": {name: asdict(one) for name, one in grades.items()},
        },
    )


def _grades(
    classifiers: Mapping[str, Classifier], asked: Mapping[str, Sequence[Labelled]]
) -> Mapping[str, Grade]:
    return {name: grade(one, asked[name]) for name, one in classifiers.items() if asked[name]}


def _write_cards(home: Path, manifest: Manifest) -> None:
    metrics: Mapping[str, Any] = {**manifest.metrics, "libraries": manifest.libraries}
    for language in corpus.LANGUAGES:
        said = card(metrics, seed=manifest.seed, data=manifest.data_sha256, language=language)
        (home / f"answers.{language}.md").write_text(said, encoding="utf-8")
