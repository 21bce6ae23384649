"""`serve`: the service on one machine."""

from typing import Annotated, Any, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure

Address = Annotated[str | None, Parameter(help="MQTT broker as HOST:PORT.")]


def run(
    *,
    host: Annotated[str | None, Parameter(help="Address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="TCP port of the HTTP API.")] = None,
    database: Annotated[str | None, Parameter(help="SQLAlchemy URL.")] = None,
    broker: Address = None,
    mqtt: Annotated[Literal["gmqtt", "aiomqtt", "none"] | None, Parameter(help="MQTT client.")] = None,
) -> None:
    """Run the service until it is told to stop; what is not given comes from `OPENSPINE_...` variables."""
    import uvicorn  # noqa: PLC0415 (heavy)

    from services.app import create_app  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    given: dict[str, Any] = {"http_host": host, "http_port": port, "database_url": database, "mqtt": mqtt}
    if broker is not None:
        given["mqtt_host"], given["mqtt_port"] = split_address(broker)
    settings = Settings(**{name: value for name, value in given.items() if value is not None})
    uvicorn.run(
        create_app(settings),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
    )


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT` or `mqtt://HOST:PORT`; Failure when it is neither."""
    host, _, port = address.removeprefix("mqtt://").rpartition(":")
    if not host or not port.isdigit():
        raise Failure(f"{address}: write HOST:PORT, such as 127.0.0.1:1883", code=ExitCode.USAGE)
    return host, int(port)
