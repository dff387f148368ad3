"""What an endpoint asks for: the house, one transaction, the business time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from app.db.transaction import begin
from app.house import House
from orders_core.tx import Tx


def house_of(request: Request) -> House:
    """Return the house that the process was started with: `app.state.house`."""
    return cast(House, request.app.state.house)


TheHouse = Annotated[House, Depends(house_of)]


def secret_of(house: House) -> bytes:
    """Return the signing key as bytes."""
    return house.settings.secret_key.get_secret_value().encode()


def _transaction(request: Request) -> Iterator[Tx]:
    with begin(house_of(request).engine) as tx:
        yield tx


# Closed before the answer leaves: else a failed commit would still answer 200.
Transaction = Annotated[Tx, Depends(_transaction, scope="function")]


def _now(request: Request) -> datetime:
    return house_of(request).clock.now()


Now = Annotated[datetime, Depends(_now)]
