"""Threads that read their first messages together: msgspec ended one such process in three (SIGSEGV)."""

import re
import subprocess
import sys

import pytest

TRIES = 12
ENDS_OF_READING = re.compile("missing required field|SignOut|sign_out")  # the body of a sign-out is empty
TOGETHER = """
import sys
from threading import Barrier, Thread

from msgspec import ValidationError

{imports}

sys.setswitchinterval(1e-6)
readings = {readings}
starts = [Barrier(8, timeout=20) for _ in readings]

def found(reading):
    try:
        return repr(reading())
    except ValidationError as misfit:
        return str(misfit)

def read():
    for start, reading in zip(starts, readings, strict=True):
        start.wait()
        found(reading)

threads = [Thread(target=read) for _ in range(8)]
for one in threads:
    one.start()
for one in threads:
    one.join()
for reading in readings:
    print(found(reading))
"""
MESSAGES = {
    "imports": "from contract import codec, messages, topics",
    "readings": """[
    lambda topic=topics.name('sim', 'mat-1', topics.CHANNEL_OF_KIND[kind]), kind=kind: codec.decode_up(
        topic,
        b'{"v":1,"kind":"%s","machine":"mat-1","stream":"%s","seq":1,"mono_ms":1,"wall_ms":1,"boot":"%s"}'
        % (kind.encode(), *[b'00000000-0000-4000-8000-000000000000'] * 2),
    )
    for kind in messages.BODIES
]""",
}
REQUESTS = {
    "imports": "from ml import runner",
    "readings": "[lambda: runner.read_request(b'{}')]",
}
ANSWERS = {
    "imports": "from contract import messages\nfrom contract.reading import converter",
    "readings": "[lambda kind=kind: converter(kind)({}) for kind in messages.BODIES.values()]",
}


@pytest.mark.parametrize(
    ("what", "least"), [(MESSAGES, 9), (REQUESTS, 1), (ANSWERS, 9)], ids=["messages", "requests", "answers"]
)
def test_threads_that_read_first_together_read_on(what: dict[str, str], least: int) -> None:
    for _ in range(TRIES):
        done = subprocess.run(
            [sys.executable, "-c", TOGETHER.format(**what)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        found = done.stdout.splitlines()
        assert len(found) >= least
        assert all(
            "missing required field" in one or "sign_out" in one or "SignOut" in one for one in found
        ), found
