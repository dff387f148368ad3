"""The one error tree of the core: each error carries its facts, the HTTP status is not its own."""


class CoreError(Exception):
    """Something the core refuses, with a sentence that says why."""


class BadId(CoreError):
    """The text is not an id of the kind asked for."""

    def __init__(self, prefix: str, text: str) -> None:
        self.prefix, self.text = prefix, text
        super().__init__(f"{text[:60]!r} is not an id of the form {prefix}_…")


class NotFound(CoreError):
    """No such thing, or not the caller's to see: both answer alike."""

    def __init__(self, kind: str, ref: object) -> None:
        self.kind, self.ref = kind, str(ref)
        super().__init__(f"no {kind} {ref}")


class UnknownCurrency(CoreError):
    """The code is not an ISO 4217 currency."""

    def __init__(self, code: str, meant: str | None = None) -> None:
        self.code, self.meant = code, meant
        hint = f" (did you mean {meant}?)" if meant else ""
        super().__init__(f"unknown currency {code!r}{hint}")


class NotAnAmount(CoreError):
    """The text is no amount of money that can be kept."""

    def __init__(self, amount: str) -> None:
        self.amount = amount
        super().__init__(f"{amount[:40]!r} is no amount; write a number such as 59.90")


class TooManyDecimals(CoreError):
    """The amount is finer than the currency's smallest unit."""

    def __init__(self, amount: str, currency: str) -> None:
        self.amount, self.currency = amount, currency
        super().__init__(f"{amount} {currency} has more decimals than {currency} knows")
