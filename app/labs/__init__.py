"""The naive way beside ours, or several ways side by side. Imported by nobody."""

from collections.abc import Mapping

LABS: Mapping[str, str] = {
    "oversell": "app.labs.oversell",  # more sold than there is
    "two-writes": "app.labs.two_writes",  # an order without its message
    "caps": "app.labs.caps",  # one advertisement too many
    "flood": "app.labs.flood",  # a week of everything, everywhere, at once
    "isolation": "app.labs.isolation",  # what each level lets happen
    "deadlock": "app.labs.deadlock",  # who held what, in which order
    "locks": "app.labs.locks",  # one row, stripes, buckets, batches
    "triggers": "app.labs.triggers",  # a hot row, a NOTIFY, a statement trigger
}
