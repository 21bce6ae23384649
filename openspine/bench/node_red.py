"""Node-RED beside the loop: the same raw flow, drawn in another tool, with TCP_NODELAY on every socket.

Installed by npm into a folder that is kept; nothing of it belongs to the project.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from contract.messages import Head, Message, RecordedBody, SetEnd, SignIn
from openspine.bench.raw import TABLE, answer
from openspine.children import LOOPBACK, Surroundings, end, free_port, spawn

PACKAGES = ("node-red@4.1.15", "pg@8.23.1")  # the versions that the figures are of
PATIENCE_S = 240.0
SETTLE_S = 2.0  # between "connected" in its log and the broker's knowing of the subscription
CONNECTIONS = 10  # of its pool, the driver's own default
_NODELAY = """\
const socket = require("net").Socket.prototype, connect = socket.connect;
socket.connect = function (...how) { this.setNoDelay(true); return connect.apply(this, how); };
"""
_STORE_AND_ANSWER = """\
const head = JSON.parse(msg.payload), answers = %s;
await global.get("pool").query(
    "INSERT INTO inbox VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    [head.machine, head.stream, head.seq, msg.payload]);
const kind = head.kind === "sign_in" ? "plan" : ["set_end", "answer"].includes(head.kind) ? "setting" : "ack";
let said = {stream: head.stream, upto: head.seq};
const basis = {stream: head.stream, seq: head.seq}, own = {session: head.session, basis};
const crypto = global.get("crypto");
if (kind === "plan") {
    const settings = answers.plan.settings.map(row => ({...row, ...own, id: crypto.randomUUID()}));
    said = {...answers.plan, session: head.session, nonce: head.nonce, settings};
} else if (kind === "setting") {
    said = {...answers.setting, ...own, id: crypto.randomUUID(), seq: head.seq, set: (head.set || 0) + 1};
}
return {topic: `openspine-sim/v1/${head.machine}/down/${kind}`, payload: JSON.stringify(said)};
"""
_SETTINGS = """\
const {Pool} = require("pg");
module.exports = {
    flowFile: "flows.json", credentialSecret: false, httpAdminRoot: false, uiHost: "127.0.0.1", uiPort: %d,
    telemetry: {enabled: false}, editorTheme: {tours: false},
    functionGlobalContext: {pool: new Pool({connectionString: "%s", max: %d}), crypto: require("crypto")},
    logging: {console: {level: "info"}},
};
"""


def absent(database: str) -> str:
    """Say why it cannot be measured here; empty when it can."""
    if database != "postgres":
        return "Node-RED is measured on PostgreSQL"
    return "" if shutil.which("npm") and shutil.which("node") else "npm is not on this computer"


def default_folder() -> Path:
    """Where the packages are kept."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "openspine" / "node-red"


def install(folder: Path) -> Path:
    """Install the packages once; RuntimeError carries the end of what npm says."""
    program = folder / "node_modules" / "node-red" / "red.js"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        quietly = ("--no-audit", "--no-fund", "--omit=dev", "--prefix", str(folder))
        said = subprocess.run(
            ["npm", "install", *quietly, *PACKAGES],  # noqa: S607 (the npm of whoever runs the bench)
            capture_output=True,
            text=True,
            check=False,
        )
        if said.returncode or not program.exists():
            raise RuntimeError(f"npm could not install Node-RED: {said.stderr.strip()[-300:]}")
    return program


@contextmanager
def node_red(packages: Path, port: int, url: str, folder: Path) -> Iterator[list[int]]:
    """Run the flow; yields its process."""
    program, own = install(packages), folder / "flow"
    own.mkdir()
    (own / "settings.js").write_text(_SETTINGS % (free_port(), url.replace("+psycopg", ""), CONNECTIONS))
    (own / "flows.json").write_text(json.dumps(flow(port)))
    (own / "nodelay.js").write_text(_NODELAY)
    _make_table(url)
    log = folder / "node-red.log"
    paths = {"NODE_PATH": str(packages / "node_modules"), "NODE_OPTIONS": f"--require {own / 'nodelay.js'}"}
    command = ["node", str(program), "--userDir", str(own), "--settings", str(own / "settings.js")]
    child = spawn(command, log, Surroundings(environment={**os.environ, **paths}))
    try:
        _wait(child, log)
        yield [child.pid]
    finally:
        end(child)


def flow(port: int) -> list[dict[str, Any]]:
    """Draw the flow: in from the broker, a function that stores and answers, out to the broker."""
    broker = {
        "id": "broker",
        "type": "mqtt-broker",
        "broker": LOOPBACK,
        "port": str(port),
        "clientid": "svc-node-red",
        "autoConnect": True,
        "protocolVersion": "5",
        "keepalive": "60",
        "cleansession": True,
    }
    tab = {"id": "tab", "type": "tab", "label": "loop"}
    heard = {"id": "in", "type": "mqtt in", "topic": "openspine-sim/v1/+/up/#", "wires": [["do"]]}
    work = {"id": "do", "type": "function", "func": _STORE_AND_ANSWER % json.dumps(_answers()), "outputs": 1}
    said = {"id": "out", "type": "mqtt out", "topic": "", "qos": "1", "broker": "broker", "wires": []}
    return [
        tab,
        broker,
        {**heard, "qos": "1", "datatype": "utf8", "broker": "broker", "inputs": 0, "z": "tab"},
        {**work, "wires": [["out"]], "z": "tab"},
        {**said, "z": "tab"},
    ]


def _answers() -> dict[str, Any]:
    """Make what the raw loop would say; the flow puts its own session, nonce and basis in."""
    blank = "00000000-0000-0000-0000-000000000000"
    head = Head(
        v=1,
        kind="sign_in",
        machine="m-1",
        stream=blank,
        seq=1,
        boot=blank,
        mono_ms=0,
        wall_ms=0,
        session=blank,
    )
    sign_in = SignIn(nonce="0" * 32, machine_kind="lumbar_extension", firmware="bench", badge="b")
    ended = SetEnd(
        set=1, side="both", setting=blank, reps=10, partial_reps=0, ended_by="target", duration_s=60.0
    )
    bodies: dict[str, RecordedBody] = {"plan": sign_in, "setting": ended}
    said = {name: answer(Message(head=head, body=body)) for name, body in bodies.items()}
    return {name: msgspec.json.decode(payload) for name, (_, payload) in said.items()}


def _make_table(url: str) -> None:
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is measured

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(TABLE)


def _wait(child: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while "Connected to broker" not in (log.read_text(errors="replace") if log.exists() else ""):
        if child.poll() is not None or time.monotonic() > deadline_s:
            raise RuntimeError(f"Node-RED does not work: {log.read_text(errors='replace')[-500:]}")
        time.sleep(0.1)
    time.sleep(SETTLE_S)
