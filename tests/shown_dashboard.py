"""The dashboard as a process of its own, on loopback, over any service; and services for it in threads."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import uvicorn
from fastapi import FastAPI

from openspine.children import free_port

ROOT = Path(__file__).parents[1]
START_S = 60.0  # two busy cores may be slow
ASK_AGAIN_S = 0.1


@contextmanager
def dashboard(api: str, signing: str, port: int | None = None) -> Iterator[str]:
    """Run the dashboard over a service and a process that signs; yields its address."""
    address = f"http://127.0.0.1:{port or free_port()}"
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


@contextmanager
def served(app: FastAPI, port: int) -> Iterator[str]:
    """Serve one process of the service in a thread; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(f"http://127.0.0.1:{port}/healthz")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


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
