"""Where people train: the site of a person, and the zone in which its days are counted."""

from sqlalchemy import Connection, select

from services.store.reading.keyset import Record
from services.store.tables import patient, site


def site_of(connection: Connection, patient_id: str) -> Record:
    """Read the site of a patient who exists."""
    query = select(site).join_from(patient, site, site.c.id == patient.c.site_id)
    return connection.execute(query.where(patient.c.id == patient_id)).one()
