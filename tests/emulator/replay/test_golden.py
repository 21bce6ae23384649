from dataclasses import replace

import msgspec
import pytest
from builders import a_plan, a_setting

from emulator.replay.golden import ON_THE_WIRE, compare, line, line_of, read_lines

SETTING = a_setting(sig="a" * 128)
PLAN = a_plan(settings=(SETTING,), sig="b" * 128)


def test_only_signatures_are_left_out_of_a_line() -> None:
    assert line_of("m", PLAN) == line_of("m", a_plan(settings=(a_setting(sig="c" * 128),), sig="d" * 128))
    assert b"aaaa" not in line_of("m", PLAN)
    for changed in (replace(SETTING, load_g=1), replace(SETTING, key_id="x"), replace(SETTING, why=())):
        assert line_of("m", changed) != line_of("m", SETTING)
    assert line_of("n", SETTING) != line_of("m", SETTING)


def test_equal_lists_are_the_same_in_any_order() -> None:
    lines = [line_of("m", PLAN), line_of("m", SETTING)]
    found = compare(lines, lines[::-1], ON_THE_WIRE)
    assert (found.is_same, found.equal) == (True, 2)


def test_a_difference_names_the_place_and_both_values() -> None:
    found = compare([line_of("m", SETTING)], [line_of("m", replace(SETTING, load_g=1))], ON_THE_WIRE)
    assert not found.is_same
    assert found.different == (
        f"setting {SETTING.id} (m, set 1 both): said.load_g: logged {SETTING.load_g}, now 1",
    )


def test_what_is_missing_and_what_is_new_is_named() -> None:
    found = compare([line_of("m", PLAN)], [line_of("m", SETTING)], ON_THE_WIRE)
    assert found.missing == (f"plan {PLAN.session} (m)",)
    assert found.unexpected == (f"setting {SETTING.id} (m, set 1 both)",)
    assert not found.is_same


def test_kinds_that_this_replay_cannot_know_are_not_compared() -> None:
    lines = [line_of("m", SETTING), line("decision", "d", {"occasion": "plan", "answer": {"rows": []}})]
    assert compare(lines, lines[:1], ON_THE_WIRE).is_same
    found = compare(lines, lines[:1], (*ON_THE_WIRE, "decision"))
    assert found.missing == ("decision d (plan)",)


def test_a_file_of_lines_comes_back_and_another_file_is_refused() -> None:
    lines = [line_of("m", PLAN), line_of("m", SETTING)]
    assert read_lines(b"\n".join(lines) + b"\n\n") == lines
    with pytest.raises(msgspec.DecodeError):
        read_lines(b'{"kind":"else","id":"1"}')
    with pytest.raises(msgspec.DecodeError):
        read_lines(b"nothing")
