import sys
import time
from pathlib import Path

import pytest

from openspine.outcome import ExitCode, Failure
from openspine.verbs import test as verb

REPORT = """<testsuites><testsuite tests="5" failures="1" errors="1">
<testcase/><testcase/><testcase><skipped message="no broker"/></testcase></testsuite></testsuites>"""


def test_the_plan_leaves_slow_and_browser_tests_to_their_options(tmp_path: Path) -> None:
    plain = dict(verb.plan(tmp_path, browser=False, full=False))
    assert list(plain) == ["style", "format", "types", "imports", "tests"]
    assert plain["tests"][-1] == "not browser and not slow"
    assert dict(verb.plan(tmp_path, browser=False, full=True))["tests"][-2:] == ["not browser", "--full"]
    assert list(dict(verb.plan(tmp_path, browser=True, full=False))) == ["browser"]


@pytest.mark.parametrize(("duration", "expected"), [("90s", 90), ("60m", 3600), ("2h", 7200)])
def test_durations(duration: str, expected: float) -> None:
    assert verb.seconds(duration) == expected


@pytest.mark.parametrize("duration", ["", "m", "60", "-1m", "1.5h"])
def test_what_is_no_duration_is_refused(duration: str) -> None:
    with pytest.raises(Failure, match="--budget") as refused:
        verb.seconds(duration)
    assert refused.value.code == ExitCode.USAGE


def test_the_summary_counts_and_gives_the_reasons(tmp_path: Path) -> None:
    report = tmp_path / "pytest.xml"
    report.write_text(REPORT)
    assert verb.summary(report) == {"passed": 2, "failed": 2, "skipped": {"no broker": 1}}
    assert verb.summary(tmp_path / "none.xml")["passed"] == 0


def test_a_check_passes_fails_or_runs_out_of_time(capfd: pytest.CaptureFixture[str]) -> None:
    later = time.monotonic() + 60
    with capfd.disabled():
        assert verb.check("good", [sys.executable, "-c", ""], later).ok
        assert not verb.check("bad", [sys.executable, "-c", "raise SystemExit(1)"], later).ok
        assert not verb.check("long", [sys.executable, "-c", "import time; time.sleep(60)"], 0.0).ok
