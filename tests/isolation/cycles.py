"""Circles in a graph: strongly connected components after Tarjan, and a shortest way back."""

from collections import deque
from collections.abc import Iterator, Sequence

from tests.isolation.edges import Graph


def components(graph: Graph) -> list[frozenset[int]]:
    """Return the sets of nodes that all reach each other, of two nodes or more.

    Tarjan's algorithm without recursion: a history is longer than Python's stack is deep.
    """
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[frozenset[int]] = []
    for root in graph:
        if root in number:
            continue
        walk: list[tuple[int, Iterator[int]]] = []
        _enter(root, graph, number, low, stack, on_stack, walk)
        while walk:
            node, ahead = walk[-1]
            step = next(ahead, None)
            if step is None:
                walk.pop()
                _leave(node, number, low, stack, on_stack, found)
                if walk:
                    parent = walk[-1][0]
                    low[parent] = min(low[parent], low[node])
            elif step not in number:
                _enter(step, graph, number, low, stack, on_stack, walk)
            elif step in on_stack:
                low[node] = min(low[node], number[step])
    return found


def _enter(  # noqa: PLR0913, PLR0917 - the whole state of the walk
    node: int,
    graph: Graph,
    number: dict[int, int],
    low: dict[int, int],
    stack: list[int],
    on_stack: set[int],
    walk: list[tuple[int, Iterator[int]]],
) -> None:
    number[node] = low[node] = len(number)
    stack.append(node)
    on_stack.add(node)
    walk.append((node, iter(sorted(graph.get(node, ())))))


def _leave(
    node: int,
    number: dict[int, int],
    low: dict[int, int],
    stack: list[int],
    on_stack: set[int],
    found: list[frozenset[int]],
) -> None:
    if low[node] != number[node]:
        return
    one: set[int] = set()
    while node not in one:
        one.add(stack.pop())
    on_stack -= one
    if len(one) > 1:
        found.append(frozenset(one))


def way(graph: Graph, start: int, goal: int) -> Sequence[int]:
    """Return a shortest way between two nodes, both included; nothing where there is none."""
    came_from: dict[int, int] = {start: start}
    ahead = deque([start])
    while ahead:
        node = ahead.popleft()
        if node == goal:
            return _back(came_from, start, goal)
        for step in sorted(graph.get(node, ())):
            if step not in came_from:
                came_from[step] = node
                ahead.append(step)
    return ()


def _back(came_from: dict[int, int], start: int, goal: int) -> Sequence[int]:
    found = [goal]
    while found[-1] != start:
        found.append(came_from[found[-1]])
    return found[::-1]
