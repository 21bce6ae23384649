"""Limits as people sign them: alone, with a second person, and never over somebody else's signature."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from dashboard.api.limits import LimitsHistory, LimitsVersion, list_limit_versions
from dashboard.api.people import Patient, read_patient
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.prescribing.limits import changed, kind_name, kinds_of

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]
WHERE = "/v1/patients/p-1/limits/lumbar_extension"


@pytest.fixture
def clinician(open_page: OpenPage, fake_api: FakeApi) -> AppTest:
    fake_api.stepped_up_until = FRESH_UNTIL
    return open_page("patient", role="clinician", patient="p-1", tab="prescribing")


def field(app: AppTest, start: str) -> str:
    return next(str(one.key) for one in app.number_input if str(one.key).startswith(start))


def reason(app: AppTest, start: str) -> str:
    return next(str(one.key) for one in app.text_input if str(one.key).startswith(f"reason-{start}"))


def fill_in(app: AppTest, load_kg: float, why: str = "Seen today.") -> AppTest:
    app.number_input(key=field(app, "max_load_g")).set_value(load_kg)
    app.text_input(key=reason(app, "limits-")).set_value(why)
    return app.run()


def test_who_narrows_signs_alone_on_the_version_that_was_seen(clinician: AppTest, fake_api: FakeApi) -> None:
    app = fill_in(clinician, 36.0)
    assert app.button(key="sign-limits").label == "Sign"
    app.button(key="sign-limits").click().run()
    (method, path, body), headers = fake_api.orders[-1], fake_api.headers[-1]
    assert (method, path, headers["if-match"]) == ("PUT", WHERE, '"2"')
    assert (body["max_load_g"], body["phase_cap_g"], body["reason"]) == (36_000, 28_500, "Seen today.")
    assert body["sides"] == {"both": {"lowest_cdeg": 0, "highest_cdeg": 6_000, "start_highest_cdeg": 6_000}}
    assert "Version 3: signed" in "\n".join(str(one.value) for one in app.markdown)
    assert not app.warning


def test_what_is_wider_is_said_before_and_goes_to_a_second_person(
    clinician: AppTest, fake_api: FakeApi, texts: Texts
) -> None:
    app = fill_in(clinician, 44.0)
    assert "Wider in: Largest load. Another clinician must sign it as well." in texts(app)
    assert app.button(key="sign-limits").label == "Propose to a second person"
    app.button(key="sign-limits").click().run()
    assert fake_api.orders[-1][2]["max_load_g"] == 44_000
    assert app.toast[0].value == "It is wider, so it waits: another clinician signs it."


def test_nothing_is_signed_without_a_reason(clinician: AppTest, fake_api: FakeApi) -> None:
    app = fill_in(clinician, 36.0, why="")
    assert app.button(key="sign-limits").disabled
    assert fake_api.orders == []


def test_a_signature_meanwhile_is_said_and_not_written_over(clinician: AppTest, fake_api: FakeApi) -> None:
    app = fill_in(clinician, 36.0)
    fake_api.orders.append(("PUT", WHERE, {"max_load_g": 30_000, "reason": "Somebody else."}))
    app.button(key="sign-limits").click().run()
    said = "\n".join(str(one.value) for one in app.warning)
    assert "Somebody signed meanwhile" in said
    assert len(fake_api.orders) == 1
    app.button(key="start-again").click().run()
    assert not app.warning
    assert app.number_input(key=field(app, "max_load_g")).value == 30.0


def test_a_form_that_nobody_touched_moves_on_to_the_new_version(
    clinician: AppTest, fake_api: FakeApi
) -> None:
    fake_api.orders.append(("PUT", WHERE, {"max_load_g": 30_000, "reason": "Somebody else."}))
    app = clinician.run()
    assert not app.warning
    assert app.number_input(key=field(app, "max_load_g")).value == 30.0


def test_a_second_person_sees_what_is_wider_and_signs(
    clinician: AppTest, fake_api: FakeApi, texts: Texts
) -> None:
    assert "Wider in: Largest load" in texts(clinician)
    assert "Proposed by Dr Lee Chi Wai on 21 Nov 2026 11:30" in texts(clinician)
    assert "- Largest load: 40.0 kg → 44.0 kg" in texts(clinician)
    sign = next(one for one in clinician.button if str(one.key).startswith("sign-6a1f"))
    assert sign.disabled
    clinician.text_input(key=reason(clinician, "proposal-")).set_value("Seen together.").run()
    app = next(one for one in clinician.button if str(one.key).startswith("sign-6a1f")).click().run()
    method, path, body = fake_api.orders[-1]
    assert (method, body) == ("POST", {"reason": "Seen together."})
    assert path.startswith(f"{WHERE}/proposals/")
    assert path.endswith("/sign")
    assert fake_api.headers[-1]["if-match"] == '"2"'
    assert "Waits for a second person" not in texts(app)
    assert "44.0 kg" in str(app.table[0].value.to_numpy())


def test_who_has_proposed_does_not_sign(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fake_service.care.PROPOSER", "Dr Wong Ka Yan")
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("patient", role="clinician", patient="p-1", tab="prescribing")
    app.text_input(key=reason(app, "proposal-")).set_value("Seen.").run()
    assert "You have proposed it: another clinician signs it." in texts(app)
    assert next(one for one in app.button if str(one.key).startswith("sign-6a1f")).disabled
    assert not next(one for one in app.button if str(one.key).startswith("unpropose")).disabled


def test_a_refused_second_person_is_told_why(clinician: AppTest, fake_api: FakeApi) -> None:
    fake_api.refusal = (403, "One let the other in, or is not confirmed: ask a third person.")
    clinician.text_input(key=reason(clinician, "proposal-")).set_value("Seen.").run()
    app = next(one for one in clinician.button if str(one.key).startswith("sign-6a1f")).click().run()
    assert "another clinician.  \nOne let the other in" in str(app.warning[0].value)


def test_renewing_and_restoring_name_the_version_that_was_seen(clinician: AppTest, fake_api: FakeApi) -> None:
    clinician.text_input(key=reason(clinician, "acts-")).set_value("All well.").run()
    clinician.button(key="renew").click().run()
    assert fake_api.orders[-1][1:] == (f"{WHERE}/renew", {"reason": "All well."})
    clinician.text_input(key=reason(clinician, "restore-")).set_value("Too much.").run()
    clinician.selectbox(key="restore-lumbar_extension").set_value(1).run()
    clinician.button(key="restore").click().run()
    assert fake_api.orders[-1][1:] == (f"{WHERE}/restore", {"version": 1, "reason": "Too much."})
    assert fake_api.headers[-1]["if-match"] == '"3"'


@pytest.mark.parametrize(
    "load_kg", [None, 36.0]
)  # a form of new limits that nobody touched, and one half filled in
def test_a_renewal_is_of_the_version_that_was_seen(
    load_kg: float | None, clinician: AppTest, fake_api: FakeApi
) -> None:
    app = fill_in(clinician, load_kg) if load_kg else clinician
    app.text_input(key=reason(app, "acts-")).set_value("All well.").run()
    fake_api.orders.append(("PUT", WHERE, {"max_load_g": 30_000, "reason": "Somebody else."}))
    app.button(key="renew").click().run()
    said = [str(one.value) for one in [*app.toast, *app.warning]]
    assert [each for each in said if each.startswith("Somebody signed meanwhile. Nothing was written")]
    assert len(fake_api.orders) == 1
    app.button(key="renew").click().run()
    assert fake_api.orders[-1][1:] == (f"{WHERE}/renew", {"reason": "All well."})
    assert fake_api.headers[-1]["if-match"] == '"3"'


def test_a_therapist_sees_what_holds_and_why_it_cannot_be_changed(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    app = open_page("patient", role="therapist", patient="p-1", tab="prescribing")
    assert "Version 2: signed by" in texts(app)
    assert "Only clinicians sign this." in texts(app)
    assert not [one for one in app.button if one.key in ("sign-limits", "renew", "withdraw", "restore")]
    assert not [path for path in fake_api.asked if "proposals" in path]


def test_a_clinician_proves_it_before_anything_is_signed(open_page: OpenPage) -> None:
    app = open_page("patient", role="clinician", patient="p-1", tab="prescribing")
    assert app.text_input(key="proof-words-limits").label == "Passphrase"
    app = fill_in(app, 36.0)
    assert app.button(key="sign-limits").disabled


@pytest.fixture
def patient(client: Client) -> Patient:
    found = read_patient(client, "p-1")
    assert isinstance(found, Patient)
    return found


def test_every_kind_can_be_signed_for_and_those_of_the_circuit_come_first(
    patient: Patient, show: Formatter
) -> None:
    kinds = kinds_of(patient)
    assert kinds[:2] == ["lumbar_extension", "lumbar_flexion"]
    assert len(kinds) == len(set(kinds)) == 10
    assert kind_name("row", patient, show) == "Row · nothing is signed"
    assert (
        kind_name("lumbar_extension", patient, show)
        == "Lumbar extension · holds until 21 Dec 2026 · wider ones wait"
    )


def test_the_history_says_what_each_version_changed(client: Client, show: Formatter) -> None:
    found = list_limit_versions(client, "p-1", "row")
    assert isinstance(found, LimitsHistory)
    newest, first = found.items
    withdrawn: LimitsVersion = replace(newest, withdrawn=True)
    assert changed(newest, first, "row", show) == ["Largest load: 30.0 kg → 40.0 kg"]
    assert len(changed(first, None, "row", show)) == 8
    assert len(changed(newest, withdrawn, "row", show)) == 8
    assert changed(withdrawn, first, "row", show) == []
