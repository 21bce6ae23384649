"""Every part of the tabs on which staff act: open to a clinician, complete in Chinese, in pounds."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_service.api import FakeApi
from fake_service.door import FRESH_UNTIL
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard.api.files import FILES
from dashboard.language import traditional_chinese
from dashboard.views.enrolment.page import STEPS
from dashboard.views.enrolment.questions import EMERGENCY
from dashboard.views.enrolment.review import NEEDED, missing
from dashboard.views.health import consents, pain, pressure, profile
from dashboard.views.health import tab as health
from dashboard.views.health.closing import GROUPS
from dashboard.views.papers import notes, questionnaires
from dashboard.views.papers import tab as papers
from dashboard.views.parts import code
from dashboard.views.person import cards
from dashboard.views.person import tab as person
from dashboard.views.prescribing import assessments, exercises, new_programme, phase, programme, words
from dashboard.views.prescribing import tab as prescribing

FOLDER = Path(str(dashboard.__file__)).parent / "views"
MINE = ("prescribing", "health", "papers", "person", "enrolment")
TABS = {"prescribing": prescribing, "health": health, "notes": papers, "person": person}
PARTS = [(tab, code(title)) for tab, held in TABS.items() for title in held.PARTS] + [("files", "")]
TABLES: tuple[dict[str, str], ...] = (
    words.FIELDS, phase.CONDITIONS, exercises.CLOSED, assessments.TESTS, programme.FUNCTION, programme.WHY,
    new_programme.GOALS, GROUPS, pain.WHAT, consents.PURPOSES, profile.PROFILES, notes.KINDS, cards.NAMES,
    questionnaires.NAMES, NEEDED,
)  # fmt: skip
OpenPage = Callable[..., AppTest]


@pytest.mark.parametrize(("tab", "part"), PARTS)
def test_a_clinician_reads_every_part_in_chinese_and_in_pounds(
    tab: str, part: str, open_page: OpenPage, fake_api: FakeApi, texts: Callable[[AppTest], str]
) -> None:
    fake_api.stepped_up_until = FRESH_UNTIL
    query = {"patient": "p-1", "tab": tab, "part": part, "language": "zh-HK", "unit": "lb"}
    app = open_page("patient", role="clinician", **query)
    assert not app.exception
    assert not app.error
    assert " kg" not in texts(app)
    labels = [
        one.label for kind in (app.button, app.selectbox, app.number_input, app.checkbox) for one in kind
    ]
    assert [label for label in labels if label.isascii() and label not in ("lb", "kg")] == []


def test_every_sentence_that_stands_in_a_table_is_translated() -> None:
    said = {words for table in TABLES for words in table.values()}
    said |= {words for _, _, words in questionnaires.VERDICTS.values()}
    said |= {title for held in TABS.values() for title in held.PARTS} | {*STEPS, EMERGENCY}
    said |= {each.title for each in FILES.values()} | set(chosen_sentences())
    said |= {pressure.meaning_of(190, 80), pressure.meaning_of(165, 80)}
    nothing = {
        "consents": [{"purpose": "training", "given": False, "version": ""}],
        "code": "?",
        "badge": "1",
    }
    said |= set(missing(nothing))
    assert len(said) > 90
    assert said - traditional_chinese().keys() == set()


def chosen_sentences() -> Iterator[str]:
    """Find sentences that a name carries to where they are said."""
    for path in (path for folder in MINE for path in (FOLDER / folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names = {getattr(target, "id", "") for target in node.targets}
                if names & {"sentence", "signed", "cleared"}:
                    yield str(ast.literal_eval(node.value))


def test_the_open_part_stands_in_the_url_and_alone_asks_the_service(
    open_page: OpenPage, fake_api: FakeApi
) -> None:
    app = open_page("patient", patient="p-1", tab="prescribing", part="phase")
    assert app.segmented_control(key="part-prescribing").value == "phase"
    asked = [path.rsplit("/", 1)[1] for path in fake_api.asked if path.startswith("/v1/patients/p-1/")]
    assert "phase" in asked
    assert not {"versions", "programmes", "capacity", "home-exercises", "tests"} & set(asked)
