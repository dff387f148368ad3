"""`python -m tests.isolation.page`: write docs/isolation.md from what the suite checks."""

from pathlib import Path

from app.labs.anomalies import ANOMALIES, Anomaly, Came, Level
from app.words.say import say
from tests.isolation.meetings import MEETINGS

PROSE = Path(__file__).with_suffix(".md")
PAGE = Path(__file__).parents[2] / "docs" / "isolation.md"
CAME = {
    Came.HAPPENS: "**happens**",
    Came.PREVENTED: "prevented",
    Came.REFUSED: "refused, 40001",
}


def page() -> str:
    """Return the page."""
    prose = PROSE.read_text(encoding="utf-8")
    return prose.replace("{levels}", _levels()).replace("{functions}", _functions())


def _levels() -> str:
    rows = [_anomaly(anomaly) for anomaly in ANOMALIES]
    head = "| anomaly | what it is | " + " | ".join(Level) + " |"
    return "\n".join([head, "|---|---|---|---|---|", *rows, ""])


def _anomaly(anomaly: Anomaly) -> str:
    what = say("en", f"labs.anomaly.{anomaly.word}")
    came = " | ".join(CAME[anomaly.expected[level]] for level in Level)
    return f"| {anomaly.name} | {what} | {came} |"


def _functions() -> str:
    rows = [f"| {one.functions} | {one.anomaly} | {one.guard} |" for one in MEETINGS]
    return "\n".join(["| functions | threatens | prevented by |", "|---|---|---|", *rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
