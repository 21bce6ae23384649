import json

import pytest

from openspine.outcome import ExitCode, Failure, hand_over, say

RESULT = {"ok": True, "name": "Chén"}


def test_json_is_one_object_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    hand_over(RESULT, as_json=True, lines=["not this"])
    assert json.loads(capsys.readouterr().out) == RESULT


def test_people_get_the_lines_or_else_the_fields(capsys: pytest.CaptureFixture[str]) -> None:
    hand_over(RESULT, as_json=False, lines=["all is well"])
    hand_over(RESULT, as_json=False)
    assert capsys.readouterr().out == "all is well\nok: True\nname: Chén\n"


def test_what_is_said_leaves_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    say("starting")
    assert capsys.readouterr() == ("", "starting\n")


def test_exit_codes_are_those_of_the_documentation() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 78]  # 78: EX_CONFIG of sysexits.h
    assert Failure("x").code == ExitCode.FAILED
