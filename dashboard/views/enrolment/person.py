"""Step 1: who it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from contract.machines import catalogue
from dashboard.api.sites import Site
from dashboard.format import Formatter
from dashboard.language import LANGUAGES
from dashboard.views.person.particulars import HEIGHT_M, MASS_KG, NAME_MOST, NRS_MOST, STATIONS_MOST, mass_kg

AGES = (10, 110)  # years: the machines fit nobody smaller than a child of ten
HEIGHT_USUAL_M = 1.60
SEXES = ("female", "male")


def ask_person(sites: Sequence[Site], today: date, show: Formatter) -> tuple[str, dict[str, Any]]:
    """Ask who it is; answers the site and the fields of the body, empty ones left out."""
    left, right = st.columns(2)
    told: dict[str, Any] = {}
    with left:
        name = st.text_input(show.say("Full name"), key="enrol-name", max_chars=NAME_MOST)
        year = st.number_input(
            show.say("Year of birth"), today.year - AGES[1], today.year - AGES[0], None, key="enrol-year"
        )
        sex = st.radio(show.say("Sex"), SEXES, None, format_func=show.word, key="enrol-sex", horizontal=True)
        language = st.segmented_control(
            show.say("Language"), list(LANGUAGES), default="zh-HK", required=True,
            format_func=lambda each: LANGUAGES[each], key="enrol-language",
        )  # fmt: skip
    with right:
        least, most = (round(show.load_value(each), 1) for each in MASS_KG)
        weighs = st.number_input(
            show.say("Body weight ({unit})", unit=show.unit), least, most, None, step=0.5, format="%.1f",
            key=f"enrol-mass-{show.unit}",
        )  # fmt: skip
        height_m = st.number_input(
            show.say("Height (m)"), *HEIGHT_M, HEIGHT_USUAL_M, step=0.01, format="%.2f", key="enrol-height"
        )
        site = st.selectbox(show.say("Site"), sites, format_func=lambda each: each.name, key="enrol-site")
    told["stations"] = st.multiselect(
        show.say("Stations, in the order of the circuit"), list(catalogue()), format_func=show.station,
        max_selections=STATIONS_MOST,
        placeholder=show.say("Choose"), key="enrol-stations",
    )  # fmt: skip
    told["back_pain"] = st.checkbox(show.say("Has back pain"), value=True, key="enrol-back-pain")
    told["baseline_nrs"] = st.slider(show.say("Usual pain, 0 to 10"), 0, NRS_MOST, 3, key="enrol-pain")
    told |= {"language": language, "height_m": height_m}
    given: dict[str, Any] = {"name": (name or "").strip(), "birth_year": year, "sex": sex}
    given["mass_kg"] = None if weighs is None else mass_kg(weighs, show)
    return site.id, told | {field: value for field, value in given.items() if value}
