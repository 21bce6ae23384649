import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from openspine.bench.dashboard import _page, report
from openspine.bench.viewer import _is_fault
from openspine.verbs.bench_dashboard import _lines


@pytest.mark.parametrize(("slowest_ms", "ok"), [(1_900.0, True), (2_100.0, False)])
def test_a_page_is_judged_by_its_slowest_loads_and_set_beside_the_small_studio(
    slowest_ms: float, *, ok: bool
) -> None:
    found = _page([300.0] * 18 + [slowest_ms] * 2, [150.0] * 20)
    assert (found["ok"], found["ratio"], found["p95_ms"], found["loads"]) == (ok, 2.0, slowest_ms, 20)


def test_what_was_measured_can_be_said_in_lines() -> None:
    crowd = {"viewers": 50, "refresh_p95_ms": 312.0, "refreshes": 201, "frame_p95_ms": 98.0, "frames": 900}
    pages = {"floor": _page([300.0] * 20, [150.0] * 20)}
    found = report({"patients": 24, "reps": 4_298}, pages, [crowd | {"ok": False}])
    assert found["ok"] is False
    lines = _lines(found)
    assert "312.0 ms (201)" in lines[1]
    assert lines[2].startswith("goals 2000 ms and 500 ms; 24 patients, 4298 reps, load average ")


def test_a_fault_on_the_page_is_no_page() -> None:
    told = ForwardMsg()
    told.delta.new_element.markdown.body = "Studio floor"
    assert not _is_fault(told)
    told.delta.new_element.exception.type = "KeyError"
    assert _is_fault(told)
