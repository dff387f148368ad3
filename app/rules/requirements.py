"""What the house decides and allows, as one page of requirements told from the code. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.access.roles import PERMISSIONS, Permission, Role
from app.rules.machine import Arrow, Machine
from app.rules.machines import machines
from app.rules.markdown import line, requirements
from app.rules.mermaid import mermaid
from app.rules.table import Table
from app.words.say import knows, say

ANY, GRANTED, REFUSED = "-", "●", ""
BETWEEN = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Ruling:
    """A table as it rules: its version, or None where it is the one the product brings."""

    table: Table
    version: int | None


class Step(NamedTuple):
    """One line of a table of moves, in words."""

    name: str
    source: str
    target: str
    guards: str
    reasons: str


def page(rulings: Sequence[Ruling], locale: str) -> str:
    """Return the whole page in Markdown, in one language."""
    return "\n".join([*_head(locale), *_tables(rulings, locale), *_rest(locale)]) + "\n"


def word(locale: str, kind: str, code: str) -> str:
    """Return what people call a state, a move, a guard or a reason; the code itself if nothing."""
    key = f"requirements.{kind}.{code}"
    return say(locale, key) if knows(key) else code


def steps(machine: Machine, locale: str) -> Sequence[Step]:
    """Return the moves of a machine in words, one line for each move and its target."""
    told: dict[tuple[str, str], list[Arrow]] = {}
    for arrow in machine.arrows:
        told.setdefault((arrow.name, arrow.target), []).append(arrow)
    between = BETWEEN[locale]
    return [
        Step(
            name=word(locale, f"move.{machine.key}", arrows[0].name),
            source=between.join(state(machine, locale, one.source) for one in arrows),
            target=state(machine, locale, arrows[0].target),
            guards=between.join(word(locale, "guard", one) for one in arrows[0].guards) or ANY,
            reasons=between.join(word(locale, "reason", one) for one in arrows[0].reasons) or ANY,
        )
        for arrows in told.values()
    ]


def state(machine: Machine, locale: str, code: str) -> str:
    """Return what people call a state of a machine."""
    return word(locale, f"state.{machine.key}", code)


def matrix() -> Sequence[tuple[Permission, Sequence[bool]]]:
    """Return what each role may do, the roles in their order."""
    return [(one, [one in PERMISSIONS[role] for role in Role]) for one in Permission]


def _head(locale: str) -> Iterator[str]:
    yield f"# {say(locale, 'requirements.title')}"
    yield ""
    yield say(locale, "requirements.lead")
    yield ""


def _tables(rulings: Sequence[Ruling], locale: str) -> Iterator[str]:
    for ruling in rulings:
        yield requirements(ruling.table, locale, version=ruling.version)
        key = f"requirements.table.{ruling.table.name}"
        said = [say(locale, key)] if knows(key) else []
        if ruling.version is None:
            said.append(say(locale, "requirements.brought"))
        yield " ".join(said)
        yield ""


def _rest(locale: str) -> Iterator[str]:
    yield f"## {say(locale, 'requirements.machines')}"
    yield ""
    for machine in machines():
        yield from _machine(machine, locale)
    yield from _matrix(locale)


def _machine(machine: Machine, locale: str) -> Iterator[str]:
    yield f"### {say(locale, f'requirements.machine.{machine.key}')}"
    yield ""
    yield "```mermaid"
    yield mermaid(machine)
    yield "```"
    yield ""
    if machine.group:
        yield in_any_order(machine, locale)
        yield ""
    heads = ("move", "from", "to", "only_if", "reasons")
    yield line([say(locale, f"requirements.{head}") for head in heads])
    yield line(["---"] * len(heads))
    yield from (line(step) for step in steps(machine, locale))
    yield ""


def in_any_order(machine: Machine, locale: str) -> str:
    """Say which states may follow each other in any order."""
    between = BETWEEN[locale]
    listed = between.join(state(machine, locale, one) for one in machine.group)
    return say(locale, "requirements.in_any_order", states=listed)


def _matrix(locale: str) -> Iterator[str]:
    yield f"## {say(locale, 'requirements.matrix')}"
    yield ""
    yield say(locale, "requirements.matrix_lead")
    yield ""
    yield line([say(locale, "requirements.action"), *(word(locale, "role", r) for r in Role)])
    yield line(["---", *([":-:"] * len(Role))])
    for permission, granted in matrix():
        told = f"{may(locale, permission)} `{permission}`"
        yield line([told, *(GRANTED if one else REFUSED for one in granted)])


def may(locale: str, permission: Permission) -> str:
    """Say what a permission allows."""
    return word(locale, "may", permission.replace(":", "_"))
