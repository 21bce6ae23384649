"""The figures of the service in the Prometheus text format; docs/metrics.md describes each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from services.api.condition import Condition
from services.live import Hub
from services.store.reading import operations as store

PREFIX = "openspine_"


class Traffic:
    """Counts HTTP requests by route."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            f"{PREFIX}http_requests", "HTTP requests", ("method", "route", "status"), registry=registry
        )
        self.seconds = Histogram(
            f"{PREFIX}http_request_seconds", "time to the answer's first byte", ("route",), registry=registry
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What the message rim has done since the start."""

    stored: int = 0
    duplicates: int = 0
    rejected: int = 0
    too_fast: int = 0
    no_room: int = 0
    forgotten: int = 0
    batches: int = 0
    failed: int = 0
    published: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio(Collector):
    """Reads the state of the service when somebody asks for it."""

    engine: Engine
    hub: Hub
    broker: Callable[[], Condition]
    model: Callable[[], Condition]
    delivered: Callable[[], Delivered]

    def collect(self) -> Iterator[Metric]:
        """Yield every figure; those of the store only while it answers."""
        yield from self._rims()
        try:
            with self.engine.connect() as connection:
                stored = list(_stored(connection))
        except DBAPIError:
            yield _gauge("database_up", "1 while the database answers", 0)
            return
        yield _gauge("database_up", "1 while the database answers", 1)
        yield from stored

    def _rims(self) -> Iterator[Metric]:
        yield _gauge("broker_connected", "1 while the message rim is connected", self.broker().ok)
        yield _gauge("model_loaded", "1 when the effort model is in use", self.model().ok)
        yield _gauge("live_viewers", "open event streams", self.hub.viewers)
        yield CounterMetricFamily(f"{PREFIX}live_frames", "frames heard", value=self.hub.frames)
        yield CounterMetricFamily(
            f"{PREFIX}live_frames_dropped", "frames that a viewer was too slow for", value=self.hub.dropped
        )
        done = self.delivered()
        messages = CounterMetricFamily(
            f"{PREFIX}messages", "messages handled since the start", labels=("outcome",)
        )
        messages.add_metric(["stored"], done.stored)
        messages.add_metric(["duplicate"], done.duplicates)
        messages.add_metric(["rejected"], done.rejected)
        messages.add_metric(["turned_away_pace"], done.too_fast)
        messages.add_metric(["turned_away_memory"], done.no_room)
        messages.add_metric(["forgotten"], done.forgotten)
        yield messages
        yield CounterMetricFamily(f"{PREFIX}batches", "transactions of the message rim", value=done.batches)
        yield CounterMetricFamily(
            f"{PREFIX}transactions_failed", "transactions that the database refused", value=done.failed
        )
        yield CounterMetricFamily(f"{PREFIX}commands", "plans and settings published", value=done.published)
        yield _gauge("messages_waiting", "messages received and not yet handled", done.waiting)


def _stored(connection: Connection) -> Iterator[Metric]:
    yield _gauge("outbox_waiting", "committed and not yet published", store.outbox_waiting(connection))
    yield _by("machines_online", "machines online", "origin", store.machines_online(connection))
    yield _by("alerts_open", "open alerts", "severity", store.open_alerts_by_severity(connection))
    yield _by("dead_letters", "dead letters kept", "reason", store.dead_letters_by_reason(connection))


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, text, value=value)


def _by(name: str, text: str, label: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + name, text, labels=(label,))
    for value, number in counts.items():
        family.add_metric([value], number)
    return family
