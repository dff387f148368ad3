"""Why an artifact is not opened."""

from enum import StrEnum


class Why(StrEnum):
    """What is wrong with it. Append only: logs and pages name these."""

    UNREADABLE = "unreadable"  #: not a container of ours, or cut off
    TOO_LARGE = "too_large"  #: more bytes than any of ours has
    NO_MANIFEST = "no_manifest"
    BAD_SIGNATURE = "bad_signature"  #: signed with another key, or changed since
    UNKNOWN_FORMAT = "unknown_format"
    TOO_NEW = "too_new"  #: of a later version than this one reads
    OTHER_KIND = "other_kind"  #: a model of something else
    STRANGE_NAME = "strange_name"  #: a part whose name leads out of the container
    STRANGE_PARTS = "strange_parts"  #: a part the manifest does not name, or one it names is gone
    TAMPERED_PART = "tampered_part"  #: its bytes are not those the manifest counted


class Refused(ValueError):
    """An artifact that is not opened, and why."""

    def __init__(self, because: Why, what: str = "") -> None:
        self.because, self.what = because, what
        super().__init__(f"{because}: {what}" if what else because.value)
