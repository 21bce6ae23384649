"""Badge and PIN, particulars, site and archive: what reaches the service, and what is shown once."""

from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from contract.machines import catalogue
from dashboard.format import Formatter
from dashboard.views.person.particulars import mass_kg

Part = Callable[..., AppTest]
Texts = Callable[[AppTest], str]


@pytest.fixture
def part(open_page: Callable[..., AppTest]) -> Part:
    def open_part(name: str, role: str = "therapist", **query: str) -> AppTest:
        return open_page("patient", role=role, patient="p-1", tab="person", part=name, **query)

    return open_part


def save(app: AppTest) -> None:
    next(one for one in app.button if one.label in ("Save", "儲存")).click().run()


def pins(app: AppTest) -> list[str]:
    return [str(one.value) for one in app.code]


def test_a_pin_is_shown_once_and_put_away(part: Part, fake_api: FakeApi, texts: Texts) -> None:
    app = part("badge-and-pin")
    app.button(key="new-pin").click().run()
    assert fake_api.orders == [("POST", "/v1/patients/p-1/pin", None)]
    assert pins(app) == ["492713"]
    assert "PIN for code P-0001" in texts(app)
    assert "a clinician renews their limits: Lumbar extension" in str(app.warning[0].value)
    app.button(key="pin-put-away").click().run()
    assert pins(app) == []
    assert len(fake_api.orders) == 1


def test_a_pin_is_not_shown_beside_somebody_else(part: Part) -> None:
    app = part("badge-and-pin")
    app.button(key="new-pin").click().run()
    app.query_params["patient"] = "p-2"
    assert pins(app.run()) == []
    app.query_params["patient"] = "p-1"
    app._page_hash = calc_hash("patient")
    assert pins(app.run()) == []


def test_badges_are_given_locked_and_taken_away(part: Part, fake_api: FakeApi) -> None:
    app = part("badge-and-pin")
    app.text_input(key="badge-p-1").set_value("04A")
    next(one for one in app.button if one.label == "Give this badge").click().run()
    assert fake_api.orders == []
    app.text_input(key="badge-p-1").set_value("04A2B91C")
    next(one for one in app.button if one.label == "Give this badge").click().run()
    app.button(key="lock-badge").click().run()
    app.button(key="unlock-pin").click().run()
    app.button(key="take-pin").click().run()
    assert fake_api.orders == [
        ("PUT", "/v1/patients/p-1/badge", {"badge": "04A2B91C"}),
        ("PUT", "/v1/patients/p-1/cards/badge/lock", {"locked": True}),
        ("PUT", "/v1/patients/p-1/cards/pin/lock", {"locked": False}),
        ("DELETE", "/v1/patients/p-1/cards/pin", None),
    ]


def test_only_what_differs_is_changed_and_a_weight_is_converted(part: Part, fake_api: FakeApi) -> None:
    app = part("particulars", unit="lb")
    save = [one for one in app.button if one.label == "Save"]
    save[0].click().run()
    assert fake_api.orders == []
    app.number_input(key="mass-p-1-lb").set_value(130.0)
    next(one for one in app.button if one.label == "Save").click().run()
    assert fake_api.orders == [("PATCH", "/v1/patients/p-1", {"mass_kg": 59.0})]


@pytest.mark.parametrize(("language", "said"), [("en", "At most 6 stations"), ("zh-HK", "最多 6 個訓練站")])
def test_a_circuit_that_is_too_long_is_said_before_and_not_sent(
    part: Part, fake_api: FakeApi, texts: Texts, language: str, said: str
) -> None:
    fake_api.circuit = tuple(catalogue())[:8]
    app = part("particulars", language=language)
    assert said in texts(app)
    app.multiselect(key="circuit-p-1").set_value(list(fake_api.circuit[:7]))
    save(app)
    assert said in str(app.error[0].value)
    app.multiselect(key="circuit-p-1").set_value(list(fake_api.circuit[::-1]))
    save(app)
    assert fake_api.orders == []
    app.multiselect(key="circuit-p-1").set_value(list(fake_api.circuit[:6]))
    save(app)
    assert fake_api.orders == [("PATCH", "/v1/patients/p-1", {"stations": list(fake_api.circuit[:6])})]


def test_who_has_few_stations_is_told_nothing_and_a_long_circuit_may_stay(
    part: Part, fake_api: FakeApi, texts: Texts
) -> None:
    assert "At most 6 stations" not in texts(part("particulars"))
    fake_api.circuit = tuple(catalogue())[:8]
    app = part("particulars")
    app.number_input(key="mass-p-1-kg").set_value(59.0)
    save(app)
    assert fake_api.orders == [("PATCH", "/v1/patients/p-1", {"mass_kg": 59.0})]


def test_a_body_weight_is_kept_in_kilograms(show: Formatter, show_lb: Formatter) -> None:
    assert (mass_kg(58.0, show), mass_kg(130.0, show_lb)) == (58.0, 59.0)


def test_people_move_and_are_archived_with_a_reason(part: Part, fake_api: FakeApi, texts: Texts) -> None:
    app = part("site-and-archive")
    assert "Trains at: " in texts(app)
    app.text_input(key="reason-archive-p-1").set_value("Moved away.")
    next(one for one in app.button if one.label == "Archive").click().run()
    assert fake_api.orders == [("POST", "/v1/patients/p-1/archive", {"reason": "Moved away."})]


def test_who_only_looks_on_has_no_button(open_page: Callable[..., AppTest]) -> None:
    app = open_page("patient", patient="p-1", tab="person")
    acts = ("lock-", "unlock-", "take-", "new-pin")
    assert not [one for one in app.button if str(one.key).startswith(acts)]
    assert "Sign in to change anything." in str(app.info[-1].value)
