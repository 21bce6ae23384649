"""What is said of every golden decision is what is on file, complete and in both languages."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from ml.decision import Decision
from ml.explain import sentences

PATH = Path(__file__).parent / "explanations.py"


def recorder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("golden_explanations", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


RECORDER = recorder()
DECISIONS: dict[str, Decision] = dict(RECORDER.decisions())


def test_the_explanations_on_file_are_what_is_said() -> None:
    written = RECORDER.FILE.read_text(encoding="utf-8").split("## ")
    said = RECORDER.page().split("## ")
    changed = [section.split(chr(10))[0] for section in said if section not in written]
    assert changed == [], "record again: python tests/golden/explanations.py"
    assert written == said


def test_the_file_holds_a_dozen_decisions_that_hang_on_the_belief() -> None:
    steady = [name for name in DECISIONS if name.startswith("steady: ")]
    assert len(steady) >= 12
    raised = [DECISIONS[name] for name in steady if DECISIONS[name].raised == "load"]
    assert len(raised) >= 4
    assert all(decision.split_g for decision in raised)


@pytest.mark.parametrize("name", DECISIONS)
def test_every_sentence_is_complete(name: str) -> None:
    decision = DECISIONS[name]
    for language in RECORDER.LANGUAGES:
        patient = sentences.patient(decision, language)
        said = [patient, sentences.staff(decision, language), sentences.fitting(decision, language)]
        said += [
            sentences.against(decision.counter, language),
            sentences.confidence(decision.confidence, language),
        ]
        for text in said:
            assert not {"?", "{", "}", "_"} & set(text), text
        assert (
            (patient.count(". "), patient[-1]) == (0, ".") if language == "en" else patient.count("。") == 1
        )
        assert patient.isascii() == (language == "en")
    assert decision.binding is not None


@pytest.mark.parametrize("name", DECISIONS)
def test_the_parts_shown_add_up(name: str) -> None:
    decision = DECISIONS[name]
    said = sentences.split(decision.split_g, "en", values=sentences.known_values(decision.why))
    shown = [float(term.split(" kg ")[0]) for term in said.split(", ") if " kg " in term]
    assert round(sum(shown), 2) == sum(decision.split_g.values()) / 1_000
