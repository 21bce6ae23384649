"""`worker`: handle a share of the machines' messages beside a service."""

import asyncio
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from openspine.verbs.serve import Address, split_address, start_refusals, without_nones

LAST = 999  # of the workers of one broker


def run(
    *,
    number: Annotated[
        int, Parameter(validator=Number(gte=1, lte=LAST), help="Of this worker: each has its own, for ever.")
    ] = 1,
    database: Annotated[str | None, Parameter(help="SQLAlchemy URL.")] = None,
    broker: Address = None,
    mqtt: Annotated[Literal["gmqtt", "aiomqtt"] | None, Parameter(help="MQTT client.")] = None,
    metrics_port: Annotated[int | None, Parameter(help="Serve figures for Prometheus here.")] = None,
) -> None:
    """Work until it is told to stop; what is not given comes from `OPENSPINE_...` variables.

    The service beside it must know: start it with OPENSPINE_MQTT_PART=beside, or =live to leave all to them.
    Exit codes as for `serve`.
    """
    from services.settings import Settings  # noqa: PLC0415 (heavy)
    from services.worker import open_worker, work  # noqa: PLC0415 (heavy)

    given: dict[str, Any] = {"database_url": database, "mqtt": mqtt}
    if broker is not None:
        given["mqtt_host"], given["mqtt_port"] = split_address(broker)
    given |= {"mqtt_part": "worker", "mqtt_client_id": f"svc-worker-{number}"}
    settings = Settings(**without_nones(given))
    with start_refusals():
        service = open_worker(settings)
    asyncio.run(work(service, metrics_port))
