"""Sites: where people train."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.client import Client, Failure, Order, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site; `closed_at`: nobody joins it any more; `advice`: every setting waits for staff."""

    id: str
    name: str
    time_zone: str
    address: str | None
    closed_at: datetime | None
    advice: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """The sites that the viewer works at."""

    items: tuple[Site, ...]


def list_sites(client: Client) -> SitePage | Failure:
    """Ask for the sites that the viewer works at."""
    return client.get("/v1/sites", SitePage)


def add_site(client: Client, site: dict[str, Any]) -> Failure | None:
    """Add a site: `id`, `name`, `time_zone`, `address`."""
    return client.do(Order(path="/v1/sites", body=site))


def change_site(client: Client, site: str, values: dict[str, Any]) -> Failure | None:
    """Change name, time zone or address."""
    return client.do(Order(method="PATCH", path=path("/v1/sites/{}", site), body=values))


def close_site(client: Client, site: str) -> Failure | None:
    """Close a site that nobody trains at any more."""
    return client.do(Order(path=path("/v1/sites/{}/close", site)))


def open_site(client: Client, site: str) -> Failure | None:
    """Open a closed site again."""
    return client.do(Order(path=path("/v1/sites/{}/open", site)))


def set_site_advice(client: Client, site: str, *, advice: bool) -> Failure | None:
    """Have every setting wait for staff at a site, or no more."""
    return client.do(Order(path=path("/v1/sites/{}/advice", site), body={"advice": advice}))
