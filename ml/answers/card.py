"""The model card: what a reading model was made from, how well it reads, what it is not for."""

from collections.abc import Mapping
from typing import Any

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "What reads questions: model card",
        "made": "Made from {texts} utterances (SHA-256 `{data}`), seed {seed}, {labels} labels of"
        " the shop among them; {libraries}.",
        "budget": "Wrong answers may be {budget:.2%} of all messages. The threshold keeps that with"
        " {confidence:.0%} confidence (Learn-then-Test), where messages come as those learnt did.",
        "graded": "Graded on utterances it was not made from:",
        "head": "| script | messages | accuracy | F1 of where | answered | wrong | wrong, at most"
        " (95 %) | out of scope held back |",
        "weak": "Weakest intents, by F1: {weak}.",
        "alone": "{script}, words alone",
        "limits": "It reads one message, Chinese or English, and says what is asked and how sure it"
        " is. It knows no order and writes no sentence: answers come from the order's facts. What"
        " it is not sure of goes to a person.",
    },
    "zh": {
        "title": "读懂提问的模型：模型卡",
        "made": "用 {texts} 条语句训练（SHA-256 `{data}`），随机种子 {seed}，其中 {labels}"
        " 条为店铺自己标注；{libraries}。",
        "budget": "答错的占全部消息的比例不得超过 {budget:.2%}。只要来信与训练语句同类，阈值以"
        " {confidence:.0%} 的置信度守住它（Learn-then-Test）。",
        "graded": "以下用训练中没有的语句评定：",
        "head": "| 文字 | 条数 | 准确率 | where 的 F1 | 已作答 | 答错 | 答错上限（95 %）"
        " | 范围外拦下 |",
        "weak": "F1 最低的意图：{weak}。",
        "alone": "{script}，只读字面",
        "limits": "它只读一条中文或英文消息，给出对方想问什么、有多大把握。它不认识任何订单，也不写"
        "任何句子：回答一律来自订单的事实。没有把握的，交给人来看。",
    },
}
WEAKEST = 5


def card(metrics: Mapping[str, Any], *, seed: int, data: str, language: str) -> str:
    """Write the card in one language, as Markdown, out of the metrics that are kept signed."""
    words = WORDS[language]
    libraries = ", ".join(f"{name} {version}" for name, version in metrics["libraries"].items())
    grades: Mapping[str, Mapping[str, Any]] = metrics["grades"]
    alone = {words["alone"].format(script=s): one for s, one in metrics["grades_alone"].items()}
    graded = {**grades, **alone}
    f1 = {f"{one} ({s})": v for s, grade in grades.items() for one, v in grade["f1"].items()}
    weakest = sorted(f1, key=lambda one: f1[one])[:WEAKEST]
    paragraphs = [
        f"# {words['title']}",
        words["made"].format(
            texts=metrics["texts"],
            labels=metrics["labels"],
            seed=seed,
            data=data[:16],
            libraries=libraries,
        ),
        words["budget"].format(**metrics),
        words["graded"],
        "\n".join([words["head"], "|---" * 8 + "|", *map(_line, graded, graded.values())]),
        words["weak"].format(weak=", ".join(f"{one} {f1[one]:.2f}" for one in weakest)),
        words["limits"],
    ]
    return "\n\n".join(paragraphs) + "\n"


def _line(script: str, grade: Mapping[str, Any]) -> str:
    shares = ("accuracy", "where_f1", "answered", "wrong", "wrong_at_most", "beyond_found")
    shown = " | ".join(f"{grade[name]:.2%}" for name in shares)
    return f"| {script} | {grade['messages']} | {shown} |"
