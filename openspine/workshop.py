"""A broker and a service of their own in a temporary folder, for verbs that are given none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from openspine.broker.embedded import Broker, best_kind
from openspine.children import end
from openspine.service import ServiceProcess
from services.keys.folder import write_secret
from services.keys.site import SITE_FILE


@contextmanager
def workshop(site_key: bytes | None = None) -> Iterator[ServiceProcess]:
    """Start broker and service, wait until they are ready, and end them; RuntimeError carries the log.

    With a site key what envelopes are bound to is the same each time; else the service makes one.
    """
    with TemporaryDirectory(prefix="openspine-") as name:
        folder = Path(name)
        if site_key is not None:
            (folder / "keys").mkdir(mode=0o700)
            write_secret(folder / "keys" / SITE_FILE, site_key)
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
