"""Read a compose file: which services there are, in the order of their needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the file says about one service; `needs` is name -> condition, `volumes` folder -> name."""

    name: str
    image: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    needs: Mapping[str, str]
    volumes: Mapping[str, str]
    ports: tuple[int, ...]
    profiles: tuple[str, ...]
    probe: tuple[str, ...]
    patience_s: float


def read(path: Path, environment: Mapping[str, str]) -> dict[str, Service]:
    """Read the services of a compose file in the order of their needs; KeyError names an unset variable."""
    import yaml  # noqa: PLC0415 (a development dependency)

    table = yaml.safe_load(interpolate(path.read_text(), environment))["services"]
    services = {name: _service(name, row) for name, row in table.items()}
    ordered: dict[str, Service] = {}
    while len(ordered) < len(services):
        ready = [
            name
            for name, service in services.items()
            if name not in ordered and set(service.needs) <= set(ordered)
        ]
        if not ready:
            raise ValueError(
                f"{path.name}: services wait for one another: {sorted(set(services) - set(ordered))}"
            )
        ordered.update({name: services[name] for name in ready})
    return ordered


def interpolate(text: str, environment: Mapping[str, str]) -> str:
    """Replace `${NAME}`, `${NAME:-default}` and `${NAME:?message}` as compose does, and `$$` by `$`."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name is None:
            return "$"
        if environment.get(name):
            return environment[name]
        if kind != "-":
            raise KeyError(f"{name}: {rest or 'not set'}")
        return str(rest)

    return _VARIABLE.sub(value, text)


def _service(name: str, row: Mapping[str, Any]) -> Service:
    health = row.get("healthcheck", {})
    once_s = _seconds(health.get("interval", "30s")) + _seconds(health.get("timeout", "30s"))
    return Service(
        name=name,
        image=row["image"],
        command=tuple(row["command"]),
        environment=row.get("environment", {}),
        needs={needed: how["condition"] for needed, how in row.get("depends_on", {}).items()},
        volumes={place: volume for volume, place, *_ in (text.split(":") for text in row.get("volumes", []))},
        ports=tuple(int(text.rpartition(":")[2]) for text in row.get("ports", [])),
        profiles=tuple(row.get("profiles", [])),
        probe=tuple(health.get("test", ["CMD"])[1:]),
        patience_s=_seconds(health.get("start_period", "0s")) + health.get("retries", 3) * once_s,
    )


def _seconds(duration: str) -> float:
    return float(duration.removesuffix("s"))
