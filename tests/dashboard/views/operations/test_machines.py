from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from dashboard.api.machines import MachineFile, MachinePage, list_machine_health, read_machine
from dashboard.client import Client
from dashboard.format import MINUS, Formatter
from dashboard.views.operations.health import health_lines, troubles
from dashboard.views.operations.machine import calibration_row
from dashboard.views.operations.machines import firmware_rows, matching

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


@pytest.fixture
def rows(client: Client) -> MachinePage:
    answer = list_machine_health(client)
    assert isinstance(answer, MachinePage)
    return answer


def names(rows: MachinePage, wanted: str | None) -> list[str]:
    return [row.machine for row in matching(rows.items, wanted)]


def test_machines_that_need_somebody_come_first_and_retired_ones_only_when_asked(
    rows: MachinePage,
) -> None:
    assert names(rows, None) == ["flexion-1", "row-1", "rotation-1", "lumbar-1"]
    assert names(rows, "attention") == ["flexion-1", "row-1", "rotation-1"]
    assert names(rows, "retired") == ["press-1"]


def test_every_trouble_of_a_machine_is_named(rows: MachinePage) -> None:
    found = {row.machine: troubles(row) for row in rows.items}
    assert found["flexion-1"] == ["Not connected", "Calibration is due"]
    assert found["row-1"] == ["Never calibrated", "Its clock is wrong"]
    assert found["rotation-1"] == ["Breaks rules of the protocol"]
    assert found["lumbar-1"] == found["press-1"] == []


def test_a_spool_is_only_spoken_of_when_something_waits(rows: MachinePage, show: Formatter) -> None:
    lines = {row.machine: health_lines(row, show) for row in rows.items}
    assert lines["rotation-1"][-1] == "Rows that wait to be delivered: 412"
    assert len(lines["lumbar-1"]) == 2


def test_simulated_time_is_named_and_not_judged(rows: MachinePage, show: Formatter) -> None:
    row = next(row for row in rows.items if row.machine == "row-1")
    assert "Clock +140.0 s against the studio" in health_lines(row, show)[1]
    simulated = replace(row, clock_ahead_s=None)
    assert health_lines(simulated, show)[1].endswith("simulated time")
    assert troubles(simulated) == ["Never calibrated"]


def test_a_kind_with_two_versions_of_firmware_is_marked(rows: MachinePage, show: Formatter) -> None:
    found = firmware_rows(rows.items, show)
    assert {"Station": "Row", "Version": "1.4.2", "Machines": "Row 1"} in found
    assert "Leg press" not in {row["Station"] for row in found}  # retired
    row = next(row for row in rows.items if row.machine == "row-1")
    changed = firmware_rows([*rows.items, replace(row, firmware="1.3.0")], show)
    assert [row["Version"] for row in changed if row["Station"] == "Row"] == ["1.3.0 ⚠", "1.4.2 ⚠"]


def test_a_calibration_is_written_with_its_units(client: Client, show: Formatter) -> None:
    found = read_machine(client, "rotation-1")
    assert isinstance(found, MachineFile)
    row = calibration_row(found.calibrations[0], show)
    assert (row["Error of load"], row["Error of angle"], row["Result"]) == (
        "+0.8 %",
        f"{MINUS}0.3°",
        "passed",
    )


def test_only_who_runs_machines_can_change_one(open_page: OpenPage) -> None:
    for role, may in (("therapist", False), ("admin", True)):
        app = open_page("machines", role=role, machine="rotation-1")
        assert ("machine-name" in {one.key for one in app.text_input}) is may


@pytest.mark.parametrize(
    ("machine", "offered"),
    [("", "Enrol"), ("rotation-1", "Make a one-time code"), ("press-1", "Put into use again")],
)
def test_who_wants_a_code_proves_first_who_it_is(
    open_page: OpenPage, fake_api: FakeApi, machine: str, offered: str
) -> None:
    def labels() -> set[str]:
        return {one.label for one in app.button}

    app = open_page("machines", role="admin", **({"machine": machine} if machine else {}))
    assert (offered in labels(), "Continue" in labels()) == (False, True)
    fake_api.stepped_up_until = FRESH_UNTIL
    app.run()
    assert (offered in labels(), "Continue" in labels()) == (True, False)


def test_a_one_time_code_is_shown_until_it_is_put_away(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("machines", role="admin", machine="rotation-1")
    app.button(key="renew-code").click().run()
    assert fake_api.orders == [("POST", "/v1/machines/rotation-1/code", None)]
    assert app.code[0].value == "9f86d081884c7d659a2feaa0c55ad015"
    assert "Holds until" in texts(app)
    app.button(key="code-put-away").click().run()
    assert "9f86d081884c7d659a2feaa0c55ad015" not in [one.value for one in app.code]


def test_a_calibration_reaches_the_service(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("machines", role="admin", machine="rotation-1")
    app.number_input(key="load-error").set_value(1.2)
    next(one for one in app.button if one.label == "Keep").click().run()
    body = {"load_error_pct": 1.2, "angle_error_deg": 0.0, "valid_days": 180, "note": ""}
    assert fake_api.orders == [("POST", "/v1/machines/rotation-1/calibrations", body)]
    assert "Calibrated." in str(app.toast[0].value)


def test_what_the_service_refuses_is_said_and_stays_filled_in(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    app = open_page("machines", role="admin", machine="rotation-1")
    fake_api.refusal = (409, "Somebody trains on it.")
    app.text_input(key="retire-why").input("Sold")
    next(one for one in app.button if one.label == "Take out of use").click().run()
    assert "Somebody trains on it." in texts(app)
    assert app.text_input(key="retire-why").value == "Sold"
