"""The service of a chaos run never outlives the run."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from openspine.broker.embedded import Broker, best_kind
from openspine.chaos.crowd import KIND
from openspine.chaos.process import Place, ServiceLives
from openspine.chaos.service import open_side

PATIENCE_S = 10.0
RUN = """
from pathlib import Path
from openspine.chaos.process import Place, ServiceLives
import time
if __name__ == "__main__":
    lives = ServiceLives(Place(url="sqlite://", keys=Path({keys!r}), port=1))
    lives.start()
    print(lives._process.pid, flush=True)
    time.sleep(60)
"""


def is_there(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_service_ends_with_the_run_however_that_ends(how: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN.format(keys=str(tmp_path / "keys")))
    run = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    with run, run.stdout:
        pid = int(run.stdout.readline())
        assert is_there(pid)
        run.send_signal(how)
        run.wait(PATIENCE_S)
    deadline = time.monotonic() + PATIENCE_S
    while is_there(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = is_there(pid)
    if left:
        os.kill(pid, signal.SIGKILL)
    assert not left


@pytest.mark.slow
def test_a_service_that_ends_by_itself_is_told_also_in_its_next_life(tmp_path: Path) -> None:
    """One that crashed and was started again by the next kill would go unseen."""
    lives = ServiceLives(Place(url="sqlite://", keys=tmp_path / "keys", port=1))
    lives.start()
    try:
        assert lives.ended_by_itself() == ""
        assert lives._process is not None
        assert lives._process.pid is not None
        os.kill(lives._process.pid, signal.SIGSEGV)
        lives._process.join(PATIENCE_S)
        assert lives.ended_by_itself() == "svc-chaos ended by itself with exit code -11"
        lives.kill()
        lives.start()
        assert lives.ended_by_itself() == "svc-chaos ended by itself with exit code -11"
    finally:
        lives.kill()


@pytest.mark.slow
async def test_who_waits_for_a_service_waits_until_it_has_subscribed_or_ended(tmp_path: Path) -> None:
    nowhere = ServiceLives(Place(url="sqlite://", keys=tmp_path / "keys", port=1))  # nobody listens there
    nowhere.start()
    try:
        assert not await nowhere.subscribed(patience_s=2.0)
        assert nowhere.ended_by_itself() == ""
        waiting = asyncio.create_task(nowhere.subscribed())
        assert nowhere._process is not None
        assert nowhere._process.pid is not None
        os.kill(nowhere._process.pid, signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            assert not await waiting
        assert nowhere.ended_by_itself() == "svc-chaos ended by itself with exit code -15"
    finally:
        nowhere.kill()
    with Broker(best_kind(), tmp_path / "broker") as broker:
        side = open_side(tmp_path, 1, KIND, has_inbox=True)
        lives = ServiceLives(Place(url=side.url, keys=tmp_path / "keys", port=broker.port))
        lives.start()
        try:
            assert await lives.subscribed()
        finally:
            lives.kill()
            side.engine.dispose()
