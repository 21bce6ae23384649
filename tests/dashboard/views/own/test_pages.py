"""Every page of a person's own: in Chinese without an English word, with nothing yet, without an answer."""

import re
from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from dashboard.api.own import Waiting
from dashboard.format import Formatter
from dashboard.language import traditional_chinese
from dashboard.views.own import changes, pain, questions
from dashboard.views.own.around import BAR, bar, place
from dashboard.views.own.balance import PARTS
from dashboard.views.own.doctor import SIGNS, emergency_lines, waiting_lines
from dashboard.views.own.exercises import LATER
from dashboard.views.own.language import UNIT_WORDS
from dashboard.views.own.pages import PAGES
from dashboard.views.own.pain import SAYS
from dashboard.views.own.progress import EXPECT
from dashboard.views.own.questions import SCALE
from dashboard.views.own.visit import BRING, WEEKDAYS

OpenPage = Callable[..., AppTest]
NAMES = [name for name, _, _ in PAGES]
ASKING = [name for name in NAMES if name not in ("myreport", "language", "more")]
ALLOWED = {"OpenSpine", "Central", "Chan", "Mei", "Ling", "PIN", "PDF", "JSON", "English", "kg", "lb"}
NOT_FOR_PATIENTS = ("%", "LSI", "TUT", "SPARC", "MDC", "Nm", "RIR", "RPE")
WAITING = Waiting(
    code="bladder_saddle", text_en="Numb between the legs.", text_zh="胯下麻痺", emergency=True, closes=()
)


def words(app: AppTest) -> str:
    """Gather everything that a page says, also on what can be pressed; signs are no words."""
    kinds = (
        app.title,
        app.subheader,
        app.markdown,
        app.caption,
        app.info,
        app.error,
        app.success,
        app.warning,
    )
    said = [str(one.value) for kind in kinds for one in kind]
    said += [str(one.label) for kind in (app.button, app.text_input, app.expander) for one in kind]
    return re.sub(r":material/\w+:|:(green|gray|blue|orange)(-badge)?\[|:small", " ", "\n".join(said))


@pytest.mark.parametrize("name", NAMES)
def test_a_page_in_chinese_has_no_english_word_and_no_figure_for_staff(
    name: str, open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page(name, role="patient", language="zh-HK")
    assert not app.exception
    assert not app.error
    said = words(app)
    assert set(re.findall("[A-Za-z]+", said)) <= ALLOWED
    assert not [word for word in NOT_FOR_PATIENTS if word in said]


def test_progress_in_english_has_no_figure_for_staff(open_page: OpenPage) -> None:
    app = open_page("mine", role="patient")
    assert not app.exception
    assert app.title[0].value == "My progress"
    assert not [word for word in NOT_FOR_PATIENTS if word in words(app)]


@pytest.mark.parametrize("name", ASKING)
def test_a_page_says_what_comes_next_when_there_is_nothing_yet(
    name: str, open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.mood = "empty"
    app = open_page(name, role="patient")
    assert not app.exception
    assert not app.error
    assert any("\n" in str(info.value) for info in app.info)


@pytest.mark.parametrize("name", ASKING)
def test_a_page_says_plainly_that_there_is_no_answer(
    name: str, open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.mood = "broken"
    app = open_page(name, role="patient")
    assert not app.exception
    assert ["had a fault of its own" in str(error.value) for error in app.error] == [True]
    assert app.title[0].value == next(title for each, title, _ in PAGES if each == name)


def test_what_needs_a_doctor_stands_first_and_stops_the_exercises(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.waiting = [
        {"code": "bladder_saddle", "text_en": "Numb.", "text_zh": "麻痺", "emergency": True, "closes": []}
    ]
    app = open_page("next", role="patient")
    assert "call 999" in str(app.error[0].value)
    assert "Exercises for today: 2" not in {str(one.proto.label) for one in app.get("page_link")}
    app = open_page("exercises", role="patient")
    assert "call 999" in str(app.error[0].value)
    assert not [button for button in app.button if str(button.key).startswith("open-")]


def test_an_emergency_is_told_with_what_to_do(show: Formatter, show_lb: Formatter) -> None:
    assert emergency_lines(WAITING, show)[:2] == [
        "**This needs a doctor now.**",
        "You told us: Numb between the legs.",
    ]
    assert "999" in "".join(emergency_lines(WAITING, show_lb))


def test_what_waits_names_its_machines(show: Formatter) -> None:
    one = Waiting(
        code="glaucoma", text_en="Glaucoma", text_zh="青光眼", emergency=False, closes=("leg_press", "row")
    )
    assert waiting_lines(one, show)[2] == "These machines wait until then: Leg press, Row."


def test_every_word_that_a_page_chooses_from_is_translated() -> None:
    chosen = {*SIGNS, *WEEKDAYS, *BRING, *PARTS, *LATER.values(), *UNIT_WORDS.values(), *SCALE}
    chosen |= {*pain.CHANGES.values(), *questions.CHANGES.values(), *questions.NAMES.values()}
    chosen |= {words for _, words in (*SAYS, *EXPECT, *changes.SIGNS.values())}
    chosen |= {word for word, _ in BAR.values()}
    assert len(chosen) > 55
    assert chosen - traditional_chinese().keys() == set()


def test_the_bar_leads_to_pages_that_are_there_and_marks_the_one_that_is_open(show: Formatter) -> None:
    assert set(BAR) <= set(NAMES)
    assert [tap.value for tap in bar(show)] == list(BAR)
    assert {place(name) for name in NAMES} == set(BAR)
    assert place("changes") == "more"
