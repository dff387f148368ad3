"""Every page there is to look at, by who may. Add yours here; names in braces are the scene's."""

OPEN = ("login", "docs", "docs/problems", "nowhere")
OWN = (
    "{inbox}",
    "{inbox}?folder=shop",
    "{inbox}?folder=away",
    "{inbox}/why/{message}",
    "{inbox}/reply/{message}",
    "{preferences}",
    "{unsubscribe}",
    "{order_page}",
    "{shared_order_page}",
)
HOUSE = (
    "ops",
    "ops/books",
    "ops/requests",
    "ops/try",
    "ops/search",
    "ops/search?q=nobody",
    "ops/orders/{order}",
    "ops/people/{person}",
    "ops/people/{other}",
    "ops/messages/{message}",
    "dev/outbox",
    "dev/outbox?q=nobody",
    "dev/outbox/{mail}",
    "dev/outbox/{mail}?look=dark&width=phone",
    "dev/outbox/{text}",
)
ROOMS = (
    "",
    "desk",
    "desk/forecast",
    "desk/forecast/what-if?kind=outage&size=2000&hours=3",
    "desk/reading",
    "campaigns",
    "campaigns/new",
    "campaigns/announcements",
    "rules",
    "rules/new",
    "rules/requirements",
    "rules/return_approval",
    "rules/return_approval/log?again=true",
    "hub/notices",
    "hub/what-if?cap=1&quiet=none",
    "ops/promotion",
    "ops/flow",
    "ops/stock",
    "ops/stock?q=nobody",
)
GROUPS = {"open": OPEN, "own": OWN, "house": HOUSE, "rooms": ROOMS}
