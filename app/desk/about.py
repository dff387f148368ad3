"""What somebody writes about, as far as the desk understands it: contacts are counted by it."""

from app.desk.reading import Reading, read
from app.story.acts import Action
from ml.answers.intents import Intent

#: What a wish on the order's page is about.
OF_WISH = {
    Action.ADDRESS: Intent.CHANGE_ADDRESS,
    Action.STATION: Intent.CHANGE_ADDRESS,
    Action.CANCEL: Intent.CANCEL,
    Action.INVOICE: Intent.INVOICE,
    Action.SHORT: Intent.WHEN_SHIPS,
    Action.RETURN: Intent.RETURN_HOW,
}


def about(text: str, *, locale: str) -> Intent | None:
    """Return what words are about, None if unread; `locale` is that of a bare number."""
    reading = read(text, fallback=locale)
    return reading.intent if isinstance(reading, Reading) else None
