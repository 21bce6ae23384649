"""Who may ask the prescribing process: nobody, until somebody is listed."""

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from scripted_machine import NOW_MS
from scripted_studio import Studio

from services import access
from services.prescribing import operators
from services.prescribing.settings import PrescribingSettings
from services.store import tables

REQUESTS = [("GET", ""), ("PUT", ""), ("POST", "/renew"), ("POST", "/withdraw")]


@pytest.fixture
def url(studio: Studio) -> str:
    return f"/v1/patients/{studio.rows(tables.patient)[0]['id']}/limits/lumbar_extension"


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi"])
def test_without_a_token_nothing_is_read_and_nothing_signed(
    stranger: TestClient, studio: Studio, url: str, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for method, path in REQUESTS:
        answer = stranger.request(method, url + path, content=b"{SECRET", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
        assert "SECRET" not in answer.text
    assert {row["version"] for row in studio.rows(tables.limits)} == {1}


def test_health_is_for_everybody_and_the_list_of_paths_is_not(stranger: TestClient) -> None:
    assert stranger.get("/healthz").json() == {"status": "ok"}
    assert stranger.get("/readyz").json() == {"status": "ready"}
    assert stranger.get("/openapi.json").status_code == 401


def test_figures_are_for_everybody_as_those_of_the_service_are(stranger: TestClient) -> None:
    for path in ("/readyz", "/nowhere"):
        stranger.get(path)
    answer = stranger.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    for labels in (
        'method="GET",route="/readyz",status="200"',
        'method="unknown",route="unknown",status="401"',
    ):
        assert f"openspine_http_requests_total{{{labels}}} 1.0" in answer.text


def test_a_dismissed_operator_is_out_at_once(
    client: TestClient, settings: PrescribingSettings, url: str
) -> None:
    assert client.get(url).status_code == 200
    assert operators.dismiss(settings.operators_file(), "Dr Wong")
    assert client.get(url).status_code == 401


def test_rights_are_asked_for_in_one_place(
    client: TestClient, studio: Studio, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_reads = {**access.ALLOWED["clinician"], "limits": frozenset(("read",))}
    monkeypatch.setitem(access.ALLOWED, "clinician", only_reads)
    answer = client.post(f"{url}/withdraw", json={"reason": "x"}, headers={"If-Match": '"1"'})
    assert (client.get(url).status_code, answer.status_code) == (200, 404)
    assert {row["version"] for row in studio.rows(tables.limits)} == {1}


def test_a_list_that_others_may_read_admits_nobody(
    client: TestClient, settings: PrescribingSettings, url: str
) -> None:
    settings.operators_file().chmod(0o644)
    assert client.get(url).status_code == 401


def test_only_hashes_are_kept_and_a_new_token_ends_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "operators.json"
    first = operators.admit(path, "Dr Wong")
    second = operators.admit(path, "Dr Wong")

    assert path.stat().st_mode & 0o777 == 0o600
    assert first not in path.read_text()
    assert list(json.loads(path.read_text())) == ["Dr Wong"]
    assert operators.who(path, first, NOW_MS) is None
    assert operators.who(path, second, NOW_MS) == operators.Operator(name="Dr Wong")
    assert not operators.dismiss(path, "nobody")


def test_a_token_ends_by_itself_and_one_without_an_end_does_not(
    stranger: TestClient, settings: PrescribingSettings, url: str
) -> None:
    listed = settings.operators_file()
    for until_ms, status in ((NOW_MS + 1, 200), (NOW_MS, 401), (None, 200)):
        token = operators.admit(listed, "Dr Wong", until_ms=until_ms)
        assert stranger.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == status
    plain = json.loads(listed.read_text())["Dr Wong"]["token"]
    listed.write_text(json.dumps({"Dr Wong": plain}))  # as lists were written before tokens ended
    assert stranger.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_an_entry_may_name_an_account_by_its_id_alone(tmp_path: Path) -> None:
    path = tmp_path / "operators.json"
    account = "aaaaaaaa-0000-4000-8000-000000000001"
    token = operators.admit(path, "Dr Wong", staff=account)

    assert operators.who(path, token, NOW_MS) == operators.Operator(name="Dr Wong", staff=account)
    assert token not in path.read_text()
    with pytest.raises(operators.OperatorsUnusableError, match="by its id"):
        operators.admit(path, "Dr Lee", staff="lee")


@pytest.mark.parametrize("name", ["", "a" * 65, "a\nb"])
def test_a_name_that_the_audit_cannot_keep_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(operators.OperatorsUnusableError, match="1 to 64"):
        operators.admit(tmp_path / "operators.json", name)


def test_rubbish_instead_of_a_list_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "operators.json"
    path.write_text("[]")
    path.chmod(0o600)
    with pytest.raises(operators.OperatorsUnusableError, match="cannot be read"):
        operators.read(path)
