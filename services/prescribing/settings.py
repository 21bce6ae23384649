"""Settings of the prescribing process, read from `OPENSPINE_...` variables by its composition root."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.messages import Origin


class PrescribingSettings(BaseSettings):
    """Where the shared database is, where the envelope keys and the operators are, and where it listens."""

    model_config = SettingsConfigDict(env_prefix="OPENSPINE_", frozen=True)

    database_url: str = "sqlite:///openspine.sqlite"
    envelope_keys: Path = Path("envelope-keys")
    operators: Path | None = None  # file of names and token hashes; None = beside the envelope keys
    prescribe_host: str = "127.0.0.1"
    prescribe_port: int = 8010
    behind_tls_proxy: bool = False  # who reaches `prescribe_host` from elsewhere has come through TLS
    allow_sqlite: bool = False  # outside of a demo
    demo: bool = False
    origin: Origin | None = None  # whose limits are signed here; None = sim in a demo, else real

    def operators_file(self) -> Path:
        """Say where the operators are listed."""
        return self.operators or self.envelope_keys / "operators.json"
