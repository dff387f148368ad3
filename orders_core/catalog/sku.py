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
    product: str | None = None  #: the code of what it is a variant of


@dataclass(frozen=True, kw_only=True)
class Product:
    """What a shopper looks at; its SKUs are what can be bought of it."""

    code: str
    title_zh: str
    title_en: str


def canonical(code: str) -> str:
    """Write a code of the catalog the one way it is kept: trimmed, upper case."""
    return code.strip().upper()
