"""Whatever comes over the wire is stored, known already or a dead letter; the service goes on answering."""

import json
from collections.abc import Callable, Iterator
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from contract import codec, topics
from openspine.__main__ import main
from openspine.broker.embedded import available_kinds
from openspine.fuzz import payload, payloads
from openspine.fuzz.payload import PLANTS, Run, fuzz
from openspine.fuzz.payload_bus import over_bus
from openspine.fuzz.payloads import Parcel, Payloads, Speaker
from openspine.outcome import ExitCode

EVERY_REASON = {
    "VALUE",
    "JSON",
    "TOPIC",
    "DEPTH",
    "VERSION",
    "MACHINE",
    "KIND",
    "SIZE",
    "SESSION",
    "CONFLICT",
}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    ("v", "kind", "machine", "stream", "seq", "boot", "mono_ms", "session", "set", "curve")
)


def _hush(_: str) -> None:
    return


def test_nothing_crashes_and_nothing_vanishes(counted: Callable[[int], int]) -> None:
    found = fuzz(counted(100_000), 1, _hush)
    assert found["ok"], found
    assert (found["crashes"], found["vanished"], found["uncounted"], found["stuck"]) == (0, 0, 0, 0)
    assert found["buried_by_a_bug"] == {}
    assert found["answered"] == found["asked"] > 1
    assert set(found["reasons"]) - {"GAPS"} == EVERY_REASON  # so many rows are missing in a long run only
    assert min(found["stored"], found["duplicates"], found["rejected"], found["live"]) > 0


@pytest.mark.parametrize("name", PLANTS)
def test_a_broken_service_is_found(name: str) -> None:
    """The negative controls: poison that is forgotten vanishes, a handler that trips leaves its name."""
    with payload.planted(name):
        found = fuzz(200, 1, _hush)
    assert not found["ok"]
    assert (
        found["vanished"]
        if name == "loses-poison"
        else found["buried_by_a_bug"] == {"ArithmeticError": found["reasons"]["FAILED"]}
    )
    assert fuzz(200, 1, _hush)["ok"]  # and the service is whole again


def test_a_crash_is_counted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> None:
        raise RuntimeError("burst")

    monkeypatch.setattr(payload, "handle", burst)
    run = Run(1)
    assert run.batch(10) <= 10
    assert run.crashes == ["RuntimeError: burst"]


def test_the_same_seed_makes_the_same_payloads() -> None:
    first, again, other = (Payloads(seed) for seed in ("1", "1", "2"))
    assert [first.next() for _ in range(300)] == [again.next() for _ in range(300)]
    assert [first.next() for _ in range(50)] != [other.next() for _ in range(50)]


def test_values_deep_within_a_row_are_changed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "HOSTILE", ('"hostile"',))
    stream = Payloads("1")
    made = [one.payload for one in (stream.next() for _ in range(3_000)) if one.made == "nested"]
    places = {place for one in made for place in _hostile_places(json.loads(one), "")}
    assert {".curve.deg", ".curve.nm", ".applied.load_g", ".applied.start_cdeg"} <= places


def _hostile_places(value: object, place: str) -> Iterator[str]:
    if value == "hostile":
        yield place
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _hostile_places(inner, f"{place}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _hostile_places(inner, place)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.dictionaries(FIELDS, JSON_VALUES, max_size=4), whole=st.none() | st.binary(max_size=60))
def test_what_hypothesis_thinks_of_ends_somewhere(changes: dict[str, object], whole: bytes | None) -> None:
    row = json.loads(Speaker("fuzz-1", 1, Random(1)).next().payload) | changes
    raw = json.dumps(row).encode() if whole is None else whole
    parcel = Parcel(topic=topics.name("sim", "fuzz-1", "up/session"), payload=raw, made="hypothesis")
    run = Run(1)
    run.take([parcel])
    assert (run.crashes, run.vanished, run.uncounted) == ([], 0, 0)
    decoded = codec.decode_up(parcel.topic, parcel.payload)
    assert run.ends["rejected"] or not isinstance(decoded, codec.Undecodable)


@pytest.mark.broker
@pytest.mark.skipif(not available_kinds(), reason="needs an MQTT broker")
def test_the_bus_goes_on_behind_a_real_broker() -> None:
    found = over_bus(400, 1, _hush)
    assert found["ok"], found
    assert found["answered"]
    assert found["received"] > 300
    assert min(found["stored"], found["rejected"], found["duplicates"]) > 0


def test_the_verb_fails_when_something_vanishes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logging.disable", lambda _: None)
    arguments = ["fuzz", "mqtt", "--n", "200", "--over-broker", "0", "--json"]
    assert main(arguments) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["payloads"] == 200
    assert main([*arguments, "--plant", "loses-poison"]) == ExitCode.FAILED
    assert json.loads(capsys.readouterr().out)["vanished"] > 0
    assert main(["fuzz", "mqtt", "--n", "0"]) == ExitCode.USAGE
