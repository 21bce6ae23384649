"""What a production start of the prescribing process refuses."""

from collections.abc import Iterator

from services import refusals
from services.prescribing.settings import PrescribingSettings
from services.refusals import Finding


def of_prescriber(settings: PrescribingSettings) -> Iterator[Finding]:
    """Find what its settings and files have that a production must not."""
    yield from refusals.database(settings.database_url, is_allowed=settings.allow_sqlite)
    yield from refusals.http(settings.prescribe_host, is_behind_proxy=settings.behind_tls_proxy)
    yield from refusals.demo_keys(settings.envelope_keys)
    yield from refusals.readable([*refusals.secrets_in(settings.envelope_keys), settings.operators_file()])
