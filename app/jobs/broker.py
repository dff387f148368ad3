"""Celery as it is used here: it carries wake-ups, nothing else.

A task holds a lane or nothing. The tables say what is due, so a lost, late or doubled wake-up costs
at most one poll. No eta, countdown, canvas or result backend, and nothing is published inside a
request: the relay alone publishes.
"""

from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from app.jobs.lanes import EVENTS, SLOW, Lane, queue_of

WAKE_EVENTS = "wake.events"
WAKE_LANE = "wake.lane"
WAKE_SLOW = "wake.slow"
STALE_AFTER_SECONDS = 5


def make_celery(broker_url: str) -> Celery:
    """Build the Celery app on a broker; nothing is connected yet."""
    celery = Celery("orderbell", broker=_transport(broker_url), set_as_current=False)
    celery.conf.update(
        worker_prefetch_multiplier=1,
        task_ignore_result=True,
        accept_content=["json"],
        task_serializer="json",
        timezone="UTC",
        enable_utc=True,
        worker_hijack_root_logger=False,
        worker_soft_shutdown_timeout=5,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=2,
        task_routes={WAKE_EVENTS: {"queue": EVENTS}, WAKE_SLOW: {"queue": SLOW}},
        broker_transport_options={
            # A wake-up that is lost costs one poll; a broker that goes away while wake-ups wait
            # for their acknowledgement costs the worker (kombu 5.7 fails while it restores them).
            "ack_emulation": False,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
        },
    )
    return celery


def _transport(url: str) -> str:
    return url.replace("unix://", "redis+socket://", 1)


class Bell:
    """Rings workers awake over the broker; a broker that is away is no error, only silence."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery

    def wake_events(self) -> bool:
        """Wake whoever handles events; False if the broker did not take the call."""
        return self._ring(WAKE_EVENTS, queue=EVENTS)

    def wake_lane(self, lane: Lane) -> bool:
        """Wake the worker of a lane; False if the broker did not take the call."""
        return self._ring(WAKE_LANE, lane.value, queue=queue_of(lane))

    def wake_slow(self) -> bool:
        """Wake the worker that computes for long."""
        return self._ring(WAKE_SLOW, queue=SLOW)

    def _ring(self, task: str, *args: int, queue: str) -> bool:
        try:
            self._celery.send_task(
                task, args=args, queue=queue, retry=False, expires=STALE_AFTER_SECONDS
            )
        except (OperationalError, RedisError, OSError):
            return False
        return True
