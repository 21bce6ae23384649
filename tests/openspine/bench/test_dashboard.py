import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from openspine.bench.dashboard import _page
from openspine.bench.viewer import _is_fault


@pytest.mark.parametrize(("slowest_ms", "ok"), [(1_900.0, True), (2_100.0, False)])
def test_a_page_is_judged_by_its_slowest_loads_and_set_beside_the_small_studio(
    slowest_ms: float, *, ok: bool
) -> None:
    found = _page([300.0] * 18 + [slowest_ms] * 2, [150.0] * 20)
    assert (found["ok"], found["ratio"], found["p95_ms"], found["loads"]) == (ok, 2.0, slowest_ms, 20)


def test_a_fault_on_the_page_is_no_page() -> None:
    told = ForwardMsg()
    told.delta.new_element.markdown.body = "Studio floor"
    assert not _is_fault(told)
    told.delta.new_element.exception.type = "KeyError"
    assert _is_fault(told)
