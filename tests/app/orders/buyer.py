"""A crowd of buyers: many connections that ask for mixed quantities of one SKU until it is gone.

As a program: `buyer.py <urls> <api key> <person> <connections> <seed>` prints what they got.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any
from zlib import crc32

import httpx2

from tests.buying import MUG
from tests.dice import dice

WISHES = 8
PATIENCE_SECONDS = 60
PLACED, REFUSED = 201, 409


async def crowd(
    urls: Sequence[str], *, key: str, person: str, connections: int, seed: int
) -> Counter[str]:
    """Buy over so many connections, in turn to each web process; count orders, units, refusals."""
    buyers = [
        _buy(urls[number % len(urls)], f"{seed}-{number}", key=key, person=person)
        for number in range(connections)
    ]
    return sum(await asyncio.gather(*buyers), Counter())


async def _buy(url: str, name: str, *, key: str, person: str) -> Counter[str]:
    """Ask for a few at a time, then for single ones until there is none."""
    got: Counter[str] = Counter()
    chance = dice(crc32(name.encode()))
    async with httpx2.AsyncClient(
        base_url=url, timeout=PATIENCE_SECONDS, headers={"Authorization": f"Bearer {key}"}
    ) as client:
        for number in range(WISHES):
            quantity = chance.randint(1, 5)
            await _ask(client, got, f"{name}-{number}", _wish(person, quantity), chance)
        while await _ask(client, got, f"{name}-{sum(got.values())}-one", _wish(person, 1), chance):
            continue
    return got


def _wish(person: str, quantity: int) -> dict[str, Any]:
    return {"person": person, "lines": [{"sku": MUG, "quantity": quantity}]}


async def _ask(
    client: httpx2.AsyncClient, got: Counter[str], key: str, wish: dict[str, Any], chance: Random
) -> bool:
    """Ask once, now and then twice under the same key; say whether the order stands."""
    headers = {"Idempotency-Key": key}
    answer = await client.post("/v1/orders", json=wish, headers=headers)
    if chance.random() < 0.1:
        again = await client.post("/v1/orders", json=wish, headers=headers)
        got["inconstant"] += (again.status_code, _id(again)) != (answer.status_code, _id(answer))
    if answer.status_code == PLACED:
        got["orders"] += 1
        got["units"] += wish["lines"][0]["quantity"]
        return True
    is_sold_out = answer.status_code == REFUSED and answer.json()["code"] == "out_of_stock"
    got["refused" if is_sold_out else f"strange {answer.status_code}"] += 1
    return False


def _id(answer: httpx2.Response) -> object:
    return answer.json().get("id")


if __name__ == "__main__":
    urls, key, person, connections, seed = sys.argv[1:]
    bought = asyncio.run(
        crowd(urls.split(","), key=key, person=person, connections=int(connections), seed=int(seed))
    )
    print(json.dumps(bought))  # noqa: T201 - the answer of this program
