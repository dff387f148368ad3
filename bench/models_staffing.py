"""Staffing: Erlang beside exact sums and another simulator, and what plans on a forecast cost.

The plans are for a bank's last four weeks, half hour by half hour, each made on its Monday. Beside
the oracle, which knew the calls, stand teams for the mean, for the whole predictive distribution,
for its 90 % quantile, and of the fewest hours that keep 95 of 100 slots. Played shops follow.
"""

import csv
import math
from collections.abc import Mapping, Sequence

import numpy as np

from bench.data import data
from bench.models_load import (
    SEED,
    Say,
    bank_calls,
    foretell_week,
    mondays,
    week_that_came,
)
from bench.models_regret import KEPT, played_plans
from ml.load.series import LEVELS, SLOT
from ml.staffing.chat import Chat, play
from ml.staffing.erlang import Service, Work, erlang_a, erlang_c
from ml.staffing.kept import people_for_share
from ml.staffing.people import Target, people_needed
from ml.staffing.regret import Regret, regret

VECTORS = "erlang_vectors.csv"
NAMES = {
    "p_wait": "wait_share",
    "p_abandon": "abandon_share",
    "mean_wait_s": "mean_wait_seconds",
    "service_level": "service_level",
    "occupancy": "occupancy",
    "queue_len": "queue_length",
}
DECIMALS = 5e-9  # the vectors have eight
HALF_HOUR, HOURS = 1800.0, 0.5
WORK = Work(contacts=100, interval_seconds=HALF_HOUR, handle_seconds=180)
PATIENCE, WITHIN = 120.0, 20.0
TEAMS = (8, 11, 12)
TRIALS, LONG, WARM = 20, 40 * HALF_HOUR, 4 * HALF_HOUR
WEEKS = 4
TARGET = Target(handle_seconds=180, patience_seconds=PATIENCE, within_seconds=WITHIN, share=0.8)
AT = (0.1, 0.3, 0.5, 0.7, 0.9)


def measure(say: Say) -> Mapping[str, object]:
    """Measure errors of Erlang and of the simulation, and the regret of plans."""
    return {
        "erlang_worst_relative_error": _vectors(say),
        "simulations": {str(team): _simulated(team, say) for team in TEAMS},
        "plans": _plans(say),
        "played_plans": played_plans(say),
    }


def vectors() -> Sequence[Mapping[str, str]]:
    """Return the rows of the exact vectors.

    Raises:
        NoData: If they are not there.
    """
    with data(VECTORS).open() as file:
        return list(csv.DictReader(file))


def _vectors(say: Say) -> float:
    rows = vectors()
    worst = max(_error(row) for row in rows)
    say(f"  {len(rows)} vectors: worst relative error {worst:.1e}")
    return worst


def _error(row: Mapping[str, str]) -> float:
    """Return the largest relative error of a row, beyond what its eight decimals leave open."""
    found = service_of(row)
    errors = [0.0]
    for name, of in NAMES.items():
        told, here = float(row[name]), float(getattr(found, of))
        if told and math.isfinite(told):
            errors.append(max(0.0, abs(here - told) - DECIMALS) / abs(told))
    return max(errors)


def service_of(row: Mapping[str, str]) -> Service:
    """Return what we say of a row's queue."""
    work = Work(
        contacts=float(row["contacts"]),
        interval_seconds=float(row["interval_s"]),
        handle_seconds=float(row["aht_s"]),
    )
    people, within = int(row["agents"]), float(row["target_s"])
    if row["model"] == "C":
        return erlang_c(work, people=people, within_seconds=within)
    patience = float(row["patience_s"])
    return erlang_a(work, people=people, within_seconds=within, patience_seconds=patience)


