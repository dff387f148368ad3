"""The naive way beside ours, under the same load. Imported by nobody."""

from collections.abc import Mapping

LABS: Mapping[str, str] = {
    "oversell": "app.labs.oversell",  # more sold than there is
    "two-writes": "app.labs.two_writes",  # an order without its message
    "caps": "app.labs.caps",  # one advertisement too many
}
