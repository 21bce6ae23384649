"""Questions: one at a time, what is left out is not sent, and what counts arrives."""

from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.api.papers import Form, Item, Judged
from dashboard.format import Formatter
from dashboard.views.own.questions import ANSWERS, change_words, given, options
from services.office.instruments import forms

OpenPage = Callable[..., AppTest]


def form(instrument: str) -> Form:
    known = forms()[instrument]
    items = tuple(Item(id=one.id, text_en=one.text_en, text_zh=one.text_zh) for one in known.items)
    return Form(
        instrument=instrument, text_en="", text_zh="", most=known.most, least=known.least, items=items
    )


@pytest.mark.parametrize(
    ("instrument", "values"), [("odi", ["0", "1", "2", "3", "4", "5", "-1"]), ("roland_morris", ["1", "0"])]
)
def test_the_answers_are_those_that_the_questionnaire_knows(
    instrument: str, values: list[str], show: Formatter
) -> None:
    assert [tap.value for tap in options(form(instrument), show)] == values


def test_what_was_left_out_is_not_sent() -> None:
    assert given(form("odi"), {"pain": 2, "intimacy": -1, "unknown": 3}) == {"pain": 2}


def test_a_change_is_told_in_words(show: Formatter) -> None:
    judged = Judged(instrument="odi", verdict="improved", by=13.0, needed=10.0)
    assert change_words(judged, show) == "**How your back limits you:** Better than the first time."


def test_answers_are_asked_one_at_a_time_and_sent_once(open_page: OpenPage, fake_api: FakeApi) -> None:
    names = [item.id for item in form("odi").items]
    app = open_page("questions", role="patient", form="odi")
    assert "### How strong it is" in [str(one.value) for one in app.markdown]
    app.session_state[ANSWERS] = {"odi": dict.fromkeys(names[:-1], 1)}
    app.run()
    assert "### Travelling" in [str(one.value) for one in app.markdown]
    app.button(key="question-back").click().run()
    assert "### Going out and meeting people" in [str(one.value) for one in app.markdown]
    answers = dict.fromkeys(names, 1) | {"intimacy": -1}
    app.session_state[ANSWERS] = {"odi": answers}
    app.run()
    app.button(key="question-send").click().run()
    sent = {name: 1 for name in names if name != "intimacy"}
    assert fake_api.orders == [("POST", "/v1/patients/p-1/questionnaires/odi", {"answers": sent})]
    assert not app.exception


def test_too_few_answers_cannot_be_sent(open_page: OpenPage) -> None:
    app = open_page("questions", role="patient", form="odi")
    app.session_state[ANSWERS] = {"odi": {item.id: -1 for item in form("odi").items}}
    app.run()
    assert "at least 8" in str(app.warning[0].value)
    assert "question-send" not in {str(button.key) for button in app.button}
