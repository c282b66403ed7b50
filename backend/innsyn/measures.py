"""What the processes count, in one registry of our own.

It stands below everything, so that each layer counts where something happens and none has to be handed a counter; what
is shown of it, and what is asked of the database for it, stands in `innsyn.operations`.

A label has a value out of a list that stands in the code (the template of a route, a state, a reason), never what
somebody sent: a test holds the names of the labels and what may stand in them.
"""

import time
from collections.abc import Callable
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

# When a counter was made is when the process began: one number tells that.
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY: Final = CollectorRegistry(auto_describe=True)
ProcessCollector(namespace="innsyn", registry=REGISTRY)

_FAST: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_SLOW: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


def _counter(name: str, told: str, *labels: str) -> Counter:
    return Counter(f"innsyn_{name}", told, labels, registry=REGISTRY)


def _gauge(name: str, told: str, *labels: str) -> Gauge:
    return Gauge(f"innsyn_{name}", told, labels, registry=REGISTRY)


def _histogram(name: str, told: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(f"innsyn_{name}", told, labels, buckets=buckets, registry=REGISTRY)


# The worker.
INTAKE_ENTRIES: Final = _counter("intake_entries", "Entries of the feed, by what became of them", "outcome")
INTAKE_BATCH_SECONDS: Final = _histogram("intake_batch_seconds", "From a batch to its commit", _SLOW)
FEED_FAILURES: Final = _counter("feed_failures", "Times that following the feed had to begin anew")
QUARANTINE_TRIES: Final = _counter(
    "quarantine_tries", "Entries in quarantine tried again, by outcome", "outcome"
)
RECONCILED: Final = _counter(
    "reconcile_differences", "What was not as its source says, by what was wrong", "outcome"
)
RECONCILE_LEFT: Final = _gauge(
    "reconcile_left", "What was still not as its source says after the last comparison"
)
DELIVERIES: Final = _counter("deliveries", "Deliveries to the journal, by what became of them", "outcome")
NOTICES: Final = _counter(
    "notices", "Letters that went out, by the way and what came of them", "way", "outcome"
)
DELIVERY_SECONDS: Final = _histogram("delivery_seconds", "From asking the journal to its answer", _SLOW)
SEAL_WAITS_SECONDS: Final = _gauge(
    "seal_waits_seconds", "How long the oldest row without a seal has been there"
)

# The web.
REQUESTS: Final = _counter("requests", "Requests, by the template of the route and status", "route", "status")
REQUEST_SECONDS: Final = _histogram(
    "request_seconds", "From a request to the end of its answer; no streams", _FAST, "route"
)
REQUESTS_OPEN: Final = _gauge("requests_open", "Requests that are being answered now, streams among them")
STREAMS_OPEN: Final = _gauge("streams_open", "Pages that hold a stream open now")
POOL_WAITING: Final = _gauge("pool_waiting", "Requests that wait for a connection now")
POOL_WAIT_SECONDS: Final = _histogram(
    "pool_wait_seconds", "How long a request waited for a connection", _FAST
)
BUSY: Final = _counter("busy", "Requests turned away because the queue for the database was too long")

# Both.
FILE_SCANS: Final = _counter("file_scans", "Files that were scanned for viruses, by outcome", "outcome")
DATABASE_ERRORS: Final = _counter("database_errors", "Times that PostgreSQL was gone or said no")


class SealWait:
    """How long the oldest row without a seal has been there: what the last round found, and the time since."""

    def __init__(self, gauge: Gauge, clock: Callable[[], float] = time.monotonic) -> None:
        self._gauge, self._clock = gauge, clock
        self._found, self._at = 0.0, 0.0

    def found(self, seconds: float) -> None:
        """A round of sealing has ended, and this old is the oldest row that it left."""
        if not self._at:
            # Before the first round there is nothing to tell; a sealer that stops is told by the time since.
            self._gauge.set_function(lambda: self._found + self._clock() - self._at)
        self._found, self._at = seconds, self._clock()


SEAL_WAIT: Final = SealWait(SEAL_WAITS_SECONDS)
