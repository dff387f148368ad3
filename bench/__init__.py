"""What is measured: each bench is a module with `run(ground, say)`, which returns its figures."""

from collections.abc import Mapping

BENCHES: Mapping[str, str] = {
    "orders": "bench.orders",  # orders a second, next to pgbench and to an empty door
    "pages": "bench.pages",  # how soon the order page and the inbox are there, at 50 a second
    "campaign": "bench.campaign",  # 20,000 people through three pauses and two kills
    "triggers": "bench.triggers",  # what events by construction cost, next to row-level triggers
    "growth": "bench.growth",  # what an order costs when a million stand in the tables already
    "hub": "bench.hub",  # people decided a second, next to plain INSERT and COPY of the same rows
    "lanes": "bench.lanes",  # how soon an order's news is out while a campaign goes through
    "what-if": "bench.what_if",  # a past decided again, and how soon "why?" is answered
    "models": "bench.models",  # forecasts, staffing and answers, next to the plain way
    "faults": "bench.faults",  # messages lost, doubled and late while processes are killed
}
