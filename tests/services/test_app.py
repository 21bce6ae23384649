"""What one process starts with, and what it does not start with."""

import json
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest
from served_app import production_keys, served, settings, until

from services.app import create_app
from services.keys.register import KeyRefusedError
from services.refusals import StartRefusedError


def checks(client: httpx2.Client) -> dict[str, bool]:
    return {check["name"]: check["ok"] for check in client.get("/readyz").json()["checks"]}


def test_start_migrates_loads_the_model_and_becomes_ready(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(create_app(settings(tmp_path))) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        about = client.get("/v1/about").json()
        assert (about["demo"], about["origin"], about["policy"]) == (True, "sim", "steady")
        assert client.get("/v1/patients").json() == {"items": [], "next": None}
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert {"model loaded", "request", "stopped"} <= {line["event"] for line in lines}
    assert all("timestamp" in line for line in lines)


def test_without_migration_an_empty_database_is_not_ready(tmp_path: Path) -> None:
    with served(create_app(settings(tmp_path, migrate=False))) as client:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert checks(client)["migrations"] is False


def test_real_data_are_shown_outside_of_a_demo(tmp_path: Path) -> None:
    production_keys(tmp_path / "keys")
    with served(create_app(settings(tmp_path, demo=False, allow_sqlite=True))) as client:
        about = client.get("/v1/about").json()
        assert (about["origin"], about["sign_in"]) == ("real", True)
        assert client.get("/v1/patients").status_code == HTTPStatus.UNAUTHORIZED


def test_without_keys_it_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(KeyRefusedError, match="there is no current command key"):
        create_app(settings(tmp_path, demo=False, allow_sqlite=True))


def test_a_production_with_what_only_a_demo_may_have_does_not_start(tmp_path: Path) -> None:
    production_keys(tmp_path / "keys")
    with pytest.raises(StartRefusedError) as refused:
        create_app(settings(tmp_path, demo=False, http_host="0.0.0.0", api_docs=True))  # noqa: S104 (refused)
    assert [one.code for one in refused.value.findings] == ["sqlite", "plain_http", "open_docs"]
