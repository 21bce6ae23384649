"""Settings of the service, read from `OPENSPINE_...` variables by its composition root."""

import ipaddress
import ssl
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.messages import Origin

LOOPBACK_NAMES = ("127.0.0.1", "localhost")  # people type either; a browser takes them for two origins


# What of the messages a process takes: all of them; beside workers its share and what is live; what is live,
# while workers do the rest; or, as a worker, its share.
Part = Literal["alone", "beside", "live", "worker"]


class Settings(BaseSettings):
    """Where the database, the broker and the keys are, how the service behaves, and what it shows to whom."""

    model_config = SettingsConfigDict(env_prefix="OPENSPINE_", frozen=True)

    database_url: str = "sqlite:///openspine.sqlite"
    mqtt: Literal["gmqtt", "aiomqtt", "none"] = "gmqtt"
    mqtt_host: str = "127.0.0.1"
    mqtt_port: int = 1883
    mqtt_client_id: str = "svc-coaching"  # fixed: the broker keeps this session while the service is away
    mqtt_part: Part = "alone"
    mqtt_password_file: Path | None = None  # of the user name that the client id is; None = anonymous
    mqtt_tls: bool = False
    machine_rate_per_s: float = 50.0  # messages of one machine, after a burst (protocol page); 0 = no limit
    mqtt_ca: Path | None = None  # certificates (PEM) to check the broker's against; None = the system's
    keys: Path = Path("keys")
    site: str = "studio"  # machines of the simulation that enrol themselves belong to it
    policy: str = "steady"
    artifact: Path | None = None  # folder of an effort model; None = the one that ships
    model_keys: Path = Path("model-keys")  # register of the studio's own model keys, besides the release keys
    unsigned_model: bool = False  # open a model that nobody vouches for, as a demo does
    shadow_policy: str | None = None  # decides beside the one above, and nothing of it reaches a machine
    shadow_artifact: Path | None = None  # effort model of the challenger; None = the champion's
    shadow_least: int = 200  # decisions in shadow before a challenger may act
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    dashboard_url: str = "http://127.0.0.1:8501"  # may open event streams; several: separated by commas
    behind_tls_proxy: bool = False  # who reaches `http_host` from elsewhere has come through TLS
    trusted_proxy: str = (
        ""  # addresses or networks whose X-Forwarded-For is believed, by commas; empty: nobody
    )
    # Staff sign in at an identity provider: all four of issuer, client, secret and page, or none of them.
    oidc_issuer: str = ""
    oidc_name: str = ""  # on the button of the sign-in page; empty = the issuer's host
    oidc_client_id: str = ""
    oidc_client_secret_file: Path | None = None
    oidc_redirect: str = ""  # the sign-in page as the provider has it registered: https://HOST/sign-in
    oidc_acr: str = ""  # words by which the provider says that it saw a second factor, by commas; empty with
    oidc_amr: str = ""  # these: the own one-time code is always asked for
    allow_sqlite: bool = False  # outside of a demo: one small studio that knows what it does
    demo: bool = False
    sign_in: bool | None = None  # whether people must sign in; None = everywhere but in a demo
    api_docs: bool | None = None  # the page /docs, open to everybody; None = in a demo only
    origin: Origin | None = None  # shown unless asked otherwise; None = sim in a demo, else real
    zone: str = "Asia/Hong_Kong"  # of the studio, for display, while the store names none
    migrate: bool = True  # bring the tables up to date at start

    @field_validator("trusted_proxy")
    @classmethod
    def _names_proxies(cls, given: str) -> str:
        """Refuse what names no proxy, and what names everybody: callers would choose their device."""
        for one in filter(None, (one.strip() for one in given.split(","))):
            if not ipaddress.ip_network(one).prefixlen:
                raise ValueError("this believes everybody: name the address of the proxy")
        return given

    @field_validator("oidc_client_secret_file", mode="before")
    @classmethod
    def _is_named(cls, given: object) -> object:
        """Take an empty name for none: a compose file hands every variable on."""
        return given or None

    def allowed_origins(self) -> tuple[str, ...]:
        """List the web origins of the dashboard; a loopback address is allowed under both of its names."""
        found: dict[str, None] = {}
        for url in self.dashboard_url.split(","):
            parts = urlsplit(url.strip())
            names = LOOPBACK_NAMES if parts.hostname in LOOPBACK_NAMES else (parts.hostname or "",)
            port = f":{parts.port}" if parts.port else ""
            found |= dict.fromkeys(f"{parts.scheme}://{name}{port}" for name in names)
        return tuple(found)

    def asks_sign_in(self) -> bool:
        """Tell whether people must sign in before they see anything."""
        return not self.demo if self.sign_in is None else self.sign_in

    def has_secure_cookies(self) -> bool:
        """Tell whether browsers reach this service through TLS only."""
        return self.behind_tls_proxy or not (self.demo or self.http_host in LOOPBACK_NAMES)

    def mqtt_password(self) -> str | None:
        """Read the password file; OSError when it is named and cannot be read."""
        file = self.mqtt_password_file
        return None if file is None else file.read_text(encoding="utf-8").strip()

    def mqtt_context(self) -> ssl.SSLContext | None:
        """Make the TLS context of the broker's link, which checks certificate and host; None without TLS."""
        return ssl.create_default_context(cafile=self.mqtt_ca) if self.mqtt_tls else None
