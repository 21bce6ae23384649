from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from contract.machines import catalogue
from dashboard.api.programmes import Capacities, Capacity, list_capacity
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing import capacity
from dashboard.views.prescribing.capacity import against_belief, capacity_lines


@pytest.fixture
def rows(client: Client) -> tuple[Capacity, ...]:
    found = list_capacity(client, "p-1")
    assert isinstance(found, Capacities)
    return found.items


def test_the_belief_stands_beside_the_signature(rows: tuple[Capacity, ...], show: Formatter) -> None:
    assert capacity_lines(rows[0], show)[:2] == [
        "**Lumbar extension** · proposed by the model: 63.4 kg",
        "Signed: 60.0 kg by Dr Wong Ka Yan on 1 Nov 2026. As tested in week 6.",
    ]
    assert capacity_lines(rows[1], show)[1] == "Nothing is signed: the proposal counts."
    assert "Restore 12.4 kg" in capacity_lines(rows[1], show)[2]


def test_an_estimate_is_held_against_the_belief(rows: tuple[Capacity, ...], show: Formatter) -> None:
    assert against_belief(50_000, rows[0], show) == "79 % of what the model proposes (63.4 kg)"
    assert against_belief(1, replace(rows[0], proposed_kg=0.0), show) == "The model proposes nothing yet."


def test_a_clinician_signs_an_own_estimate_in_pounds(
    open_page: Callable[..., AppTest], fake_api: FakeApi
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("patient", role="clinician", patient="p-1", tab="prescribing", part="capacity", unit="lb")
    app.number_input(key="capacity-p-1-lumbar_extension-lb").set_value(110.0)
    app.text_input(key="reason-capacity-p-1-lumbar_extension-lb").set_value("Tested.").run()
    app.button(key="sign-capacity").click().run()
    body = {"kind": "lumbar_extension", "capacity_kg": 49.8, "reason": "Tested."}
    assert fake_api.orders == [("POST", "/v1/patients/p-1/capacity", body)]


def test_a_proposal_above_what_the_machine_carries_starts_at_its_largest_load(
    open_page: Callable[..., AppTest], fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    largest_kg = catalogue()["trunk_rotation"].max_load_g / 1000
    strong = Capacity(
        kind="trunk_rotation", proposed_kg=largest_kg + 4.3, signed_kg=None, signed_by=None, signed_at=None,
        reason=None, caps_kg={},
    )  # fmt: skip
    monkeypatch.setattr(capacity, "list_capacity", lambda *_: Capacities(items=(strong,)))
    app = open_page("patient", role="clinician", patient="p-1", tab="prescribing", part="capacity")
    assert not app.exception
    assert app.number_input(key="capacity-p-1-trunk_rotation-kg").value == largest_kg
