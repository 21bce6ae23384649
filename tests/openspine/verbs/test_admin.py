import io
import json
import time
from pathlib import Path

import pytest

from machine_agent import pins
from openspine.__main__ import main
from openspine.outcome import ExitCode
from services.prescribing import operators

DAY_MS = 86_400_000
NOW_MS = 1_790_000_000_000


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_piped_pin_becomes_a_line_that_a_machine_accepts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("246810\n"))
    assert main(["admin", "pin", "--json"]) == ExitCode.OK
    printed = capsys.readouterr()
    line = json.loads(printed.out)["line"]
    assert pins.is_staff("246810", (line,))
    assert not pins.is_staff("246811", (line,))
    assert "246810" not in printed.out + printed.err


@pytest.mark.parametrize("given", ["", "123", "1234567890123", "12a4", "１２３４"])  # noqa: RUF001 (wide digits)
def test_what_no_keypad_can_enter_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    assert main(["admin", "pin"]) == ExitCode.USAGE
    assert capsys.readouterr().err == "openspine: a PIN has 4 to 12 digits\n"


@pytest.mark.parametrize(("second", "code"), [("2468", ExitCode.OK), ("2469", ExitCode.FAILED)])
def test_a_terminal_is_asked_twice_without_echo(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], second: str, code: ExitCode
) -> None:
    answers = iter(["2468", second])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _question: next(answers))
    assert main(["admin", "pin"]) == code
    assert "2468" not in capsys.readouterr().err


def test_an_operator_comes_and_goes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "operators.json"
    assert main(["admin", "operator", "new", "Dr Wong", "--operators", str(path)]) == ExitCode.OK
    token = capsys.readouterr().out.strip()
    assert operators.who(path, token, NOW_MS) == operators.Operator(name="Dr Wong")
    assert main(["admin", "operator", "dismiss", "Dr Wong", "--operators", str(path)]) == ExitCode.OK
    assert operators.who(path, token, NOW_MS) is None
    assert main(["admin", "operator", "dismiss", "Dr Wong", "--operators", str(path)]) == ExitCode.NOT_FOUND


def test_the_token_of_an_operator_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "operators.json"
    line = ["admin", "operator", "new", "Dr Wong", "--operators", str(path)]
    for more, days in (([], 90), (["--days", "7"], 7)):
        assert main([*line, *more]) == ExitCode.OK
        token = capsys.readouterr().out.strip()
        ends_ms = int(time.time() * 1_000) + days * DAY_MS
        assert operators.who(path, token, ends_ms - DAY_MS) is not None
        assert operators.who(path, token, ends_ms) is None
    assert [main([*line, "--days", days]) for days in ("0", "367")] == [ExitCode.USAGE] * 2


def test_an_operator_is_tied_to_the_own_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, account = tmp_path / "operators.json", "aaaaaaaa-0000-4000-8000-000000000001"
    line = ["admin", "operator", "new", "Dr Wong", "--operators", str(path), "--staff"]
    assert main([*line, account]) == ExitCode.OK
    token = capsys.readouterr().out.strip()
    assert operators.who(path, token, NOW_MS) == operators.Operator(name="Dr Wong", staff=account)
    assert main([*line, "wong"]) == ExitCode.FAILED


def test_a_list_that_others_may_read_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "operators.json"
    operators.admit(path, "Dr Wong")
    path.chmod(0o644)
    assert main(["admin", "operator", "new", "Dr Lee", "--operators", str(path)]) == ExitCode.FAILED
    assert capsys.readouterr().err == f"openspine: {path} may be read by others: chmod 600 it\n"
