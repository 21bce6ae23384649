"""The model, the challenger and the policy that one process starts with."""

import shutil
from pathlib import Path

import pytest
from scripted_machine import ScriptedMachine
from scripted_studio import open_studio
from served_app import production_keys, served, settings, until
from sqlalchemy import func, select

import services.app
from ml import artifact
from services.activation import ActivationRefusedError
from services.app import create_app
from services.store import tables
from services.store.engine import open_engine


def test_a_model_that_cannot_be_opened_is_a_reason_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("nobody expected this")

    monkeypatch.setattr(services.app, "open_desk", broken)
    with served(create_app(settings(tmp_path, mqtt="gmqtt", mqtt_port=9))) as client:
        until(lambda: "LookupError; the log says more" in client.get("/readyz").text)
        assert client.get("/healthz").status_code == 200


def test_a_refused_artifact_leaves_the_rule_and_tells_staff_why(tmp_path: Path) -> None:
    shutil.copytree(artifact.shipped(), tmp_path / "model")
    card = tmp_path / "model" / artifact.CARD_FILE
    card.write_bytes(card.read_bytes() + b" ")
    with served(create_app(settings(tmp_path, artifact=tmp_path / "model"))) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        found = client.get("/v1/model").json()
        assert (found["model"], found["signed_by"]) == ("rule-1", None)
        assert found["refused"].startswith("the signature is not of model-")
        assert "openspine_model_loaded 0.0" in client.get("/metrics").text
        assert [one["code"] for one in client.get("/v1/about").json()["attention"]] == ["model_refused"]
        assert "in place of the model" in client.get("/readyz").text
    with served(create_app(settings(tmp_path))) as client:
        until(lambda: client.get("/readyz").status_code == 200)
        assert client.get("/v1/about").json()["attention"] == []
        assert client.get("/v1/model").json()["signed_by"] in artifact.RELEASE_KEYS
        assert "openspine_model_loaded 1.0" in client.get("/metrics").text


def looked_at(url: str) -> int:
    with open_engine(url).connect() as connection:
        return connection.execute(select(func.count()).select_from(tables.shadow)).scalar_one()


def test_what_was_decided_is_looked_at_in_the_shadow_while_it_runs(tmp_path: Path) -> None:
    url = settings(tmp_path).database_url
    for studio in open_studio(url, tmp_path):
        machine = ScriptedMachine()
        studio.hear(machine.sign_in())
    with served(create_app(settings(tmp_path, shadow_policy="linear"))) as client:
        until(lambda: looked_at(url) > 0)  # the page itself stands for a minute
        found = client.get("/v1/model").json()
        assert found["waiting"] == 0
        assert [(one["policy"], one["report"]["failed"]) for one in found["shadow"]] == [("linear", 0)]


def test_a_challenger_that_is_none_is_a_reason_and_no_crash(tmp_path: Path) -> None:
    with served(create_app(settings(tmp_path, shadow_policy="liner"))) as client:
        until(lambda: client.get("/v1/model").json()["challenger_refused"] == "there is no policy liner")
        assert client.get("/readyz").status_code == 200


def test_a_policy_that_has_not_been_in_shadow_does_not_start(tmp_path: Path) -> None:
    production_keys(tmp_path / "keys")
    with pytest.raises(ActivationRefusedError, match="0 decisions of 200"):
        create_app(settings(tmp_path, demo=False, allow_sqlite=True, policy="linear"))