def _simulated(team: int, say: Say) -> Mapping[str, object]:
    """Hold the share in time of a team against ciw's and our own simulation, in standard errors."""
    told = erlang_a(WORK, people=team, within_seconds=WITHIN, patience_seconds=PATIENCE)
    figures: dict[str, object] = {"erlang_a": round(told.service_level, 4)}
    ways = {"play": _by_play(team)}
    try:
        ways["ciw"] = _by_ciw(team)
    except ImportError:
        figures["ciw"] = {"not_measured": "ciw comes with the tools of `./orderbell test` alone"}
    for name, levels in ways.items():
        mean = float(np.mean(levels))
        error = float(np.std(levels, ddof=1) / math.sqrt(len(levels)))
        off = (mean - told.service_level) / error
        figures[name] = {"in_time": round(mean, 4), "standard_errors_off": round(off, 2)}
        say(
            f"  {team} people, {name}: {mean:.4f}, Erlang A {told.service_level:.4f}, {off:+.2f} se"
        )
    return figures


def _by_ciw(team: int) -> Sequence[float]:
    import ciw

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(WORK.contacts / HALF_HOUR)],
        service_distributions=[ciw.dists.Exponential(1 / WORK.handle_seconds)],
        number_of_servers=[team],
        reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE)],
    )
    return [_ciw_level(network, seed) for seed in range(TRIALS)]


def _ciw_level(network: object, seed: int) -> float:
    import ciw

    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(LONG)
    seen = [one for one in simulation.get_all_records() if one.arrival_date > WARM]
    waits = [
        one.waiting_time if one.record_type == "service" else one.exit_date - one.arrival_date
        for one in seen
    ]
    return float(np.mean([wait <= WITHIN for wait in waits]))


def _by_play(team: int) -> Sequence[float]:
    chat = Chat(handle_seconds=180, patience_seconds=PATIENCE, within_seconds=WITHIN)
    rng = np.random.default_rng(SEED)
    slots, warm = round(LONG / HALF_HOUR), round(WARM / HALF_HOUR)
    found = []
    for _ in range(TRIALS):
        day = play(
            [WORK.contacts] * slots, [team] * slots, chat, slot_seconds=HALF_HOUR, runs=1, rng=rng
        )
        found.append(float(day.in_time[warm:].sum() / day.arrived[warm:].sum()))
    return found


def _plans(say: Say) -> Mapping[str, Mapping[str, float]]:
    calls = bank_calls()
    rates: list[float] = []
    teams: dict[str, list[int]] = {"mean": [], "distribution": [], "quantile_90": [], "kept_95": []}
    for monday in mondays(calls, WEEKS):
        made, came = foretell_week(calls, monday).forecast, week_that_came(calls, monday)[:, 0]
        is_open = ~np.isnan(came) & ~np.isnan(made.mean[:, 0])
        of_all = people_for_share(made.quantiles[:, is_open, 0] * 2, TARGET, kept_share=KEPT)
        teams["kept_95"] += of_all.tolist()
        for slot in np.flatnonzero(is_open):
            hourly = made.quantiles[:, slot, 0] * 2
            rates.append(float(came[slot]) * 2)
            teams["mean"].append(people_needed([float(made.mean[slot, 0]) * 2], TARGET))
            at = [float(one) for one in np.interp(AT, LEVELS, hourly)]
            teams["distribution"].append(people_needed(at, TARGET))
            teams["quantile_90"].append(people_needed([float(hourly[3])], TARGET))
    return {
        name: _told(name, regret(team, rates, TARGET, slot_hours=HOURS), say)
        for name, team in teams.items()
    }


def _told(name: str, found: Regret, say: Say) -> Mapping[str, float]:
    extra, kept = 100 * found.extra_share, 100 * found.kept_share
    say(
        f"  plan for the {name}: {found.planned_hours:.0f} hours, {extra:+.1f} % of the oracle's"
        f" {SLOT.seconds // 60}-minute plan, target kept in {kept:.1f} % of slots"
    )
    return {"extra_percent": round(extra, 2), "kept_percent": round(kept, 2)}
