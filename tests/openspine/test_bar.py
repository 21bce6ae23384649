import pytest

from openspine.bar import Bar


def test_without_a_terminal_it_says_a_line_now_and_then_and_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Bar("day", 10, line_s=3_600) as bar:
        bar.at(2, "two")
        bar.at(10, "ten")
    printed = capsys.readouterr()
    assert printed.err == "day: 100%  ten\n"
    assert printed.out == ""


def test_with_no_pause_every_look_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar("day", 10, line_s=0) as bar:
        bar.at(2, "two")
        bar.at(5, "five")
    assert capsys.readouterr().err == "day: 20%  two\nday: 50%  five\n"


def test_on_a_terminal_it_is_a_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Bar("day", 10) as bar:
        bar.at(5, "half")
    printed = capsys.readouterr()
    assert "50%" in printed.err
    assert "half" in printed.err
    assert printed.out == ""
