"""A broker and a service of their own in a temporary folder, for verbs that are given none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from openspine.broker import Broker, best_kind
from openspine.children import end
from openspine.service import ServiceProcess


@contextmanager
def workshop() -> Iterator[ServiceProcess]:
    """Start broker and service, wait until they are ready, and end them; RuntimeError carries the log."""
    with TemporaryDirectory(prefix="openspine-") as name:
        folder = Path(name)
        with Broker(best_kind(), folder / "broker") as broker:
            service = ServiceProcess(
                database_url=f"sqlite:///{folder / 'openspine.sqlite'}",
                keys=folder / "keys",
                mqtt_port=broker.port,
                log=folder / "service.log",
            )
            child = service.start()
            try:
                service.wait(child)
                yield service
            finally:
                end(child)
