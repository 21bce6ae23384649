"""Settings of the service, read from `OPENSPINE_...` variables by its composition root."""

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the database, the broker and the keys are, and how the service behaves."""

    model_config = SettingsConfigDict(env_prefix="OPENSPINE_", frozen=True)

    database_url: str = "sqlite:///openspine.sqlite"
    mqtt: Literal["gmqtt", "aiomqtt", "none"] = "gmqtt"
    mqtt_host: str = "127.0.0.1"
    mqtt_port: int = 1883
    mqtt_client_id: str = "svc-coaching"  # fixed: the broker keeps this session while the service is away
    keys: Path = Path("keys")
    site: str = "studio"  # machines of the simulation that enrol themselves belong to it
    policy: str = "steady"
    artifact: Path | None = None  # folder of an effort model; None = the one that ships
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    demo: bool = False
