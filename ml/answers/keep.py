"""A classifier in parts that an artifact holds, and back: JSON for words, arrays for numbers."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ml.answers.classify import Classifier
from ml.answers.features import Features, View, Vocabulary
from ml.answers.gate import Gate
from ml.artifact.unseal import Artifact

KIND = "answers"
GATES = ("inside", "right")


def parts(classifiers: Mapping[str, Classifier]) -> dict[str, Any]:
    """Return the parts of an artifact that hold one classifier per language."""
    kept: dict[str, Any] = {}
    for language, one in classifiers.items():
        kept[f"{language}.json"] = {
            "classes": list(one.classes),
            "threshold": one.threshold,
            "gates": {name: getattr(one, name).offset for name in GATES},
            "views": [
                {"view": asdict(vocabulary.view), "terms": list(vocabulary.terms)}
                for vocabulary in one.features.vocabularies
            ],
        }
        kept[f"{language}.npz"] = {
            "weights": one.weights.astype(np.float16),
            "offsets": one.offsets,
            "rarity": np.concatenate([v.rarity for v in one.features.vocabularies]),
            **{
                f"{name}_{what}": getattr(getattr(one, name), what)
                for name in GATES
                for what in ("centre", "scale", "weights")
            },
        }
    return kept


def classifiers(artifact: Artifact) -> Mapping[str, Classifier]:
    """Return the classifiers that `parts` put away, by language."""
    return {
        name.removesuffix(".json"): _classifier(
            name.removesuffix(".json"), said, artifact.arrays[name.replace(".json", ".npz")]
        )
        for name, said in artifact.json.items()
    }


def _classifier(language: str, said: Mapping[str, Any], arrays: Mapping[str, Any]) -> Classifier:
    gates = {
        name: Gate(
            arrays[f"{name}_centre"],
            arrays[f"{name}_scale"],
            arrays[f"{name}_weights"],
            said["gates"][name],
        )
        for name in GATES
    }
    return Classifier(
        features=_features(language, said["views"], arrays["rarity"]),
        classes=tuple(said["classes"]),
        weights=arrays["weights"].astype(np.float32),
        offsets=arrays["offsets"],
        threshold=said["threshold"],
        **gates,
    )


def _features(language: str, views: list[dict[str, Any]], rarity: Any) -> Features:
    ends = np.cumsum([len(one["terms"]) for one in views])[:-1]
    return Features(
        [
            Vocabulary(View(**one["view"]), tuple(one["terms"]), part)
            for one, part in zip(views, np.split(rarity, ends), strict=True)
        ],
        language=language,
    )
