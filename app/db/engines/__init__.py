"""PostgreSQL and Valkey of our own, started on demand and left without a trace."""

from app.db.engines.attach import addresses, attached, engines_of
from app.db.engines.engines import Engines, Urls

__all__ = ["Engines", "Urls", "addresses", "attached", "engines_of"]
