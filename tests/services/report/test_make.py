import pdf_text
from report_rows import CHAN, LAST_MS
from studio_rows import StudioRows

from services.report.make import report
from services.store.reading import patients


def test_report_is_in_the_person_s_language_unless_another_is_asked_for(course: StudioRows) -> None:
    with course.engine.connect() as connection:
        person = patients.one(connection, CHAN, "sim")
        assert person is not None
        own = report(connection, person, LAST_MS)
        english = report(connection, person, LAST_MS, "en", "lb")
    assert "我的腰背訓練" in pdf_text.text(own.content)
    assert "lb" in pdf_text.text(english.content)
    assert own.missing == ()


def test_letters_that_cannot_be_shown_are_named(studio: StudioRows) -> None:
    studio.patient("Chan Mei Ling สม")
    with studio.engine.connect() as connection:
        [person] = patients.page(connection, "sim", "", None, 1)
        assert report(connection, person, LAST_MS).missing == ("ส", "ม")
