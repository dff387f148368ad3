"""`./orderbell replay`: real orders with status timestamps become orders, moves and notices."""

import json as json_format
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.entry.cli.console import engines, say

if TYPE_CHECKING:
    from app.entry.replay_store import Told
    from app.house import House
    from app.intake.csv.orders import OrdersFile
    from app.intake.replay import Replay, Tally
    from app.settings import Settings

SLICE_SECONDS = 1.0
THREADS = 3
START_SECONDS = 20.0
STOP_SECONDS = 3.0
SHOWN_ASIDE = 20
POOL = 2 * THREADS  # each drains, and writes to the inbox meanwhile


@dataclass(frozen=True)
class Report:
    """What a replay did, and what became of it."""

    tally: "Tally"
    told: "Told"


def replay(
    orders: Annotated[Path, typer.Argument(help="A CSV file: our columns, or Olist's.")],
    items: Annotated[
        Path | None, typer.Option(help="The orders' lines; Olist's are found beside it.")
    ] = None,
    notify: Annotated[
        str, typer.Option(help="Whom it may reach: never, yes, or what happened since a time.")
    ] = "never",
    speed: Annotated[
        str, typer.Option(help="max, or how many times as fast as it happened.")
    ] = "max",
    *,
    json: Annotated[bool, typer.Option("--json", help="The figures as one JSON object.")] = False,
) -> None:
    """Bring a file of past orders in; each notice is decided at its own event's time.

    A replay that was broken off goes on where it was; one that has ended changes nothing. Rows that
    cannot be taken are kept aside with their line and the reason. Nobody is told of anything unless
    --notify says so.
    """
    from app.intake.csv.orders import open_orders
    from app.intake.ring import read_notify

    wish, pace = read_notify(notify), _pace(speed)
    with ExitStack() as stack:
        house = stack.enter_context(_house())
        region = house.settings.default_region
        file = stack.enter_context(open_orders(orders, items=items, region=region))
        run = _run(house, file, wish)
        for line in (*file.notes, *file.aside, f"notify: {wish}"):
            say(line)
        report = _follow(house, run, pace=pace)
        _show(house, run, report, as_json=json)


def _pace(speed: str) -> float | None:
    if speed == "max":
        return None
    try:
        times = float(speed)
    except ValueError:
        times = 0
    if times <= 0 or times == float("inf"):
        raise typer.BadParameter("--speed is max or a number above 0")
    return times


@contextmanager
def _house() -> "Iterator[House]":
    from app import wiring
    from app.db.migrate import check, migrate

    with engines() as settings, ExitStack() as stack:
        house = wiring.build(settings, pool_size=POOL, role="replay")
        stack.callback(house.engine.dispose)
        if settings.mode == "production":
            check(house.engine).demand_current()
        else:
            migrate(house.engine)
        if _needs_mailbox(settings):
            stack.enter_context(_mailbox(settings))
        yield house


def _needs_mailbox(settings: "Settings") -> bool:
    """Say whether mail would go to the demo's own mailbox and nobody keeps it open."""
    from app.entry.roster import has_own_mailbox

    if not has_own_mailbox(settings):
        return False
    with socket.socket() as knock:
        return knock.connect_ex((settings.smtp_host, settings.smtp_port)) != 0


@contextmanager
def _mailbox(settings: "Settings") -> Iterator[None]:
    """Keep the demo's mailbox open, in a process of its own: here it would slow the sending."""
    from app.entry.children import Children, Role
    from app.entry.roster import environment

    role = Role(
        name="mailbox",
        arguments=("-m", "app.entry.child", "mailbox"),
        stage=0,
        patience_seconds=STOP_SECONDS,
    )
    child = Children([role], environment(settings), say)
    child.start([role.name])
    try:
        until = time.monotonic() + START_SECONDS
        while _needs_mailbox(settings) and time.monotonic() < until:
            time.sleep(0.05)
        yield
    finally:
        child.stop(within_seconds=STOP_SECONDS)


