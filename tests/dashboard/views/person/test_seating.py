"""Seat and pads: what stands, and what is sent when it changes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from fake_service.care import FILE_VERSION
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from dashboard.api.health import PatientFile, read_file_version
from dashboard.client import Client, Failure
from dashboard.format import Formatter
from dashboard.views.person import seating
from dashboard.views.person.seating import PARTS, changed_set_up, places_words

OpenPage = Callable[..., AppTest]
HELD: dict[str, dict[str, int | str]] = {"lumbar_extension": {"seat": 4, "pad": "B"}, "row": {"seat": 2}}


def test_only_one_machine_changes_and_numbers_stay_numbers() -> None:
    changed = changed_set_up(HELD, "row", {"seat": " 3 ", "handle": "wide", "pad": ""})
    assert changed == {"lumbar_extension": {"seat": 4, "pad": "B"}, "row": {"seat": 3, "handle": "wide"}}
    assert changed_set_up(HELD, "row", {"seat": ""}) == {"lumbar_extension": {"seat": 4, "pad": "B"}}
    assert changed_set_up(HELD, "row", {"seat": "2", "pad": " "}) is None
    assert changed_set_up(HELD, "neck_extension", dict.fromkeys(PARTS, "")) is None


def test_positions_are_words(show: Formatter) -> None:
    assert places_words({"hip_pad": 4, "seat": "B2"}, show) == "Hip pad 4 · Seat B2"


@pytest.fixture
def page(open_page: OpenPage) -> AppTest:
    app = open_page("patient", role="therapist", patient="p-1", tab="person", part="seat-and-pads")
    return app.selectbox(key="seating-p-1").select("lumbar_extension").run()


def field(app: AppTest, name: str) -> TextInput:
    return next(one for one in app.text_input if str(one.key).endswith(f"-{name}"))


def save(app: AppTest) -> AppTest:
    return next(one for one in app.button if one.label == "Save").click().run()


@pytest.fixture
def colleague(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let a colleague put the seat to 6."""
    read = read_file_version

    def moved(client: Client, patient: str) -> tuple[PatientFile, str] | Failure:
        found = read(client, patient)
        assert not isinstance(found, Failure)
        return replace(found[0], set_up={"lumbar_extension": {"seat": 6}}), '"another"'

    return lambda: monkeypatch.setattr(seating, "read_file_version", moved)


def test_positions_are_seen_and_changed_after_enrolment(page: AppTest, fake_api: FakeApi) -> None:
    assert field(page, "seat").value == "4"
    save(page)
    assert fake_api.orders == []
    assert "Nothing is changed yet." in str(page.info[0].value)
    field(page, "hip_pad").set_value("2")
    save(page)
    body = {"set_up": {"lumbar_extension": {"seat": 4, "hip_pad": 2}}}
    assert fake_api.orders == [("PATCH", "/v1/patients/p-1", body)]
    assert fake_api.headers[-1]["if-match"] == FILE_VERSION
    assert "from the next sign-in on" in str(page.toast[0].value)


def test_what_a_colleague_has_entered_meanwhile_is_not_put_back(
    page: AppTest, fake_api: FakeApi, colleague: Callable[[], None]
) -> None:
    field(page, "hip_pad").set_value("2")
    colleague()
    save(page)
    assert fake_api.orders == []
    assert "Somebody else has changed these positions" in str(page.warning[0].value)
    assert field(page, "seat").value == "6"
    field(page, "hip_pad").set_value("2")
    save(page)
    body = {"set_up": {"lumbar_extension": {"seat": 6, "hip_pad": 2}}}
    assert fake_api.orders == [("PATCH", "/v1/patients/p-1", body)]


def test_who_is_overtaken_at_the_last_moment_reads_so_and_keeps_what_was_typed(
    page: AppTest, fake_api: FakeApi, texts: Callable[[AppTest], str]
) -> None:
    fake_api.refusal = (412, "Another version holds by now: look at it first.")
    field(page, "hip_pad").set_value("2")
    save(page)
    assert "Another version holds by now" in texts(page)
    assert field(page, "hip_pad").value == "2"


def test_a_second_press_on_the_form_of_before_puts_nothing_back_either(
    page: AppTest, fake_api: FakeApi, colleague: Callable[[], None]
) -> None:
    field(page, "hip_pad").set_value("2")
    colleague()
    next(one for one in page.button if one.label == "Save").click()
    pressed = page._tree.get_widget_states()  # seat 4 as typed, and the press
    page._run(pressed)._run(pressed)
    assert fake_api.orders == []
    assert "Somebody else has changed these positions" in str(page.warning[0].value)


def test_a_change_of_a_colleague_is_said_in_whichever_run_finds_it(
    page: AppTest, fake_api: FakeApi, colleague: Callable[[], None]
) -> None:
    colleague()
    page.run()
    assert "Somebody else has changed these positions" in str(page.warning[0].value)
    field(page, "seat").set_value("7")
    save(page)
    assert fake_api.orders == [("PATCH", "/v1/patients/p-1", {"set_up": {"lumbar_extension": {"seat": 7}}})]


def test_the_studio_looks_and_changes_nothing(open_page: OpenPage) -> None:
    app = open_page("patient", role="studio", patient="p-1", tab="person", part="seat-and-pads")
    assert not [one for one in app.button if one.label == "Save"]
