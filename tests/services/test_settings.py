import ssl
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.settings import Settings


@pytest.mark.parametrize(
    ("url", "origins"),
    [
        ("http://127.0.0.1:8501", ("http://127.0.0.1:8501", "http://localhost:8501")),
        ("https://studio.example/path", ("https://studio.example",)),
        (
            "http://localhost:1, https://a.example",
            ("http://127.0.0.1:1", "http://localhost:1", "https://a.example"),
        ),
    ],
)
def test_dashboard_origins(url: str, origins: tuple[str, ...]) -> None:
    assert Settings(dashboard_url=url).allowed_origins() == origins


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENSPINE_DASHBOARD_URL", "http://10.0.0.5:80")
    monkeypatch.setenv("OPENSPINE_ORIGIN", "real")
    settings = Settings()
    assert settings.allowed_origins() == ("http://10.0.0.5:80",)
    assert settings.origin == "real"


def test_the_brokers_password_is_a_file_and_tls_checks_the_host(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from a file\n")
    assert Settings(mqtt_password_file=file).mqtt_password() == "from a file"
    assert (Settings().mqtt_password(), Settings().mqtt_context()) == (None, None)
    context = Settings(mqtt_tls=True).mqtt_context()
    assert context is not None
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
    with pytest.raises(FileNotFoundError):
        Settings(mqtt_password_file=tmp_path / "missing").mqtt_password()


def test_people_sign_in_everywhere_but_in_a_demo() -> None:
    assert Settings().asks_sign_in()
    assert not Settings(demo=True).asks_sign_in()
    assert Settings(demo=True, sign_in=True).asks_sign_in()


@pytest.mark.parametrize(
    ("given", "is_secure"),
    [
        ({}, False),
        ({"http_host": "localhost"}, False),
        ({"http_host": "10.0.0.5"}, True),
        ({"http_host": "10.0.0.5", "demo": True}, False),
        ({"behind_tls_proxy": True}, True),
    ],
)
def test_cookies_are_for_tls_unless_nobody_else_can_listen(given: dict[str, Any], *, is_secure: bool) -> None:
    assert Settings(**given).has_secure_cookies() is is_secure


@pytest.mark.parametrize("given", ["", "127.0.0.1", "172.18.0.0/16, fd00::1"])
def test_a_trusted_proxy_is_an_address_or_a_network(given: str) -> None:
    assert Settings(trusted_proxy=given).trusted_proxy == given


@pytest.mark.parametrize("given", ["*", "0.0.0.0/0", "127.0.0.1, ::/0", "proxy.example", "127.0.0.1, *"])
def test_nobody_and_nothing_unclear_is_a_trusted_proxy(given: str) -> None:
    with pytest.raises(ValidationError, match="trusted_proxy"):
        Settings(trusted_proxy=given)


def test_an_empty_name_of_a_secret_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENSPINE_OIDC_CLIENT_SECRET_FILE", "")
    assert Settings().oidc_client_secret_file is None
    monkeypatch.setenv("OPENSPINE_OIDC_CLIENT_SECRET_FILE", str(tmp_path))
    assert Settings().oidc_client_secret_file == tmp_path
