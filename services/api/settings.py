"""Settings that only the HTTP side needs, read by the composition root."""

from urllib.parse import urlsplit

from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.messages import Origin

LOOPBACK_NAMES = ("127.0.0.1", "localhost")  # people type either; a browser takes them for two origins


class HttpSettings(BaseSettings):
    """Who may open the event stream from a browser, what is shown, and whether the start migrates."""

    model_config = SettingsConfigDict(env_prefix="OPENSPINE_", frozen=True)

    dashboard_url: str = "http://127.0.0.1:8501"  # several: separated by commas
    origin: Origin | None = None  # shown unless asked otherwise; None = sim in a demo, else real
    zone: str = "Asia/Hong_Kong"  # of the studio, for display, while the store names none
    migrate: bool = True  # bring the tables up to date at start

    def allowed_origins(self) -> tuple[str, ...]:
        """List the web origins of the dashboard; a loopback address is allowed under both of its names."""
        found: dict[str, None] = {}
        for url in self.dashboard_url.split(","):
            parts = urlsplit(url.strip())
            names = LOOPBACK_NAMES if parts.hostname in LOOPBACK_NAMES else (parts.hostname or "",)
            port = f":{parts.port}" if parts.port else ""
            found |= dict.fromkeys(f"{parts.scheme}://{name}{port}" for name in names)
        return tuple(found)
