"""④ The person asks where it is, in their own language."""

from collections.abc import Mapping
from typing import Any

from app.demo.stage import Scene
from app.demo.story import ASKS


def play(scene: Scene) -> Mapping[str, Any]:
    """Ask the shop; the answer rests on facts of the order, or a person must give it."""
    person = scene.shop.get(f"/v1/people/{scene.fact('person')}")
    question = str(scene.facts.get("question") or ASKS[person["locale"]])
    said = scene.shop.post("/v1/ask", {"person": person["id"], "text": question})
    return {
        "question": question,
        "answer": said["answer"],
        "facts": said["facts"],
        "abstained": said["abstained"],
    }
