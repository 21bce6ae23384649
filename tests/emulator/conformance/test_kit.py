"""The kit against real agents on a real broker: ours keeps every rule, each broken one breaks its own."""

import json
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from broken_agents import BROKEN

from emulator.conformance import credentials, own_agent, report, rim
from emulator.conformance.orders import Times
from emulator.conformance.rule import Level
from emulator.conformance.rules import RULES
from machine_agent import window
from openspine.broker.embedded import Broker, available_kinds
from openspine.children import end

pytestmark = pytest.mark.timeout(400)  # a kit's session takes its time, more of it on a busy machine
RETRY_S, RATE, JAVASCRIPT_RATE = 1.0, 12.0, 20.0
QUICK = Times(
    act_s=150.0, retry_least_s=RETRY_S, retry_first_most_s=2 * RETRY_S, retry_most_s=4 * RETRY_S, hello_s=30.0
)
ROOT = Path(__file__).parents[3]
QUICKLY = ("forgets", "late", "deaf")  # the others take as long, and run with the slow tests


@dataclass(frozen=True, kw_only=True)
class Place:
    """A broker, and the kit's keys in a folder."""

    port: int
    folder: Path
    signer: credentials.Signer

    def kit(self, machine: str, level: Level, acts: frozenset[str] | None = None) -> rim.Run:
        return rim.Run(
            machine=machine,
            host="127.0.0.1",
            port=self.port,
            signer=self.signer,
            level=level,
            listen=("127.0.0.1", 0),
            assisted=True,
            badge="conformance",
            wanted=acts,
            times=QUICK,
        )

    def own(self, machine: str, port: int) -> own_agent.OwnMachine:
        return own_agent.OwnMachine(
            name=machine,
            port=port,
            keys_file=self.folder / "keys" / "keys.json",
            site_key=self.signer.site_key,
            folder=self.folder,
            rate=RATE,
            wall_start_ms=time.time_ns() // 1_000_000,
        )

    async def judge(self, machine: str, acts: frozenset[str] | None = None) -> report.Report:
        kit = self.kit(machine, "full", acts)
        played = await own_agent.under_test(kit, lambda port: self.own(machine, port), lambda _: None)
        return report.made(played, RULES, machine, "full")


@pytest.fixture
def place(broker: Broker, tmp_path: Path) -> Place:
    folder = tmp_path / "kit"
    signer = credentials.open_folder(folder / "keys")
    return Place(port=broker.port, folder=folder, signer=signer)


def failed(found: report.Report) -> set[str]:
    return {one.rule.id for one in found.failures}


def skipped(found: report.Report) -> set[str]:
    return {one.rule.id for one in found.verdicts if one.finding.result == "skip"}


def explained(found: Mapping[str, report.Report]) -> str:
    return "\n".join(
        f"{name}: {one.rule.id} {one.finding}"
        for name, each in found.items()
        for one in each.verdicts
        if one.finding.result != "pass"
    )


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Let our agents send rows again after one second instead of ten."""
    monkeypatch.setattr(window, "RETRY_MS", round(RETRY_S * 1_000))
    monkeypatch.setattr(window, "RETRY_MOST_MS", round(4 * RETRY_S * 1_000))
    return monkeypatch


@pytest.mark.broker
@pytest.mark.slow
@pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)
async def test_our_agent_keeps_every_rule(place: Place, impatient: pytest.MonkeyPatch) -> None:
    del impatient
    found = await place.judge("own-1")
    assert failed(found) == set(), explained({"own-1": found})
    assert found.problem is None
    assert skipped(found) == set(), explained({"own-1": found})
    assert report.counts(found)["passed"] == len(RULES)


@pytest.mark.broker
@pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICKLY else pytest.mark.slow) for name in BROKEN]
)
async def test_a_broken_agent_breaks_exactly_its_rules(
    place: Place, impatient: pytest.MonkeyPatch, name: str
) -> None:
    broken = BROKEN[name]
    broken.breaks(impatient)
    found = await place.judge(name, broken.acts)
    assert failed(found) == broken.fails, explained({name: found})
    assert found.problem is None


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the one package that the example needs, by the ordinary client."""
    npm = shutil.which("npm")
    if shutil.which("node") is None or npm is None:
        pytest.skip("node and npm are not installed here")
    folder = tmp_path_factory.mktemp("node")
    install = [
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--prefix",
        str(folder),
        "mqtt",
    ]
    try:
        done = subprocess.run(install, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("npm did not install mqtt within 120 s")
    if done.returncode != 0:
        pytest.skip(f"npm could not install mqtt: exit code {done.returncode}")
    return folder


@pytest.mark.broker
@pytest.mark.slow  # at twenty times life, a computer that stands still for a while looks like a fault
@pytest.mark.parametrize("broker", ["mosquitto"], indirect=True)
async def test_a_machine_written_in_javascript_from_the_protocol_page_keeps_the_basic_rules(
    place: Place, node_modules: Path
) -> None:
    script = shutil.copy(ROOT / "docs" / "examples" / "agent.js", node_modules)
    settings = node_modules / "settings.json"
    running: list[subprocess.Popen[bytes]] = []
    node = shutil.which("node") or "node"

    def start(port: int | None) -> None:
        table = {
            "machine": "js-1",
            "root": "openspine-sim",
            "host": "127.0.0.1",
            "port": port,
            "keys": str(place.folder / "keys" / "keys.json"),
            "site": str(place.folder / "keys" / "site"),
            "schemas": str(ROOT / "docs" / "protocol" / "schemas"),
            "spool": str(node_modules / "spool.jsonl"),
            "kind": "lumbar_extension",
            "badge": "conformance",
            "speed": JAVASCRIPT_RATE,
            "retry_ms": round(RETRY_S * 1_000),
        }
        settings.write_text(json.dumps(table))
        running.append(subprocess.Popen([node, str(script), str(settings)], stdin=subprocess.DEVNULL))

    try:
        played = await rim.play(place.kit("js-1", "basic"), lambda _: None, start)
    finally:
        for one in running:
            end(one)
    found = report.made(played, RULES, "js-1", "basic")
    assert failed(found) == set(), explained({"js-1": found})
    assert found.problem is None
    assert skipped(found) == {"VAL-22"}, explained({"js-1": found})  # no frames


def test_the_example_is_short_and_plain() -> None:
    text = (ROOT / "docs" / "examples" / "agent.js").read_text(encoding="utf-8").splitlines()
    assert len(text) < 200
    assert max(map(len, text)) <= 130


@pytest.mark.broker
@pytest.mark.skipif("mosquitto" not in available_kinds(), reason="needs mosquitto")
async def test_a_kit_that_nobody_answers_says_so(tmp_path: Path) -> None:
    with Broker("mosquitto", tmp_path / "broker") as running:
        kit = rim.Run(
            machine="nobody-1",
            host=running.host,
            port=running.port,
            signer=credentials.new(),
            times=Times(hello_s=0.5),
        )
        played = await rim.play(kit, lambda _: None)
    assert not report.made(played, RULES, "nobody-1", "basic").has_answered
