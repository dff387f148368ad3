"""Every anomaly of concurrent transactions, stepped at each level: two terminals, two columns."""

from collections import Counter
from collections.abc import Sequence

from app.labs.anomalies import ANOMALIES, Came, Level
from app.labs.lab import Place
from app.labs.play import Line, Played, play, state_of
from app.labs.study import Cell, Columns, Found, Study, Table, Telling
from app.labs.study_page import telling
from app.labs.terminals import Answered, Refused, Waits
from app.words.say import say


def run(place: Place) -> Found:
    """Play every anomaly at every level."""
    played = [play(place, anomaly, level) for anomaly in ANOMALIES for level in Level]
    figures = {
        anomaly.name: {one.level.value: one.came.value for one in played if one.anomaly is anomaly}
        for anomaly in ANOMALIES
    }
    return Found(figures, lambda locale: _tell(locale, played))


def _tell(locale: str, played: Sequence[Played]) -> Telling:
    happen = Counter(one.level for one in played if one.came is Came.HAPPENS)
    rows = [
        [
            f"{anomaly.name} {say(locale, f'labs.anomaly.{anomaly.word}')}",
            *(say(locale, f"labs.came.{one.came}") for one in played if one.anomaly is anomaly),
        ]
        for anomaly in ANOMALIES
    ]
    table = Table(say(locale, "labs.isolation_table"), [say(locale, "labs.anomaly"), *Level], rows)
    told = telling(
        locale,
        "isolation",
        [table],
        anomalies=len(ANOMALIES),
        read_committed=happen[Level.READ_COMMITTED],
        repeatable_read=happen[Level.REPEATABLE_READ],
        serializable=happen[Level.SERIALIZABLE],
    )
    columns = [_columns(locale, one) for one in played]
    return Telling(told.question, told.tables, told.sentence, told.why, columns)


def _columns(locale: str, played: Played) -> Columns:
    terminals = sorted({line.terminal for line in played.lines})
    return Columns(
        name=f"{played.anomaly.name} · {played.level}",
        verdict=say(locale, f"labs.came.{played.came}"),
        head=terminals,
        cells=[_cell(locale, line, terminals.index(line.terminal)) for line in played.lines],
    )


def _cell(locale: str, line: Line, column: int) -> Cell:
    statement = f"… {line.statement}" if line.is_late else line.statement
    if isinstance(line.seen, Waits):
        who = ", ".join(line.seen.on)
        return Cell(column, statement, say(locale, "labs.waits_for", who=who), "waits")
    if isinstance(line.seen, Refused):
        state = state_of(line.seen) or "?"
        return Cell(column, statement, say(locale, "labs.refused_with", state=state), "refused")
    return Cell(column, statement, _gave(locale, line.seen))


def _gave(locale: str, seen: Answered) -> str:
    if not isinstance(seen.value, tuple):
        return ""
    rows = [", ".join(map(str, row)) for row in seen.value]
    return " | ".join(rows) if rows else say(locale, "labs.no_rows")


LAB = Study(name="isolation", run=run)
