from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.api.sessions import SessionDetail, SessionPage, list_sessions, read_session
from dashboard.client import Client
from dashboard.format import Formatter
from dashboard.views.patient.sessions import flag_words, newest_with_reps, rep_figures, session_name, set_name


@pytest.fixture
def detail(client: Client) -> SessionDetail:
    answer = read_session(client, "s-0")
    assert isinstance(answer, SessionDetail)
    return answer


def test_a_session_is_named_by_day_station_and_work(client: Client, show: Formatter) -> None:
    page = list_sessions(client, "p-1")
    assert isinstance(page, SessionPage)
    name = "21 Nov 2026 14:30 · Lumbar extension · 2 sets, 20 reps"
    assert session_name(page.items[0], show) == f"{name} · running"
    assert session_name(replace(page.items[0], closed_at=page.items[0].opened_at), show) == name


def test_the_newest_session_in_which_something_was_done_opens_first(client: Client) -> None:
    page = list_sessions(client, "p-1")
    assert isinstance(page, SessionPage)
    first, second = page.items[:2]
    assert newest_with_reps([replace(first, reps=0), second]) == second.session
    assert newest_with_reps([first, second]) == first.session
    assert newest_with_reps([replace(first, reps=0), replace(second, reps=0)]) == first.session


def test_a_set_says_how_it_ended_unless_it_reached_its_target(detail: SessionDetail, show: Formatter) -> None:
    assert set_name(detail.sets[0], show) == "Set 1 · 17.0 kg · 64 to 28° · 10 reps"
    assert set_name(detail.sets[1], show).endswith("10 reps · ended by too heavy")


def test_a_set_of_one_side_names_it(detail: SessionDetail, show: Formatter) -> None:
    assert set_name(replace(detail.sets[0], side="left", dose=None), show) == "Set 1 · left · 10 reps"


def test_the_figures_of_a_repetition_carry_their_units(detail: SessionDetail, show_lb: Formatter) -> None:
    line = rep_figures(detail.sets[0].reps[-1], show_lb)
    assert line["重量"] == "37.5 lb"
    assert line[show_lb.say("Tempo in s")] == "2.1-0.1-3.0"
    assert line["標記"] == "未完整"


def test_the_session_is_in_the_url(open_page: Callable[..., AppTest]) -> None:
    app = open_page("patient", patient="p-1", tab="sessions", session="s-3")
    assert app.selectbox(key="session-p-1").value == "s-3"
    assert len(app.table) == 2


def test_flagged_reps_are_named_with_their_reason(detail: SessionDetail, show: Formatter) -> None:
    done = detail.sets[0]
    assert flag_words(done, show) == "Flagged, so they raise nothing: rep 10: partial"
    fine = replace(done, reps=done.reps[:9])
    assert flag_words(fine, show) == "Range and speed of each rep; no rep was flagged."
