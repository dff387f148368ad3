"""An orders file opened: its form, what lies beside it, and each row as the history of an order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from app.intake.csv import olist, ours
from app.intake.csv.beside import Beside
from app.intake.csv.columns import (
    Columns,
    OlistCustomer,
    OlistItem,
    OlistOrder,
    OlistPayment,
    OurItem,
    OurOrder,
    RowRefused,
    check_header,
    order_columns,
    read_row,
)
from app.intake.csv.inspecting import inspect
from app.intake.csv.reading import Reject, Row, header_of, rows
from app.intake.csv.steps import History


@dataclass(frozen=True, kw_only=True)
class OrdersFile:
    """An orders file ready to be read.

    `sha256` is of it and of all that lies beside it; `notes` are what the reader should know:
    columns not read, files found beside, contacts invented.
    """

    path: Path
    sha256: bytes
    lines: int
    notes: tuple[str, ...]
    aside: tuple[str, ...]  # what cannot be read of the files beside it
    read: Callable[[Row], History] = field(repr=False)

    def histories(self) -> Iterator[tuple[int, History | Reject]]:
        """Yield each row's line with the history of its order, or why it has none."""
        for row in rows(self.path):
            yield row.line, row if isinstance(row, Reject) else self._history(row)

    def _history(self, row: Row) -> History | Reject:
        try:
            return self.read(row)
        except RowRefused as fault:
            return Reject(row.line, f"line {row.line}: {fault}", ",".join(row.cells.values()))


@contextmanager
def open_orders(path: Path, *, items: Path | None, region: str) -> Iterator[OrdersFile]:
    """Open an orders file in our form or Olist's; what of Olist's lies beside it is found.

    Raises:
        FileRefused: If it, or a file beside it, cannot be read as a whole.
    """
    inspected = inspect(path)
    header = header_of(path)
    model = order_columns(header)
    unread = check_header(model, header)
    with ExitStack() as stack:
        found = _Found(stack)
        if model is OlistOrder:
            around = found.around(path, items)
            read = _olist_reader(around)
        else:
            read = _our_reader(found.open(items, OurItem, "order"), region=region)
        notes = [*found.notes, *([olist.INVENTED] if model is OlistOrder else [])]
        if unread:
            notes.append(f"columns not read: {', '.join(unread)}")
        yield OrdersFile(
            path=path,
            sha256=sha256(b"".join((inspected.sha256, *found.hashes))).digest(),
            lines=inspected.lines,
            notes=tuple(notes),
            aside=tuple(found.aside),
            read=read,
        )


def _our_reader(items: Beside | None, *, region: str) -> Callable[[Row], History]:
    return lambda row: ours.history(read_row(OurOrder, row.cells), items, region=region)


def _olist_reader(around: olist.Around) -> Callable[[Row], History]:
    return lambda row: olist.history(read_row(OlistOrder, row.cells), around)


class _Found:
    """Opens the files beside the orders, and remembers what there was to say of them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.hashes: list[bytes] = []
        self.notes: list[str] = []
        self.aside: list[str] = []

    def around(self, orders: Path, items: Path | None) -> olist.Around:
        """Open what of Olist's lies beside its orders; `items` may name one file elsewhere."""
        return olist.Around(
            items=self.open(items or _named(orders, "order_items"), OlistItem, "order_id"),
            payments=self.open(_named(orders, "order_payments"), OlistPayment, "order_id"),
            customers=self.open(_named(orders, "customers"), OlistCustomer, "customer_id"),
        )

    def open(self, path: Path | None, model: type[Columns], key: str) -> Beside | None:
        """Open one file by its key, if there is one."""
        if path is None:
            return None
        self.hashes.append(inspect(path).sha256)
        check_header(model, header_of(path))
        beside = Beside(path, key)
        self._stack.callback(beside.close)
        self.notes.append(f"beside it: {path.name}")
        self.aside += [f"{path.name} {reject.reason}" for reject in beside.rejects]
        return beside


def _named(orders: Path, what: str) -> Path | None:
    """Find the file that Olist calls the same but for the word."""
    path = orders.with_name(orders.name.replace("orders", what, 1))
    return path if path != orders and path.exists() else None
