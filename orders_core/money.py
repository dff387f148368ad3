"""Money: a whole number of the currency's smallest unit, never a float."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from babel.core import get_global
from babel.numbers import get_currency_precision

from orders_core.errors import NotAnAmount, TooManyDecimals, UnknownCurrency

LARGEST_MINOR = 2**63 - 1
NICKNAMES = {"RMB": "CNY", "YUAN": "CNY", "EURO": "EUR", "STG": "GBP", "DOLLAR": "USD"}


def check_currency(code: str) -> str:
    """Return `code` if it is an ISO 4217 code, else say which was probably meant.

    Raises:
        UnknownCurrency: With the nearest known code, where there is one.
    """
    known = get_global("all_currencies")
    if code in known:
        return code
    wanted = code.strip().upper()
    near = get_close_matches(wanted, known, n=1)
    raise UnknownCurrency(code, NICKNAMES.get(wanted) or (near[0] if near else None))


@dataclass(frozen=True)
class Money:
    """An amount in minor units (cents, fen, whole yen) of an ISO 4217 currency."""

    amount_minor: int
    currency: str

    @classmethod
    def parse(cls, amount: str, currency: str) -> "Money":
        """Read a decimal such as `"59.90"` in major units.

        Raises:
            UnknownCurrency: If the currency is not in ISO 4217.
            NotAnAmount: If it is no finite number that a bigint of minor units can hold.
            TooManyDecimals: If the amount is finer than the smallest unit.
        """
        check_currency(currency)
        try:
            minor = Decimal(amount).scaleb(get_currency_precision(currency))
        except InvalidOperation:
            raise NotAnAmount(amount) from None
        if not minor.is_finite() or abs(minor) > LARGEST_MINOR:
            raise NotAnAmount(amount)
        if minor != minor.to_integral_value():
            raise TooManyDecimals(amount, currency)
        return cls(int(minor), currency)

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount_minor * times, self.currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-get_currency_precision(self.currency))
