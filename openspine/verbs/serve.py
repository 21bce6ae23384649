"""`serve`: the service on one machine, or (`--role prescribe`) the process that signs limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure

if TYPE_CHECKING:
    from fastapi import FastAPI

Address = Annotated[str | None, Parameter(help="MQTT broker as HOST:PORT.")]


def run(
    *,
    role: Annotated[
        Literal["service", "prescribe"], Parameter(help="The service, or the process that signs limits.")
    ] = "service",
    host: Annotated[str | None, Parameter(help="Address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="TCP port of the HTTP API.")] = None,
    database: Annotated[str | None, Parameter(help="SQLAlchemy URL.")] = None,
    broker: Address = None,
    mqtt: Annotated[Literal["gmqtt", "aiomqtt", "none"] | None, Parameter(help="MQTT client.")] = None,
) -> None:
    """Run it until it is told to stop; what is not given comes from `OPENSPINE_...` variables.

    Exit code 78 and a line for each thing that only a demo may have: demo keys or users, SQLite without
    OPENSPINE_ALLOW_SQLITE, a database password out of an example, secrets that others may read, an open or
    unencrypted way in from elsewhere, a broker that lets in anybody, open API pages. Exit code 1 and one
    sentence when its keys cannot be used, or policy or model may not act yet; 4 when the database is silent.
    """
    if role == "prescribe":
        if broker is not None or mqtt is not None:
            raise Failure("--role prescribe speaks to no broker", ExitCode.USAGE)
        _listen(*_prescriber({"prescribe_host": host, "prescribe_port": port, "database_url": database}))
        return
    given: dict[str, Any] = {"http_host": host, "http_port": port, "database_url": database, "mqtt": mqtt}
    if broker is not None:
        given["mqtt_host"], given["mqtt_port"] = split_address(broker)
    _listen(*service(given))


def service(given: dict[str, Any]) -> "tuple[FastAPI, dict[str, Any]]":
    """Build the service from what is given and the environment, and say how uvicorn listens."""
    from services.app import create_app  # noqa: PLC0415 (heavy)
    from services.settings import Settings  # noqa: PLC0415 (heavy)

    settings = Settings(**without_nones(given))
    with start_refusals():
        return create_app(settings), listening(settings.http_host, settings.http_port, settings.trusted_proxy)


def _prescriber(given: dict[str, Any]) -> "tuple[FastAPI, dict[str, Any]]":
    from services.prescribing.app import create_prescriber  # noqa: PLC0415 (heavy)
    from services.prescribing.operators import OperatorsUnusableError  # noqa: PLC0415 (heavy)
    from services.prescribing.settings import PrescribingSettings  # noqa: PLC0415 (heavy)

    settings = PrescribingSettings(**without_nones(given))
    try:
        with start_refusals():
            return create_prescriber(settings), listening(settings.prescribe_host, settings.prescribe_port)
    except OperatorsUnusableError as refused:
        raise Failure(str(refused)) from refused


@contextmanager
def start_refusals() -> Iterator[None]:
    """Turn the reasons why a process must not start into lines and an exit code."""
    from services.activation import ActivationRefusedError  # noqa: PLC0415 (heavy)
    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (heavy)
    from services.refusals import DatabaseSilentError, StartRefusedError  # noqa: PLC0415 (heavy)

    try:
        yield
    except StartRefusedError as refused:
        raise Failure("\n".join(one.said for one in refused.findings), ExitCode.UNSAFE) from refused
    except DatabaseSilentError as silent:
        raise Failure(str(silent), ExitCode.UNREACHABLE) from silent
    except (KeyRefusedError, ActivationRefusedError) as refused:
        raise Failure(str(refused)) from refused


def listening(host: str, port: int, trusted_proxy: str = "") -> dict[str, Any]:
    """Say where uvicorn listens, and whom it believes that a request comes from elsewhere: only this proxy.

    By itself it believes whoever connects from this computer, or what FORWARDED_ALLOW_IPS names.
    """
    return {
        "host": host,
        "port": port,
        "log_config": None,
        "access_log": False,
        "proxy_headers": bool(trusted_proxy),
        "forwarded_allow_ips": trusted_proxy,
    }


def _listen(app: "FastAPI", options: dict[str, Any]) -> None:
    import uvicorn  # noqa: PLC0415 (heavy)

    uvicorn.run(app, **options)


def without_nones(given: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was not given."""
    return {name: value for name, value in given.items() if value is not None}


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT` or `mqtt://HOST:PORT`; Failure when it is neither."""
    host, _, port = address.removeprefix("mqtt://").rpartition(":")
    if not host or not port.isdigit():
        raise Failure(f"{address}: write HOST:PORT, such as 127.0.0.1:1883", code=ExitCode.USAGE)
    return host, int(port)
