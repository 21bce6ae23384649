import pytest

from emulator.replay.messages import MessageReport


@pytest.fixture
def report() -> MessageReport:
    """Make the report of a whole replay: 59 rows, three sign-ins and their plans."""
    return MessageReport(
        machines=("sim-extension-1",),
        messages=60,
        rows=59,
        acknowledged=59,
        rejected=0,
        unacked=0,
        people=3,
        plans=3,
        settings=20,
        rounds=1,
        recorded_s=100.0,
        seconds=1.0,
        ack_ms={"p50": 1.0, "p99": 2.0},
        left_out={},
        is_whole=True,
    )
