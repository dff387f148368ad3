"""A classifier in parts that an artifact holds, and back: JSON for words, arrays for numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ml.answers.classify import Classifier, Sense
from ml.answers.encoder import Encoder
from ml.answers.features import Features, View, Vocabulary
from ml.answers.gate import Gate, Judge
from ml.artifact.unseal import Artifact

KIND = "answers-2"  # another where the parts are others: an older one is refused, not misread
GATES = ("inside", "right")
GATE = ("centre", "scale", "weights")


def parts(classifiers: Mapping[str, Classifier]) -> dict[str, Any]:
    """Return the parts of an artifact that hold one classifier per language."""
    kept: dict[str, Any] = {}
    for language, one in classifiers.items():
        judge, judge_arrays = _judge_parts(one.judge)
        kept[f"{language}.json"] = {
            "classes": list(one.classes),
            "judge": judge,
            "views": [
                {"view": asdict(vocabulary.view), "terms": list(vocabulary.terms)}
                for vocabulary in one.features.vocabularies
            ],
        }
        kept[f"{language}.npz"] = {
            "weights": one.weights.astype(np.float16),
            "offsets": one.offsets,
            "rarity": np.concatenate([v.rarity for v in one.features.vocabularies]),
            **judge_arrays,
        }
        if one.sense:
            judge, judge_arrays = _judge_parts(one.sense.judge)
            kept[f"{language}-sense.json"] = {"encoder": one.sense.encoder, "judge": judge}
            kept[f"{language}-sense.npz"] = {
                "weights": one.sense.weights.astype(np.float16),
                "offsets": one.sense.offsets,
                **judge_arrays,
            }
    return kept


def classifiers(artifact: Artifact, *, encoder: Encoder | None = None) -> Mapping[str, Classifier]:
    """Return the classifiers that `parts` put away, by language.

    Args:
        encoder: What is at hand here; one that they have not learnt is left aside.
    """
    said, arrays = artifact.json, artifact.arrays
    return {
        language: Classifier(
            features=_features(language, said[f"{language}.json"]["views"], kept["rarity"]),
            classes=tuple(said[f"{language}.json"]["classes"]),
            weights=kept["weights"].astype(np.float32),
            offsets=kept["offsets"],
            judge=_judge(said[f"{language}.json"]["judge"], kept),
            sense=_sense(said.get(f"{language}-sense.json"), arrays.get(f"{language}-sense.npz")),
        ).sensing(encoder)
        for language, kept in _by_language(arrays)
    }


def _by_language(
    arrays: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, kept in arrays.items():
        language = name.removesuffix(".npz")
        if not language.endswith("-sense"):
            yield language, kept


def _sense(said: Mapping[str, Any] | None, kept: Mapping[str, Any] | None) -> Sense | None:
    if said is None or kept is None:
        return None
    weights = kept["weights"].astype(np.float32)
    return Sense(said["encoder"], weights, kept["offsets"], _judge(said["judge"], kept))


def _judge_parts(judge: Judge) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    gates = {name: getattr(judge, name) for name in GATES}
    said = {"threshold": judge.threshold, "offsets": {n: g.offset for n, g in gates.items()}}
    arrays = {f"{name}_{what}": getattr(g, what) for name, g in gates.items() for what in GATE}
    return said, arrays


def _judge(said: Mapping[str, Any], kept: Mapping[str, Any]) -> Judge:
    inside, right = (
        Gate(**{what: kept[f"{name}_{what}"] for what in GATE}, offset=said["offsets"][name])
        for name in GATES
    )
    return Judge(inside, right, said["threshold"])


def _features(language: str, views: list[dict[str, Any]], rarity: Any) -> Features:
    ends = np.cumsum([len(one["terms"]) for one in views])[:-1]
    return Features(
        [
            Vocabulary(View(**one["view"]), tuple(one["terms"]), part)
            for one, part in zip(views, np.split(rarity, ends), strict=True)
        ],
        language=language,
    )
