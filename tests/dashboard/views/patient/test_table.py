from collections.abc import Callable
from datetime import UTC, datetime

from fake_service.api import FakeApi
from streamlit.testing.v1 import AppTest

from dashboard.client import File
from dashboard.format import Formatter
from dashboard.views.patient.table import table_words

TOGGLE = "table-balance-p-1"
OpenPage = Callable[..., AppTest]


def tables(fake: FakeApi) -> list[str]:
    return [path for path in fake.asked if ".csv" in path]


def test_a_table_says_its_size_its_zone_and_its_unit(show: Formatter) -> None:
    made = File(name="balance.csv", media_type="text/csv", content=b"x" * 3_000, zone="Asia/Tokyo")
    said = "balance.csv · 3 KB · made at 10:05 · times of Asia/Tokyo, weights in kg"
    assert table_words(made, datetime(2026, 11, 21, 2, 5, tzinfo=UTC), show) == said


def test_who_takes_a_table_proves_it_first_and_has_it_made_once(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    app = open_page("patient", role="therapist", patient="p-1")
    app.toggle(key=TOGGLE).set_value(True).run()
    assert tables(fake_api) == []
    assert app.text_input(key=f"proof-words-{TOGGLE}").label == "Passphrase"
    fake_api.stepped_up_until = "2099-01-01T00:00:00Z"
    app.run()
    app.run()
    assert tables(fake_api) == ["/v1/patients/p-1/balance.csv"]
    assert [button.proto.label for button in app.get("download_button")] == ["Save the table"]
    app.toggle(key=TOGGLE).set_value(False).run()
    app.toggle(key=TOGGLE).set_value(True).run()  # asked for again: with what came in between
    assert len(tables(fake_api)) == 2
