"""What leaves by Chromium: the report that it saves says what the screen says; a table, too."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdf_text
import pytest
from axe_judge import serious
from real_studio import PHONE, SLOW_MS, RealStudio, stands
from report_figures import Figures, Look, change, in_report, numbers

from dashboard.language import translate

pytestmark = [pytest.mark.browser, pytest.mark.broker]
Entering = Callable[..., Any]
LOOKS: tuple[Look, ...] = (("en", "kg"), ("zh-HK", "lb"))
STATION = "trunk_rotation-left"
TILES = ("Capacity", "Load", "Amplitude", "Visits kept")
PAIRS = ("Trunk rotation", "Lateral flexion")
RECORD, TABLE = "Record for other systems (FHIR R4)", "Progress (CSV)"


def lines(page: Any) -> list[str]:
    """Read the main part of a page, a line each."""
    text = str(page.get_by_test_id("stMain").inner_text())
    return [line.strip() for line in text.splitlines() if line.strip()]


def on_screen(studio: RealStudio, page: Any, look: Look) -> Figures:
    """Read what the report has too off the tabs of progress and balance."""
    place = f"/patient?patient={studio.patients[PHONE]}&language={look[0]}&unit={look[1]}"
    studio.go(page, f"{place}&tab=progress&station={STATION}")
    page.get_by_text(translate("Visits kept", look[0])).first.wait_for(timeout=SLOW_MS)
    progress = lines(page)
    value, below = ({name: tile(progress, name, look, way) for name in TILES} for way in (1, 2))
    (pain,) = [
        line for line in progress if line.startswith(f"{translate('Pain before training', look[0])} ·")
    ]
    studio.go(page, f"{place}&tab=balance")
    page.get_by_text(translate("Left and right", look[0])).first.wait_for(timeout=SLOW_MS)
    pairs = {name: pair(lines(page), translate(name, look[0])) for name in PAIRS}
    left, right = (numbers(part)[0] for part in pairs["Trunk rotation"][1].split(" · ")[:2])
    return {
        "capacity": numbers(value["Capacity"]),
        "capacity band": numbers(below["Capacity"])[-2:],
        "load": numbers(value["Load"]),
        "load gained": change(below["Load"]),
        "amplitude": numbers(value["Amplitude"]),
        "amplitude gained": change(below["Amplitude"]),
        "visits": numbers(value["Visits kept"]),
        "pain change": change(pain),
        "error of the sides": tuple(sorted(numbers(meaning)[-1] for meaning, _ in pairs.values())),
        "capacity of the sides": (left, right),
    }


def tile(shown: list[str], name: str, look: Look, way: int) -> str:
    """Read a figure, or what stands below it."""
    return shown[shown.index(translate(name, look[0])) + way]


def pair(shown: list[str], name: str) -> tuple[str, str]:
    """Read what is said of two sides, and the figures below."""
    (place,) = [place for place, line in enumerate(shown) if line.startswith(f"{name} ·") and "%" in line]
    return shown[place], shown[place + 1]


def saved(page: Any, button: str, folder: Path) -> tuple[str, bytes]:
    """Press a button that hands a file over; returns its name and what is in it."""
    with page.expect_download(timeout=SLOW_MS) as got:
        page.get_by_role("button", name=button).click(timeout=SLOW_MS)
    file = folder / got.value.suggested_filename
    got.value.save_as(file)
    return file.name, file.read_bytes()


def made(page: Any, look: Look, folder: Path, wanted: str = "") -> tuple[str, bytes]:
    """Choose a kind of file, have it made, and save it."""
    download = translate("Download", look[0])
    if wanted:
        page.get_by_role("combobox").last.click()
        page.get_by_role("option", name=wanted).click()
        before = page.get_by_role("button", name=download)
        before.wait_for(state="detached", timeout=SLOW_MS)
        stands(page)
    page.get_by_role("button", name=translate("Make the file", look[0])).click(timeout=SLOW_MS)
    return saved(page, download, folder)


def as_shown(figures: Figures) -> Figures:
    """Take errors in one order: the report and the screen list the pairs each in their own."""
    return figures | {"error of the sides": tuple(sorted(figures["error of the sides"]))}


def test_a_therapist_saves_the_report_record_and_table_that_the_screen_shows(
    studio: RealStudio, guest: Entering, tmp_path: Path
) -> None:
    files = f"/patient?patient={studio.patients[PHONE]}&tab=files"
    page = guest("chi", files).page
    studio.prove(page, "chi")
    page.get_by_role("button", name="Make the file").wait_for(timeout=SLOW_MS)
    figures: dict[str, Figures] = {}
    for look in LOOKS:
        studio.go(page, f"{files}&language={look[0]}&unit={look[1]}")
        name, report = made(page, look, tmp_path)
        assert name.endswith(".pdf")
        assert report.startswith(b"%PDF")
        assert pdf_text.pages(report) == 1
        shown = figures[look[1]] = on_screen(studio, page, look)
        assert as_shown(in_report(report, look)) == shown
        assert all(shown.values())
    studio.go(page, f"{files}&language=en&unit=kg")
    assert serious(page) == []
    name, record = made(page, LOOKS[0], tmp_path, RECORD)
    kinds = {entry["resource"]["resourceType"] for entry in json.loads(record)["entry"]}
    assert (name.endswith(".fhir.json"), {"Patient", "Observation"} <= kinds) == (True, True)
    name, table = made(page, LOOKS[0], tmp_path, TABLE)
    assert name.endswith(".csv")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    last = [row for row in rows if (row["kind"], row["side"]) == ("trunk_rotation", "left")][-1]
    shown = figures["kg"]
    assert (round(float(last["capacity_kg [kg]"]), 1), float(last["load_kg [kg]"])) == (
        *shown["capacity"], *shown["load"],
    )  # fmt: skip
