"""My report: nothing leaves without a fresh proof, and what leaves is in the viewer's language and unit."""

from collections.abc import Callable

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

from dashboard.client import Failure, File
from dashboard.format import Formatter
from dashboard.views.own import report
from dashboard.views.own.report import size_words

OpenPage = Callable[..., AppTest]


def test_without_a_fresh_proof_the_pin_is_asked_for(open_page: OpenPage) -> None:
    app = open_page("myreport", role="patient")
    assert [str(one.label) for one in app.text_input] == ["PIN"]
    assert "make-report" not in {str(button.key) for button in app.button}


def test_report_and_data_are_fetched_in_the_language_and_unit_of_the_viewer(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("myreport", role="patient", language="zh-HK", unit="lb")
    app.button(key="make-report").click().run()
    assert "/v1/patients/p-1/report.pdf?language=zh-HK&unit=lb" in fake_api.asked
    (button,) = app.get("download_button")
    assert button.label == "儲存 · 1 kB"  # type: ignore[union-attr]  # a block is none
    app.button(key="make-everything").click().run()
    assert "/v1/patients/p-1/everything" in fake_api.asked
    assert [str(one.key) for one in app.get("download_button")] == ["save-report", "save-everything"]


def test_two_files_that_cannot_be_fetched_break_no_page_and_are_not_kept(
    open_page: OpenPage, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_asked: object) -> Failure:
        return Failure(reason="unreachable")

    fake_api.stepped_up_until = FRESH_UNTIL
    app = open_page("myreport", role="patient")
    app.button(key="make-report").click().run()
    monkeypatch.setattr(report, "get_patient_file", away)
    app.button(key="make-report").click().run()
    assert len(app.error) == 1
    assert not app.get("download_button")  # the one before is not what was asked for
    app.button(key="make-everything").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert not app.run().error


def test_a_size_is_never_nothing(show: Formatter) -> None:
    file = File(name="a", media_type="b", content=b"c" * 84_400)
    assert size_words(file, show) == "84 kB"
    assert size_words(File(name="a", media_type="b", content=b""), show) == "1 kB"
