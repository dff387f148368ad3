"""A state machine as Mermaid text, for whoever reads Markdown where that is drawn. Pure."""

from collections.abc import Iterator, Mapping

from app.rules.machine import GROUP, Arrow, Machine


def mermaid(machine: Machine) -> str:
    """Return the diagram, names as the code has them."""
    return "\n".join(_lines(machine))


def _lines(machine: Machine) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    direction LR"
    if machine.group:
        yield f"    state {GROUP} {{"
        yield from (f"        {state}" for state in machine.group)
        yield "    }"
    yield f"    [*] --> {machine.start}"
    for (source, target), names in pairs(machine).items():
        yield f"    {source} --> {target} : {' · '.join(names)}"
    yield from (f"    {state} --> [*]" for state in machine.ends)


def pairs(machine: Machine) -> Mapping[tuple[str, str], list[str]]:
    """Return the names of the moves between each two nodes, in their order."""
    found: dict[tuple[str, str], list[str]] = {}
    for arrow in machine.arrows:
        names = found.setdefault((arrow.source, arrow.target), [])
        if _named(arrow) not in names:
            names.append(_named(arrow))
    return found


def _named(arrow: Arrow) -> str:
    return arrow.name
