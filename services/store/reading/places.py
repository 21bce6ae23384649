"""Where people train: the site of a person, and the zone in which its days are counted."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from services.store.reading.keyset import Record, Rows
from services.store.tables import patient, site

_SHOWN = (site.c.id, site.c.name, site.c.time_zone)


def site_of(connection: Connection, patient_id: str) -> Record:
    """Read the site of a patient who exists."""
    query = select(*_SHOWN).join_from(patient, site, site.c.id == patient.c.site_id)
    return connection.execute(query.where(patient.c.id == patient_id)).one()


def zone_of(connection: Connection, site_ids: Collection[str] | None) -> str | None:
    """Read the time zone of sites (None: all): the first by id where they differ; None without any."""
    query = select(site.c.time_zone).order_by(site.c.id).limit(1)
    return connection.scalar(query if site_ids is None else query.where(site.c.id.in_(site_ids)))


def sites(connection: Connection, site_ids: Collection[str]) -> Rows:
    """Read sites by their ids."""
    return connection.execute(select(*_SHOWN).where(site.c.id.in_(site_ids)).order_by(site.c.id)).all()
