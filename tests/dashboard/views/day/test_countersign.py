from collections.abc import Callable
from dataclasses import replace

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.countersign import Change, Changes, list_changes
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.day.countersign import RAISED, by_person, line, outcome, summary
from dashboard.views.day.turning import PLACES

OpenPage = Callable[..., AppTest]
Texts = Callable[[AppTest], str]
PROVEN = "2099-01-01T00:00:00Z"


@pytest.fixture
def changes(client: Client) -> Changes:
    answer = list_changes(client, "2026-11-21")
    assert isinstance(answer, Changes)
    return answer


def test_a_change_says_when_where_from_what_to_what_and_why(
    changes: Changes, show: Formatter, show_lb: Formatter
) -> None:
    first = changes.items[0]
    assert line(first, show) == "14:20 · **Lumbar extension** · set 2 · 17.0 kg → 18.0 kg · Load raised"
    assert "37.5 lb → 39.7 lb" in line(first, show_lb)
    assert "· 18.0 kg ·" in line(replace(first, before_kg=None), show)
    assert "· 18.0 kg ·" in line(replace(first, before_kg=18.0), show)


def test_a_refusal_and_a_choice_of_staff_are_said_in_words(changes: Changes, show: Formatter) -> None:
    said = [outcome(change, show) for change in changes.items]
    assert said == [
        "Load raised",
        "Range raised",
        "The machine refused it: more than one step at once",
        "Staff chose the dose",
    ]
    odd = replace(changes.items[2], refusal="SOMETHING_NEW")
    assert outcome(odd, show) == "The machine refused it: its message was not accepted"


def test_who_has_something_to_sign_comes_first(changes: Changes) -> None:
    signed: list[Change] = [replace(change, signed=change.patient.id == "p-1") for change in changes.items]
    assert [group[0].patient.id for group in by_person(signed)] == ["p-2", "p-4", "p-1"]
    assert [len(group) for group in by_person(changes.items)] == [2, 1, 1]


def test_the_summary_says_how_much_is_open(changes: Changes, show: Formatter) -> None:
    assert summary(changes, show) == "**To be signed: 4** of 4 changes"
    assert "Everything of this day is signed." in summary(replace(changes, open=0), show)


def test_a_clinician_signs_single_ones_and_then_the_rest(
    open_page: OpenPage, fake_api: FakeApi, texts: Texts
) -> None:
    fake_api.stepped_up_until = PROVEN
    app = open_page("day", role="clinician", part="signature", day="2026-11-21")
    app.checkbox(key="sign-d-3").check().run()
    app.button(key="sign-ticked").click().run()
    body = {"day": "2026-11-21", "decisions": ["d-3"]}
    assert fake_api.orders == [("POST", "/v1/countersign", body)]
    assert "**To be signed: 3** of 4 changes" in texts(app)
    app.button(key="sign-all").click().run()
    assert sorted(fake_api.orders[-1][2]["decisions"]) == ["d-1", "d-2", "d-4"]
    assert "Everything of this day is signed." in texts(app)
    assert not app.checkbox


def test_a_long_day_is_signed_page_by_page(open_page: OpenPage, fake_api: FakeApi, texts: Texts) -> None:
    fake_api.stepped_up_until, fake_api.rows_of_page = PROVEN, 3
    app = open_page("day", role="clinician", part="signature", day="2026-11-21")
    assert "**To be signed: 4** of 4 changes" in texts(app)
    assert app.button(key="sign-all").label == "Sign the 3 shown here"
    app.button(key="sign-all").click().run()
    assert "**To be signed: 1** of 4 changes" in texts(app)
    assert not [button for button in app.button if button.key in ("sign-all", "changes-first")]
    app.button(key="changes-later").click().run()
    app.button(key="sign-all").click().run()
    assert fake_api.orders[-1][2]["decisions"] == ["d-4"]
    app.button(key="changes-first").click().run()
    assert "Everything of this day is signed." in texts(app)
    assert "Staff chose the dose" not in texts(app)


def test_a_tick_holds_while_the_page_is_turned(open_page: OpenPage, fake_api: FakeApi) -> None:
    fake_api.stepped_up_until, fake_api.rows_of_page = PROVEN, 3
    app = open_page("day", role="clinician", part="signature", day="2026-11-21")
    app.checkbox(key="sign-d-2").check().run()
    app.button(key="changes-later").click().run()
    app.checkbox(key="sign-d-4").check().run()
    app.button(key="changes-first").click().run()
    assert app.checkbox(key="sign-d-2").value
    assert app.button(key="sign-ticked").label == "Sign the 2 ticked"
    app.button(key="sign-ticked").click().run()
    assert fake_api.orders[-1][2]["decisions"] == ["d-2", "d-4"]
    assert app.button(key="sign-ticked").disabled


def test_a_place_that_the_service_refuses_does_not_shut_the_day(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("day", role="clinician", part="signature", day="2026-11-21")
    app.session_state[PLACES] = {"changes-from-2026-11-21": "of-another-list"}
    app.run()
    assert "To be signed" not in texts(app)
    assert "To be signed" in texts(app.run())


def test_without_a_fresh_proof_nothing_can_be_signed(open_page: OpenPage) -> None:
    app = open_page("day", role="clinician", part="signature")
    assert not [button.key for button in app.button if str(button.key).startswith("sign-a")]
    assert "Passphrase" in {field.label for field in app.text_input}


def test_a_therapist_reads_and_is_told_who_signs(open_page: OpenPage, texts: Texts) -> None:
    app = open_page("day", role="therapist", part="signature")
    assert "Only clinicians sign this." in texts(app)
    assert "Load raised" in texts(app)
    assert not app.checkbox


def test_every_word_is_translated() -> None:
    assert set(RAISED.values()) - traditional_chinese().keys() == set()
