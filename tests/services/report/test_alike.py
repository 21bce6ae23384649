"""Every number that screen, report and table share is the same in all of them, read from what each shows."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import served_app
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from report_figures import Figures, Look, change, in_report, numbers
from report_rows import CHAN, LAST_MS, ZONE, facts
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from studio_rows import DAY_MS, StudioRows

from dashboard.language import translate
from services.access import Actor
from services.api import admission
from services.api.application import application
from services.api.context import Condition, Context, Identity
from services.api.metrics import Traffic
from services.live import Hub
from services.report.draw import sheet
from services.report.page import written
from services.report.words import Language, Words

APP = Path(__file__).parents[3] / "dashboard" / "app.py"
KG_PER_LB = 0.453_592_37
NOW_MS = LAST_MS + DAY_MS
WAIT_S = 60.0  # two busy cores
TILES = ("Capacity", "Load", "Amplitude", "Visits kept")
LOOKS: list[Look] = [("en", "kg"), ("zh-HK", "lb")]


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """Put the application together once; it asks nobody to sign in."""
    traffic = Traffic(CollectorRegistry())
    made = application(version="0.1.0", origins=(), traffic=traffic, note=lambda *_, **__: None)
    therapist = Actor(id="therapist", name="Ho Wing Yan", role="therapist", stepped_up=True)
    made.dependency_overrides[admission.actor] = lambda: therapist
    return made


@pytest.fixture
def service(app: FastAPI, course: StudioRows) -> Iterator[Any]:
    """Serve the course over a real socket."""
    app.state.context = Context(
        engine=course.engine,
        hub=Hub(lambda: NOW_MS),
        identity=Identity(version="0.1.0", demo=True, zone=ZONE.key, origin="sim", policy="steady"),
        now_ms=lambda: NOW_MS,
        broker=lambda: Condition(ok=True, reason=""),
        model=lambda: Condition(ok=True, reason=""),
        model_name=lambda: "rule",
        metrics=CollectorRegistry(),
    )
    with served_app.served(app) as client:
        yield client


@pytest.fixture
def tab(service: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a tab of the person on the dashboard over the service."""
    monkeypatch.setenv("OPENSPINE_API", str(service.base_url))

    def open_one(name: str, look: Look) -> AppTest:
        opened = AppTest.from_file(str(APP), default_timeout=WAIT_S)
        opened._page_hash = calc_hash("patient")
        asked = {"patient": CHAN, "tab": name, "language": look[0], "unit": look[1]}
        for key, value in (asked | {"station": "trunk_rotation-left"}).items():
            opened.query_params[key] = value
        return opened.run()

    return open_one


def said(opened: AppTest, kind: str) -> list[str]:
    return [str(element.value) for element in getattr(opened, kind)]


def on_screen(tab: Callable[..., AppTest], look: Look) -> Figures:
    """Read the figures off the rendered pages."""
    progress, balance = tab("progress", look), tab("balance", look)
    assert list(progress.exception) + list(balance.exception) == []
    cells = _cells(progress, look[0])
    capacity, load, amplitude, kept = (numbers(value) for value, _ in cells.values())
    told = f"**{translate('Pain before training', look[0])}**"
    (pain,) = [text for text in said(progress, "markdown") if text.startswith(told)]
    (pair,) = [text for text in said(balance, "markdown") if ":gray[" in text and "%" in text]
    error, left, right = (numbers(part) for part in _pair(pair))
    return {
        "capacity": capacity,
        "capacity band": numbers(cells["Capacity"][1])[-2:],
        "load": load,
        "load gained": change(cells["Load"][1]),
        "amplitude": amplitude,
        "amplitude gained": change(cells["Amplitude"][1]),
        "visits": kept,
        "pain change": change(pain),
        "error of the sides": error[-1:],
        "capacity of the sides": (left[0], right[0]),
    }


def _cells(progress: AppTest, language: Language) -> dict[str, tuple[str, str]]:
    """Take the figures at the top by their names: value, and what stands below."""
    values = [text.removeprefix("###") for text in said(progress, "markdown") if text.startswith("### ")]
    captions = said(progress, "caption")
    place = captions.index(translate(TILES[0], language))
    labels, below = captions[place::2][: len(values)], captions[place + 1 :: 2][: len(values)]
    shown = dict(zip(labels, zip(values, below, strict=True), strict=True))
    return {name: shown[translate(name, language)] for name in TILES}


def _pair(text: str) -> list[str]:
    meaning, _, figures = text.partition(":gray[")
    return [meaning, *figures.split(" · ")[:2]]


def in_tables(service: Any, look: Look) -> Figures:
    """Read the figures off the tables, which are in kilograms, and round them as they are shown."""
    left = _rows(service, "progress", kind="trunk_rotation", side="left")
    first, last = left[0], left[-1]
    (pair,) = _rows(service, "balance")
    before = [float(row["nrs [0-10]"]) for row in _rows(service, "pain") if row["question"] == "pain_before"]

    def shown(*kilograms: float) -> tuple[float, ...]:
        return tuple(float(f"{one / (1 if look[1] == 'kg' else KG_PER_LB):.1f}") for one in kilograms)

    load, amplitude = "load_kg [kg]", "amplitude_deg [deg]"
    low, high = (float(last[f"capacity_{end}_kg [kg]"]) for end in ("low", "high"))
    return {
        "capacity": shown(float(last["capacity_kg [kg]"])),
        "capacity band": shown(low, high),
        "load": shown(float(last[load])),
        "load gained": shown(float(last[load]) - float(first[load])),
        "amplitude": (float(last[amplitude]),),
        "amplitude gained": (float(last[amplitude]) - float(first[amplitude]),),
        "visits": (float(len(left)),),
        "pain change": (median(before[-3:]) - median(before[:3]),),
        "error of the sides": (float(round(float(pair["mdc_pct [%]"]))),),
        "capacity of the sides": shown(*(float(pair[f"{side}_kg [kg]"]) for side in ("left", "right"))),
    }


def _rows(service: Any, what: str, **narrowed: str) -> list[dict[str, str]]:
    answer = service.get(f"/v1/patients/{CHAN}/{what}.csv", params=narrowed)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def printed(service: Any, look: Look) -> bytes:
    answer = service.get(f"/v1/patients/{CHAN}/report.pdf", params={"language": look[0], "unit": look[1]})
    assert answer.status_code == 200, answer.text
    return bytes(answer.content)


@pytest.mark.parametrize("look", LOOKS)
def test_screen_report_and_tables_show_the_same_numbers(
    look: Look, service: Any, tab: Callable[..., AppTest]
) -> None:
    screen, tables = on_screen(tab, look), in_tables(service, look)
    assert screen == in_report(printed(service, look), look)
    tables["visits"] += screen["visits"][1:]  # what was planned is in no table
    assert screen == tables
    assert all(screen.values())


def test_one_figure_altered_is_found(course: StudioRows, service: Any) -> None:
    look: Look = ("en", "kg")
    found = facts(course)
    left, right = found.progress.series
    last = replace(left.points[-1], capacity_kg=(left.points[-1].capacity_kg or 0.0) + 0.1)
    altered = replace(left, points=(*left.points[:-1], last))
    wrong = replace(found, progress=replace(found.progress, series=(altered, right)))
    words = Words(language=look[0], unit=look[1], zone=ZONE)
    true, false = printed(service, look), written(sheet(wrong, words), LAST_MS // 1_000)
    differing = [
        name for name, value in in_report(false, look).items() if in_report(true, look)[name] != value
    ]
    assert differing == ["capacity", "capacity of the sides"]
