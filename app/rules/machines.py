"""The state machines of the core, told from the very data that the core moves by. Pure."""

from collections.abc import Sequence
from types import SimpleNamespace

from app.rules.machine import Machine, machine_of
from orders_core.orders import moves as order_moves
from orders_core.orders.order import Fulfilment, Payment, Standing
from orders_core.parcels import moves as parcel_moves
from orders_core.parcels.parcel import ParcelStatus
from orders_core.returns import rma
from orders_core.shortage import short

AXES = {
    order_moves.Axis.STANDING: Standing,
    order_moves.Axis.PAYMENT: Payment,
    order_moves.Axis.FULFILMENT: Fulfilment,
}


def machines() -> Sequence[Machine]:
    """Return every machine: an order's three axes, parcels, returns, shortages."""
    return [
        *(
            machine_of(str(axis), states, [one for one in order_moves.MOVES if one.axis is axis])
            for axis, states in AXES.items()
        ),
        machine_of(
            "parcel",
            ParcelStatus,
            parcel_moves.MOVES,
            group=[str(one) for one in ParcelStatus if one in parcel_moves.ON_THE_WAY],
        ),
        machine_of("return", rma.State, rma.MOVES),
        machine_of("short", short.State, _of_shortages()),
    ]


def _of_shortages() -> Sequence[SimpleNamespace]:
    return [
        SimpleNamespace(name=act, sources=[source], target=target, guards=(), reasons=())
        for act, ends in short.MOVES.items()
        for source, target in ends.items()
    ]
