from collections.abc import Callable

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.functional import FunctionalTests, list_functional_tests
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing.functional import entry_words, is_measured


def test_an_entry_is_written_with_its_week_and_clock(client: Client, show: Formatter) -> None:
    found = list_functional_tests(client, "p-1")
    assert isinstance(found, FunctionalTests)
    chair, _, legs = found.items
    assert entry_words(chair, show) == "14 Nov 2026, week 12: Rising from a chair · 12 stands in 30 s"
    assert entry_words(legs, show).endswith("left 6.2 s, right 45.0 s · clock of 45 s")


def test_a_clock_alone_is_no_figure() -> None:
    assert not is_measured({"left_s": None, "right_s": None, "cap_s": 45})
    assert is_measured({"left_s": 0.0, "right_s": None, "cap_s": 45})
    assert not is_measured({"stands": None})


def test_a_therapist_enters_a_test_and_withdraws_one(
    open_page: Callable[..., AppTest], fake_api: FakeApi
) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="prescribing", part="tests")
    app.number_input(key="functional-left-p-1-0").set_value(12.5)
    next(one for one in app.button if one.label == "Enter it").click().run()
    assert app.number_input(key="functional-left-p-1-1").value is None  # pressed again, it enters nothing
    app.button(key="unmeasure-f-3").click().run()
    measured = {"test": "single_leg_stand", "left_s": 12.5, "right_s": None, "cap_s": 45}
    assert fake_api.orders == [
        ("POST", "/v1/patients/p-1/functional-tests", measured),
        ("POST", "/v1/functional-tests/f-3/withdraw", None),
    ]
