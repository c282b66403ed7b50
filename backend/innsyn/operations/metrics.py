"""What Prometheus reads: what the processes have counted, and what was last seen of the database."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from innsyn import measures
from innsyn.operations.queries import State
from innsyn.operations.rules import Lag, Outgoing, Part, counted_by_reason, feed_of
from innsyn.operations.seen import Seen

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
# Every label that there is. None of them ever holds an id, a name or anything else that somebody sent.
LABELS: Final = frozenset({"feed", "part", "outcome", "reason", "route", "state", "status", "way", "le"})


class SeenCollector(Collector):
    """What was last seen of the database and the feed, as gauges; nothing where nothing was seen."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def collect(self) -> Iterable[Metric]:
        """As prometheus_client asks."""
        seen = self._seen
        yield _one("ready", "1 when this process can do its work", int(not seen.reasons()))
        if seen.pool is not None:
            yield from _pool(seen.pool())
        yield from _lags(seen.lags)
        if seen.state is not None:
            yield from _state(seen.state)

    def describe(self) -> Iterable[Metric]:
        """Nothing is known before it has been seen."""
        return []


def told(seen: Seen) -> bytes:
    """All of it, as Prometheus reads it."""
    asked = CollectorRegistry(auto_describe=False)
    asked.register(SeenCollector(seen))
    return generate_latest(measures.REGISTRY) + generate_latest(asked)


def _one(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(f"innsyn_{name}", said, value=value)


def _pool(counts: dict[str, int]) -> Iterator[Metric]:
    pool = GaugeMetricFamily("innsyn_pool_connections", "Connections to PostgreSQL", labels=["state"])
    for state, count in counts.items():
        pool.add_metric([state], count)
    yield pool


def _lags(lags: dict[tuple[str, str], Lag]) -> Iterator[Metric]:
    entries = GaugeMetricFamily(
        "innsyn_feed_lag_entries",
        "How much of the feed is not read (of a stream: messages)",
        labels=["feed", "part"],
    )
    seconds = GaugeMetricFamily(
        "innsyn_feed_lag_seconds", "Since when there has been something unread", labels=["feed", "part"]
    )
    for (feed, part), lag in lags.items():
        entries.add_metric([feed_of(feed), part], lag.entries)
        seconds.add_metric([feed_of(feed), part], lag.seconds)
    yield entries
    yield seconds


def _state(state: State) -> Iterator[Metric]:
    yield _moved(state.parts, state.at)
    held = GaugeMetricFamily("innsyn_quarantine_entries", "Entries that could not be used", labels=["reason"])
    for reason, count in counted_by_reason(state.waiting).items():
        held.add_metric([reason], count)
    yield held
    yield _one("quarantine_size", "Entries that could not be used, of all reasons", _sum(state))
    yield _one("gaps_open", "Stretches of a feed that are known not to have come", len(state.gaps))
    oldest = max((_age(each.noticed_at, state.at) for each in state.gaps), default=0.0)
    yield _one("gap_oldest_seconds", "Since when the oldest of them is known", oldest)
    delayed = [each.delayed_since for each in state.sources if each.delayed_since is not None]
    yield _one("sources_delayed", "Services whose part the journal calls delayed", len(delayed))
    longest = max((_age(each, state.at) for each in delayed), default=0.0)
    yield _one("source_delayed_longest_seconds", "Since when the longest delayed is so", longest)
    yield from _outbox(state.outgoing, state.at)


def _moved(parts: Iterable[Part], now: datetime) -> Metric:
    moved = GaugeMetricFamily(
        "innsyn_feed_moved_seconds", "Since the position was moved", labels=["feed", "part"]
    )
    for each in parts:
        if feed_of(each.feed) == "journal":
            moved.add_metric(["journal", each.part], _age(each.moved_at, now))
    return moved


def _outbox(outgoing: Iterable[Outgoing], now: datetime) -> Iterator[Metric]:
    count = GaugeMetricFamily("innsyn_outbox_entries", "What has not been received", labels=["state"])
    oldest = GaugeMetricFamily(
        "innsyn_outbox_oldest_seconds", "How old the oldest of it is", labels=["state"]
    )
    found = {each.state: each for each in outgoing}
    for state in ("queued", "sent", "dead"):
        each = found.get(state)
        count.add_metric([state], each.count if each else 0)
        oldest.add_metric([state], _age(each.oldest, now) if each else 0.0)
    yield count
    yield oldest


def _sum(state: State) -> int:
    return sum(each.count for each in state.waiting)


def _age(at: datetime, now: datetime) -> float:
    return max(0.0, (now - at).total_seconds())
