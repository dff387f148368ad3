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
    PARCELS_WRITE = "parcels:write"
    EVENTS_READ = "events:read"
    EVENTS_WRITE = "events:write"
    NOTICES_WRITE = "notices:write"
    MESSAGES_READ = "messages:read"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ASK = "ask"
    CLOCK = "test:clock"
    OPS_READ = "ops:read"  # pages only from here on: keys that carry these open no page
    OPS_ACT = "ops:act"
    OUTBOX_READ = "outbox:read"


_AGENT = frozenset(
    {
        Permission.ORDERS_READ,
        Permission.MESSAGES_READ,
        Permission.PEOPLE_READ,
        Permission.ASK,
    }
)

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.AGENT: _AGENT,
    Role.LEAD: _AGENT | {Permission.OUTBOX_READ},
    Role.MARKETER: frozenset({Permission.NOTICES_WRITE, Permission.OUTBOX_READ}),
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
