"""What this process did with messages, for whoever scrapes it."""

from prometheus_client import Counter

SETTLED = Counter(
    "orderbell_messages", "Messages by what became of them", ["channel", "kind", "state"]
)
FENCED = Counter(
    "orderbell_messages_fenced", "Results refused because another worker had taken the message"
)
DUPLICATE_RISK = Counter(
    "orderbell_messages_duplicate_risk", "Messages sent although they may have left before"
)
