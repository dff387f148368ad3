"""What commands that call the shop's own API end with."""

from app.errors import AppError


class NoKey(AppError):
    """Commands that call the API need a key."""

    def __init__(self) -> None:
        super().__init__(
            "no API key: give --key or ORDERBELL_API_KEY (./orderbell key makes one);"
            " a demo's own key is found by itself"
        )


class Refused(AppError):
    """The shop's API answered with a problem; the sentence repeats it."""

    def __init__(self, status: int, told: str) -> None:
        self.status = status
        super().__init__(f"the shop answered {status}: {told}")


class Away(AppError):
    """Nobody answers at the shop's address."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"nobody answers at {url} ({reason}); --shop names another address")


class CannotTrigger(AppError):
    """No sample makes this notice happen, or a fact is none that samples have."""
