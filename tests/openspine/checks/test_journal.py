import json
from pathlib import Path

from openspine.checks.journal import Count, Journal, read

LINES = """\
{"chosen": ["a", "b", "c", "d"]}
{"test": "a", "outcome": "passed", "reason": "", "counted": [[20, 1000]]}
{"test": "b", "outcome": "skipped", "reason": "no broker", "counted": []}
{"test": "c", "outcome": "passed", "reason": "", "counted": []}
{"test": "c", "outcome": "failed", "reason": "", "counted": []}
{"test": "d", "outco"""


def test_a_journal_is_read_up_to_the_moment_in_which_it_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(LINES)
    found = read(path)
    assert found.figures() == {"passed": 1, "passed_alone": 0, "failed": 1, "skipped": 1, "not_run": 1}
    assert found.not_run == ("d",)
    assert found.failed == ("c",)
    assert found.reasons == {"b": "no broker"}
    assert found.counted == (Count(test="a", n=20, of=1_000),)


def test_a_failure_stays_one_when_taking_down_goes_well(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    row = {"test": "a", "reason": "", "counted": []}
    rows = (json.dumps(row | {"outcome": outcome}) for outcome in ("failed", "passed"))
    path.write_text("\n".join(rows))
    assert read(path).outcomes == {"a": "failed"}


def test_a_file_takes_as_long_as_its_tests_with_setting_up_and_taking_down(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    done = {"outcome": "passed", "reason": "", "counted": []}
    rows = [
        {"test": "a.py::one", "took_s": 2.0},
        {"test": "a.py::one", "took_s": 0.25} | done,
        {"test": "a.py::two", "took_s": 0.5} | done,
        {"test": "b.py::one", "took_s": 1.0},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    found = read(path)
    assert found.took_s == {"a.py": 2.75, "b.py": 1.0}
    assert found.outcomes == {"a.py::one": "passed", "a.py::two": "passed"}


def test_no_journal_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == Journal()
