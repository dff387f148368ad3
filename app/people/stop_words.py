"""Whether an answer to a message says: no more of these. Pure."""

import unicodedata

#: As carriers ask senders to offer: 拒收请回复R, 回T退订; and the words that are usual elsewhere.
STOP = frozenset(
    {
        "退订",
        "取消订阅",
        "拒收",
        "不要再发",
        "别再发了",
        "td",
        "tdd",
        "回t",
        "回r",
        "t",
        "r",
        "n",
        "stop",
        "stopall",
        "unsubscribe",
        "quit",
        "end",
    }
)


def means_stop(text: str) -> bool:
    """Say whether an answer is a stop word and nothing else: whoever writes more asks something."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in plain if mark.isalnum()) in STOP
