"""My pain: faces, words, and an answer that is sent only when it is meant."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from fake_service.api import FakeApi
from fake_service.people import NOW
from streamlit.testing.v1 import AppTest
from tapped import tap

from dashboard.api.own import Morning
from dashboard.api.progress import Pain, PainChange
from dashboard.format import Formatter
from dashboard.views.own.pain import CHOSEN, change_words, pain_words, scale, settled_words, shown_pain

OpenPage = Callable[..., AppTest]
AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
VISIT = (NOW - timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("nrs", "words"), [(0, "no pain"), (1, "a little pain"), (4, "some pain"), (5, "quite some pain"),
                       (8, "strong pain"), (9, "the worst pain"), (10, "the worst pain")],
)  # fmt: skip
def test_a_number_has_words(nrs: int, words: str, show: Formatter) -> None:
    assert pain_words(nrs, show) == words


def test_the_scale_has_a_face_for_each_number_from_smile_to_frown(show: Formatter) -> None:
    found = scale(show)
    assert [tap.value for tap in found] == [str(nrs) for nrs in range(11)]
    assert [found[0].face, found[5].face, found[10].face] == [0.0, 0.5, 1.0]
    assert found[3].spoken == "3: some pain"


def test_an_answer_is_judged_in_words(show: Formatter) -> None:
    def told(settled: bool | None) -> str:
        return settled_words(Morning(visit_at=AT, nrs=3, settled=settled, open=False), show)

    assert "has settled" in told(True)
    assert "more than usual" in told(False)
    assert told(None) == ""


def test_an_unknown_verdict_says_nothing_about_the_pain(show: Formatter) -> None:
    change = PainChange(verdict="new", change=None, needed=None, visits=1, needed_visits=6)
    assert change_words(change, show) == "After a few more visits we can say how your pain changes."


def test_the_curve_leaves_out_what_was_asked_between_the_sets() -> None:
    asked = ("pain_before", "pain_set", "pain_after", "pain_next_morning")
    pain = tuple(Pain(at=AT, nrs=3, question=question) for question in asked)
    assert [one.question for one in shown_pain(pain)] == ["pain_before", "pain_next_morning"]


def test_a_tap_alone_sends_nothing_and_the_answer_is_said_back(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    app = open_page("mypain", role="patient")
    assert "send-morning" not in {str(button.key) for button in app.button}
    app.session_state[CHOSEN] = {VISIT: "3"}
    app.run()
    assert fake_api.orders == []
    app.button(key="send-morning").click().run()
    body = {"question": "pain_next_morning", "value": 3}
    assert fake_api.orders == [("POST", "/v1/patients/p-1/answers", body)]
    assert not app.exception
    assert any("no more than usual" in str(one.value) for one in app.markdown)


def test_who_thinks_again_right_before_sending_sends_the_face_of_now(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    app = open_page("mypain", role="patient")
    app.session_state[CHOSEN] = {VISIT: "3"}
    app.run()
    app.button(key="send-morning").click()  # drawn when 3 was chosen
    tap(app, f"morning-{VISIT}", "7")
    body = {"question": "pain_next_morning", "value": 7}
    assert fake_api.orders == [("POST", "/v1/patients/p-1/answers", body)]


def test_an_answer_that_is_refused_stays_to_be_sent_again(open_page: OpenPage, fake_api: FakeApi) -> None:
    fake_api.refusal = (409, "It is answered: the first answer counts.")
    app = open_page("mypain", role="patient")
    app.session_state[CHOSEN] = {VISIT: "7"}
    app.run()
    app.button(key="send-morning").click().run()
    assert "first answer counts" in str(app.error[0].value)
    assert app.session_state[CHOSEN] == {VISIT: "7"}
