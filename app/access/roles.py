"""Who may do what: one table of roles and permissions. A permission is also an API key's scope."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is here to do."""

    AGENT = "agent"  #: answers people
    LEAD = "lead"  #: leads the agents
    MARKETER = "marketer"  #: writes to many
    OPERATOR = "operator"  #: keeps the house running


class Permission(StrEnum):
    """One thing that may be allowed."""

    ORDERS_READ = "orders:read"
    ORDERS_WRITE = "orders:write"
    STOCK_READ = "stock:read"
    STOCK_WRITE = "stock:write"
    RETURNS_READ = "returns:read"
    RETURNS_WRITE = "returns:write"
    PARCELS_WRITE = "parcels:write"
    EVENTS_READ = "events:read"
    EVENTS_WRITE = "events:write"
    NOTICES_WRITE = "notices:write"
    MESSAGES_READ = "messages:read"
    REQUESTS_READ = "requests:read"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ASK = "ask"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    FORECAST_READ = "forecast:read"
    FORECAST_WRITE = "forecast:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    RULES_READ = "rules:read"
    RULES_WRITE = "rules:write"
    CLOCK = "test:clock"
    STAGE = "test:stage"
    OPS_READ = "ops:read"  # pages only from here on: keys that carry these open no page
    OPS_ACT = "ops:act"
    OUTBOX_READ = "outbox:read"


_AGENT = frozenset(
    {
        Permission.ORDERS_READ,
        Permission.STOCK_READ,
        Permission.RETURNS_READ,
        Permission.RETURNS_WRITE,
        Permission.MESSAGES_READ,
        Permission.PEOPLE_READ,
        Permission.ASK,
        Permission.CASES_READ,
        Permission.CASES_WRITE,
        Permission.FORECAST_READ,
        Permission.RULES_READ,
    }
)
_LEAD = _AGENT | {
    Permission.FORECAST_WRITE,
    Permission.CAMPAIGNS_READ,
    Permission.RULES_WRITE,
    Permission.OUTBOX_READ,
}
_MARKETER = frozenset(
    {
        Permission.NOTICES_WRITE,
        Permission.CAMPAIGNS_READ,
        Permission.CAMPAIGNS_WRITE,
        Permission.FORECAST_READ,
        Permission.OUTBOX_READ,
    }
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.LEAD: _LEAD,
    Role.MARKETER: _MARKETER,
    Role.OPERATOR: frozenset(Permission),
}

KEY_SCOPES: frozenset[Permission] = frozenset(Permission) - {
    Permission.OPS_READ,
    Permission.OPS_ACT,
    Permission.OUTBOX_READ,
}


def may(role: Role, permission: Permission) -> bool:
    """Say whether a role is allowed something; what the table does not grant is refused."""
    return permission in PERMISSIONS[role]
