"""A SKU: the smallest thing that can be bought."""

from dataclasses import dataclass

from orders_core.money import Money


@dataclass(frozen=True, kw_only=True)
class Sku:
    """What one code stands for; titles in both languages, price for one unit."""

    code: str
    title_zh: str
    title_en: str
    price: Money


def canonical(code: str) -> str:
    """Write a SKU code the one way it is kept: trimmed, upper case."""
    return code.strip().upper()
