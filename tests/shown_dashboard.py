"""The dashboard as a process of its own, on loopback, over any service."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from openspine.children import free_port

ROOT = Path(__file__).parents[1]
START_S = 60.0  # two busy cores may be slow
ASK_AGAIN_S = 0.1


@contextmanager
def dashboard(api: str, signing: str) -> Iterator[str]:
    """Run the dashboard over a service and a process that signs; yields its address."""
    address = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py"]
    options = ["--server.address", "127.0.0.1", "--server.port", address.rpartition(":")[2]]
    known = {"OPENSPINE_API": api, "OPENSPINE_API_PUBLIC": api, "OPENSPINE_PRESCRIBER": signing}
    process = subprocess.Popen(command + options, cwd=ROOT, env=os.environ | known, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"{address}/_stcore/health")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=10)


def wait_for(address: str) -> None:
    """Wait until something answers at an address."""
    deadline = time.monotonic() + START_S
    while True:
        try:
            with urlopen(address, timeout=1):  # noqa: S310 - loopback, built by us
                return
        except OSError:
            assert time.monotonic() < deadline, f"nothing answers at {address}"
            time.sleep(ASK_AGAIN_S)
