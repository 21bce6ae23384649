import re
from pathlib import Path

from fastapi.testclient import TestClient
from studio_rows import StudioRows

DESCRIBED = Path(__file__).parents[3] / "docs" / "metrics.md"


def test_every_figure_is_given(studio: StudioRows, client: TestClient) -> None:
    studio.machine()
    studio.status()
    studio.dead_letter("poison")
    studio.alert("pain", "red")
    client.get("/v1/floor")
    text = client.get("/metrics").text
    for line in (
        'openspine_http_requests_total{method="GET",route="/v1/floor",status="200"} 1.0',
        'openspine_messages_total{outcome="rejected"} 2.0',
        'openspine_messages_total{outcome="turned_away_pace"} 5.0',
        'openspine_messages_total{outcome="turned_away_memory"} 6.0',
        'openspine_messages_total{outcome="forgotten"} 8.0',
        'openspine_machines_online{origin="sim"} 1.0',
        'openspine_dead_letters{reason="VALUE"} 1.0',
        'openspine_alerts_open{severity="red"} 1.0',
        "openspine_outbox_waiting 0.0",
        "openspine_broker_connected 1.0",
        "openspine_database_up 1.0",
    ):
        assert line in text


def test_paths_that_lead_nowhere_share_one_label(client: TestClient) -> None:
    for number in range(3):
        client.get(f"/nowhere/{number}")
    text = client.get("/metrics").text
    assert 'openspine_http_requests_total{method="unknown",route="unknown",status="404"} 3.0' in text


def test_every_figure_is_described_and_nothing_else(client: TestClient) -> None:
    client.get("/healthz")
    text = client.get("/metrics").text
    given = set(re.findall(r"^# TYPE (openspine_\w+) ", text, re.MULTILINE))
    given = {name for name in given if not name.endswith("_created")}
    described = set(re.findall(r"^\| `(openspine_\w+)`", DESCRIBED.read_text(encoding="utf-8"), re.MULTILINE))
    assert given == described