def _run(house: "House", file: "OrdersFile", wish: Any) -> "Replay":
    from app.intake.replay import Replay
    from app.intake.take import Terms
    from orders_core.events import Ring

    terms = Terms(
        by=f"replay:{file.sha256.hex()[:12]}",
        ring=wish.ring(Ring.THEN),
        now=house.clock.now(),
        locale=house.settings.shop_locale,
        zone=house.settings.shop_zone,
        heed=house.heed,
    )
    return Replay(engine=house.engine, file=file, terms=terms, notify=wish)


def _follow(house: "House", run: "Replay", *, pace: float | None) -> Report:
    """Replay and drain, with a bar for each."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()]
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        reading = progress.add_task("orders", total=run.file.lines)
        telling = progress.add_task("events and messages", total=None)

        def read(tally: "Tally") -> None:
            progress.update(reading, completed=tally.done, total=max(tally.of, tally.done))
            if pace is not None:
                _drain(house, lambda done: progress.advance(telling, done))

        tally = run.at_once(read) if pace is None else run.paced(pace, read)
        progress.update(reading, completed=tally.of)
        _drain(house, lambda done: progress.advance(telling, done))
    return Report(tally, _count(house, run))


def _drain(house: "House", watch: Any) -> None:
    """Handle events and deliver messages until nothing is due, telling of each slice.

    Several at a time: while one waits for the mail server, another works.
    """
    from app.subscribers.drain import drain

    def slice_of_work(_: int) -> int:
        done = drain(house, at_most_seconds=SLICE_SECONDS)
        return done.events + done.messages

    with ThreadPoolExecutor(THREADS) as pool:
        while done := sum(pool.map(slice_of_work, range(THREADS))):
            watch(done)


def _count(house: "House", run: "Replay") -> "Told":
    from app.db.transaction import begin
    from app.entry.replay_store import told

    with begin(house.engine) as tx:
        return told(tx, run.terms.by)


def _show(house: "House", run: "Replay", report: Report, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json_format.dumps(figures(report), indent=2))
        return
    tally = report.tally
    if tally.skipped and not tally.moves:
        say("this file was read to its end before: nothing new, nobody was told")
    elif tally.skipped:
        say(f"went on behind {tally.skipped}, where an earlier run was broken off")
    typer.echo(
        f"orders {tally.orders}  moves {tally.moves}  known already {tally.known}"
        f"  kept aside {tally.aside}"
    )
    _show_aside(house, run)
    for refusal in tally.refusals:
        say(refusal)
    _show_told(report.told)


def _show_aside(house: "House", run: "Replay") -> None:
    from app.db.transaction import begin
    from app.intake.store import kept_aside

    with begin(house.engine) as tx:
        rows = kept_aside(tx, run.file.sha256)
    for row in rows[:SHOWN_ASIDE]:
        typer.echo(f"  kept aside: {row.reason}")
    if len(rows) > SHOWN_ASIDE:
        typer.echo(f"  and {len(rows) - SHOWN_ASIDE} more, all in import_reject")


def _show_told(told: "Told") -> None:
    typer.echo(f"of this file in all: events {_listed(told.events)}")
    for (notice, answer, because), count in sorted(told.verdicts.items()):
        typer.echo(f"  verdicts  {notice:18} {answer:5} {because:18} {count}")
    for (notice, channel, state), count in sorted(told.messages.items()):
        typer.echo(f"  messages  {notice:18} {channel:5} {state:18} {count}")
    if not told.messages:
        typer.echo("  no message was sent")


def _listed(counts: Any) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"


def figures(report: Report) -> dict[str, Any]:
    """Return the figures as they go into JSON."""

    def flat(counts: Any) -> dict[str, int]:
        return {" ".join(filter(None, key)): count for key, count in sorted(counts.items())}

    told = report.told
    return {
        **asdict(report.tally),
        "events": dict(told.events),
        "verdicts": flat(told.verdicts),
        "messages": flat(told.messages),
    }
