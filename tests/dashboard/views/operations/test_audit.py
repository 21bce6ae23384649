from collections.abc import Callable

from fake_service.api import FakeApi
from fake_service.operations import WONG
from streamlit.testing.v1 import AppTest

from dashboard.api.audit import AuditPage, list_audit
from dashboard.client import Client, Failure
from dashboard.format import Formatter
from dashboard.views.operations.audit import detail_words, entry_row, short, staff_names

OpenPage = Callable[..., AppTest]


def test_an_entry_names_staff_and_shortens_pseudonyms(client: Client, show: Formatter) -> None:
    answer = list_audit(client, {}, 50)
    assert isinstance(answer, AuditPage)
    row = entry_row(answer.items[0], {WONG: "Dr Wong Ka Yan"}, show)
    assert (row["Who"], row["To"], row["What"]) == ("Dr Wong Ka Yan", "Patient 0d9f3b8a…", "limits.sign")
    assert entry_row(answer.items[1], {}, show)["Who"] == "retention"  # a job has a name of its own


def test_words_of_people_are_said_to_be_sealed_and_not_shown(show: Formatter) -> None:
    said = detail_words({"version": 3, "reason": "hmac:980fd4a9", "fields": ["name", "code"]}, show)
    assert said == "Version: 3 · Reason: sealed words · Fields: name, code"


def test_names_of_machines_stay_whole() -> None:
    assert short("lumbar-1") == "lumbar-1"
    assert short(WONG) == "5f6d0c9e…"


def test_without_the_list_of_staff_nobody_has_a_name() -> None:
    assert staff_names(Failure(reason="unreachable")) == {}


def test_the_filters_of_the_url_reach_the_service(open_page: OpenPage, fake_api: FakeApi) -> None:
    app = open_page("audit", role="auditor", action="limits.sign", actor=WONG)
    assert not app.exception
    asked = [question for question in fake_api.asked if question.startswith("/v1/audit")]
    assert asked[-1] == f"/v1/audit?limit=50&action=limits.sign&actor={WONG}"
    assert len(app.dataframe[0].value) == 1
