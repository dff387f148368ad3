"""What somebody wrote back to a message of ours: their own words, a machine's, or goodbye. Pure."""

import re
from collections.abc import Mapping
from email.utils import parseaddr
from enum import StrEnum
from uuid import UUID

#: Header fields that only machines write, and what they say there; None is anything at all.
MACHINES: Mapping[str, re.Pattern[str] | None] = {
    "auto-submitted": re.compile(r"(?!\s*no\s*($|;))"),  # RFC 3834: all but "no"
    "precedence": re.compile(r"\s*(bulk|junk|list|auto_reply)\b"),
    "x-autoreply": None,
    "x-autorespond": None,
    "list-id": None,
    "return-path": re.compile(r"\s*<>"),  # a bounce
    "content-type": re.compile(r"\s*multipart/report"),
}
POSTMEN = re.compile(r"(mailer-daemon|postmaster|no-?reply)@", re.IGNORECASE)
AWAY = re.compile(
    r"\s*(out of (the )?office|automatic reply|auto(matic)?[- ]?reply|自动回复|自動回覆)",
    re.IGNORECASE,
)
#: Where the letter that is answered begins, as mail programs mark it.
BEGINS_QUOTE = re.compile(
    r"^(>|On .{1,200} wrote:\s*$|在.{1,200}写道[:：]\s*$"
    r"|-{2,}\s*(Original Message|原始邮件|Forwarded)|发件人[:：]|From: |-- $|_{10,}\s*$)"
)


class Unheard(StrEnum):
    """Why what was written back reaches nobody."""

    AUTOMATIC = "automatic"  #: a machine answered: out of office, a bounce, a list
    EMPTY = "empty"  #: nothing was said beside what was quoted
    OTHER_SENDER = "other_sender"  #: not from the address that the message went to


def is_automatic(headers: Mapping[str, str], *, sender: str, subject: str) -> bool:
    """Say whether a machine wrote it: nobody waits for an answer, and answering may loop."""
    said = {name.strip().lower(): value.lower() for name, value in headers.items()}
    for name, marks in MACHINES.items():
        if name in said and (marks is None or marks.match(said[name])):
            return True
    return bool(POSTMEN.search(sender) or AWAY.match(subject))


def own_words(text: str) -> str:
    """Return what the person wrote themselves, without the letter they answer below it."""
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if BEGINS_QUOTE.match(line):
            break
        kept.append(line.rstrip())
    return "\n".join(kept).strip()


def message_named(in_reply_to: str) -> UUID | None:
    """Return which message of ours `In-Reply-To` names; None if it names none."""
    try:
        return UUID(in_reply_to.strip().removeprefix("<").partition("@")[0])
    except ValueError:
        return None


def address_of(sender: str) -> str:
    """Return the bare address of a sender, who may have a name before it."""
    return parseaddr(sender)[1] if "<" in sender else sender


def quoted(*lines: str) -> str:
    """Return how a conversation shows what was answered, and what else is to be known of it."""
    return "\n".join(f"> {line}" for line in lines if line)
