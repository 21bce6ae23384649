"""Opens the identity provider that the settings name, where the extra for it is installed."""

from typing import TYPE_CHECKING

from services.oidc.registered import registered
from services.settings import Settings

if TYPE_CHECKING:
    from services.oidc.provider import Provider


def open_provider(settings: Settings) -> "Provider | None":
    """Open the provider of a whole configuration; nothing is asked of it before somebody signs in."""
    found = registered(settings)
    if found is None:
        return None
    from services.oidc.provider import Provider  # noqa: PLC0415 (an extra, which is not installed everywhere)

    return Provider(found)
