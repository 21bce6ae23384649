"""Bytes in, bytes out: canonical, refusing what it cannot run, with the model that the log names."""

from typing import Any

import msgspec
import pytest

from ml.artifact import default
from ml.runner import decide, read_request, write


def test_a_request_survives_its_own_json(build: Any) -> None:
    asked = build.request()
    assert read_request(write(asked)) == asked
    assert write(read_request(write(asked))) == write(asked)  # type: ignore[arg-type]


def test_the_answer_is_canonical_and_repeats(build: Any) -> None:
    asked = write(build.request(model="rule-1"))
    assert decide(asked) == decide(asked)
    again = msgspec.json.encode(msgspec.json.decode(decide(asked)), order="deterministic")
    assert msgspec.json.decode(again) == msgspec.json.decode(decide(asked))


def test_the_model_named_in_the_log_decides(build: Any) -> None:
    assert b'"model":"rule-1"' in decide(write(build.request(model="rule-1")))
    shipped = default().name.encode()
    assert shipped in decide(write(build.request(model="")))
    assert shipped in decide(write(build.request(model=default().name)))


def test_a_model_that_is_not_at_hand_is_refused(build: Any) -> None:
    answer = decide(write(build.request(model="effort-000000000000")))
    assert answer.startswith(b'{"refused":"model effort-000000000000 is not at hand')


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"occasion":"plan"}', b'{"schema":2}', b"\xff"])
def test_what_is_no_request_is_refused_in_one_line(broken: bytes) -> None:
    answer = decide(broken)
    assert answer.startswith(b'{"refused":"request')
    assert b"\n" not in answer


@pytest.mark.parametrize(
    "change",
    [{"kind": "sofa"}, {"person": {"age_years": 41, "sex": "male", "mass_kg": -1.0, "baseline_nrs": 2}}],
)
def test_figures_of_no_person_and_no_machine_are_refused(build: Any, change: dict[str, Any]) -> None:
    asked = msgspec.json.decode(write(build.request(belief=None, model="rule-1"))) | change
    answer = decide(msgspec.json.encode(asked))
    assert answer.startswith(b'{"refused":"request: no decision from such figures')
