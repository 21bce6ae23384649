"""Half a configuration of an identity provider, or an unsafe one, keeps a production from starting."""

from pathlib import Path
from typing import Any

import pytest

from services.oidc.opening import open_provider
from services.oidc.registered import Registered, of_provider, registered
from services.settings import Settings

ISSUER, PAGE = "https://id.example/realm", "https://studio.example/sign-in"


@pytest.fixture
def good(tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "client-secret"
    file.touch(0o600)
    file.write_text("a secret of the client\n", encoding="utf-8")
    return {
        "oidc_issuer": ISSUER,
        "oidc_client_id": "openspine",
        "oidc_client_secret_file": file,
        "oidc_redirect": PAGE,
        "oidc_amr": "mfa, hwk,",
    }


def codes(given: dict[str, Any]) -> list[str]:
    return [one.code for one in of_provider(Settings(**given))]


def test_nothing_is_found_where_there_is_none_and_where_it_is_whole(good: dict[str, Any]) -> None:
    assert codes({}) == codes(good) == []
    assert registered(Settings()) is None
    assert open_provider(Settings()) is None
    assert registered(Settings(**good)) == Registered(
        issuer=ISSUER,
        name="id.example",
        client_id="openspine",
        secret="a secret of the client",  # noqa: S106 (of nobody)
        redirect=PAGE,
        acr=(),
        amr=("mfa", "hwk"),
    )
    provider = open_provider(Settings(**good | {"oidc_name": "Studio account"}))
    assert provider is not None
    assert provider.registered.name == "Studio account"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"oidc_issuer": ""}, "oidc_issuer"),
        ({"oidc_issuer": "http://id.example"}, "oidc_issuer"),
        ({"oidc_issuer": "https://me@id.example"}, "oidc_issuer"),
        ({"oidc_issuer": "https://id.example/?tenant=1"}, "oidc_issuer"),
        ({"oidc_issuer": "https://["}, "oidc_issuer"),
        ({"oidc_client_id": ""}, "oidc_client"),
        ({"oidc_client_secret_file": None}, "oidc_secret"),
        ({"oidc_client_secret_file": Path("/nowhere/at-all")}, "oidc_secret"),
        ({"oidc_client_secret_file": Path("/")}, "oidc_secret"),
        ({"oidc_redirect": ""}, "oidc_redirect"),
        ({"oidc_redirect": "https://*.example/sign-in"}, "oidc_redirect"),
        ({"oidc_redirect": "https://studio.example/*"}, "oidc_redirect"),
        ({"oidc_redirect": "https://studio.example/"}, "oidc_redirect"),
        ({"oidc_redirect": "http://studio.example/sign-in"}, "oidc_redirect"),
        ({"oidc_redirect": f"{PAGE}?next=x"}, "oidc_redirect"),
    ],
)
def test_each_part_is_asked_for_in_one_line(good: dict[str, Any], wrong: dict[str, Any], code: str) -> None:
    found = list(of_provider(Settings(**good | wrong)))
    assert [one.code for one in found] == [code]
    assert "\n" not in found[0].said
    assert registered(Settings(**good | wrong)) is None


def test_an_empty_secret_and_one_that_others_may_read_are_refused(good: dict[str, Any]) -> None:
    file: Path = good["oidc_client_secret_file"]
    file.chmod(0o640)
    assert codes(good) == ["readable_secret"]
    file.chmod(0o600)
    file.write_text("\n", encoding="utf-8")
    assert codes(good) == ["oidc_secret"]


def test_on_loopback_it_may_be_tried_without_tls(good: dict[str, Any]) -> None:
    here = {"oidc_issuer": "http://127.0.0.1:9000", "oidc_redirect": "http://localhost:8000/sign-in"}
    assert codes(good | here) == []


def test_without_the_extra_it_is_said(good: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.oidc.registered.LIBRARIES", ("no_such_library_here",))
    assert codes(good) == ["oidc_library"]
