from collections.abc import Callable
from dataclasses import replace

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.papers import Assessments, list_tests
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing.assessments import try_words, waiting_words


def test_a_test_that_waits_and_a_try_are_told_in_clinical_angles(client: Client, show: Formatter) -> None:
    found = list_tests(client, "p-1")
    assert isinstance(found, Assessments)
    said = "Mobility test, Trunk rotation: asked for on 21 Nov 2026, waits for the next session there"
    assert waiting_words(found.waiting[0], show) == said
    strength = next(one for one in found.tries if one.test == "strength")
    told = try_words(replace(strength, kind="lumbar_extension", side="both", angle_deg=12.0), show)
    assert ": Strength test, Lumbar extension, try 1 · at 60°: peak " in told
    mobility = try_words(replace(strength, test="mobility", range_deg=44.0), show)
    assert mobility.endswith("range 44°")


def test_a_therapist_asks_for_a_test_and_takes_one_back(
    open_page: Callable[..., AppTest], fake_api: FakeApi
) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="prescribing", part="tests")
    app.radio(key="test-p-1").set_value("strength")
    next(one for one in app.button if one.label == "Ask for it").click().run()
    app.button(key="cancel-t-1").click().run()
    assert fake_api.orders == [
        ("POST", "/v1/patients/p-1/tests", {"kind": "lumbar_extension", "test": "strength"}),
        ("POST", "/v1/test-orders/t-1/cancel", None),
    ]
