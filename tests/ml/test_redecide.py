"""Logged decisions once more: equal, different and where, or refused because another model decided."""

import json
from typing import Any

import pytest

from ml import runner
from ml.effort.model import RuleEffort
from ml.redecide import Logged, differences, redecide


def _logged(request: bytes, answer: bytes | None = None) -> Logged:
    return Logged(
        id="one", request=request, answer=runner.decide(request) if answer is None else answer, software="0.1"
    )


@pytest.fixture
def asked(build: Any) -> bytes:
    return runner.write(build.request(model="rule-1"))


def test_what_was_decided_here_is_decided_again(asked: bytes) -> None:
    tally = redecide([_logged(asked), _logged(asked)], RuleEffort)
    assert (tally.equal, tally.different, tally.decisions, tally.first) == (2, 0, 2, None)


def test_one_changed_byte_is_found_and_its_place_is_named(asked: bytes) -> None:
    answer = bytearray(runner.decide(asked))
    place = answer.index(b'"load_g":', answer.index(b'"rows":')) + len(b'"load_g":')
    before = chr(answer[place])
    answer[place] = ord("9") if before != "9" else ord("8")
    tally = redecide([_logged(asked), _logged(asked, bytes(answer))], RuleEffort)
    assert (tally.equal, tally.different) == (1, 1)
    assert tally.first is not None
    assert tally.first.software == "0.1"
    assert [where.split(":")[0] for where in tally.first.places] == ["rows[0].load_g"]


def test_another_model_is_refused_not_compared(build: Any) -> None:
    request = runner.write(build.request(model="effort-000000000000"))
    tally = redecide([_logged(request, b"{}")], RuleEffort)
    assert (tally.equal, tally.different, tally.refused.total()) == (0, 0, 1)
    assert "effort-000000000000 is not at hand" in next(iter(tally.refused))


def test_a_damaged_log_is_never_equal(asked: bytes) -> None:
    tally = redecide([_logged(b"", b""), _logged(asked, b"")], RuleEffort)
    assert (tally.equal, tally.different, tally.refused.total()) == (0, 1, 1)
    assert tally.first is not None
    assert "not JSON" in tally.first.places[0]


def test_differences_name_places_and_know_when_to_stop() -> None:
    before, after = {"a": [{"b": 1}, 2], "c": 3}, {"a": [{"b": 1}, 5], "d": 4}
    found = differences(json.dumps(before).encode(), json.dumps(after).encode())
    assert found == ("a[1]: logged 2, now 5", "c: logged 3, now null", "d: logged null, now 4")
    many = differences(json.dumps(list(range(40))).encode(), json.dumps(list(range(1, 41))).encode())
    assert (len(many), many[-1]) == (13, "and 28 more")
    assert differences(b"[1,2]", b"[1, 2]") == ("same values, other bytes",)


def test_what_one_list_has_more_than_the_other_is_named() -> None:
    before, after = [{"code": "a"}, {"code": "b"}], [{"code": "a"}]
    found = differences(json.dumps({"why": before}).encode(), json.dumps({"why": after}).encode())
    assert found == ('why[1]: logged {"code":"b"}, now null',)
