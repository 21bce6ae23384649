"""The form of new limits, in the viewer's unit and in clinical angles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import streamlit as st

from contract.machines import CDEG, G, MachineKind, catalogue
from contract.messages import Phase
from dashboard.acting import tell_outcome
from dashboard.api.limits import Basis, Figures, Window, sign_limits
from dashboard.api.programmes import list_capacity
from dashboard.client import Failure
from dashboard.format import Formatter
from dashboard.views.asking import ask_reason
from dashboard.views.prescribing.drafting import (
    Angles,
    angles_of,
    figures_of,
    first_figures,
    grams,
    grown,
    holding,
    shown_load,
    window_of,
)
from dashboard.views.prescribing.outcome import MEANWHILE, mark, tell_signing
from dashboard.views.prescribing.seen import Seen
from dashboard.views.prescribing.words import differences, field_words

PHASES: tuple[str, ...] = get_args(Phase)
VALID_DAYS = 42  # the longest that limits hold (safety page)
NRS_MOST = 10
ANGLE_STEP_DEG = 1.0  # of the buttons beside the field
LOAD_STEP = 0.5  # of the buttons beside the field, in the viewer's unit


def show_form(seen: Seen) -> None:
    """Offer new limits, filled in with those that hold."""
    with st.expander(seen.screen.show.say("New limits"), key="new-limits", icon=":material/edit:"):
        _form(seen, _caps(seen))


def caps_words(caps_kg: Mapping[str, float], show: Formatter) -> str:
    """Write which load each phase allows of the capacity."""
    caps = " · ".join(f"{show.word(phase)} {show.load(cap_kg)}" for phase, cap_kg in caps_kg.items())
    return show.say("Caps of the phases from the capacity: {caps}", caps=caps)


def _caps(seen: Seen) -> str:
    found = list_capacity(seen.screen.client, seen.patient.id)
    known = () if isinstance(found, Failure) else found.items
    return next((caps_words(one.caps_kg, seen.screen.show) for one in known if one.kind == seen.kind), "")


@st.fragment
def _form(seen: Seen, caps: str) -> None:
    """Ask for every figure; says, while one fills it in, whether a second person is needed."""
    show, stands_on = seen.screen.show, _stands_on(seen.basis)
    base = holding(tuple(one for one in seen.versions if one.version <= stands_on))
    start = figures_of(base) if base else first_figures(seen.kind)
    key = f"{seen.patient.id}-{seen.kind}-{stands_on}-{show.unit}"
    draft = _draft(start, seen.kind, key, show)
    if stands_on != seen.basis.version:
        _say_overtaken(seen, is_filled_in=draft != start)
    if caps:
        st.caption(caps)
    days = st.number_input(
        show.say("Days that they hold"), 1, VALID_DAYS, VALID_DAYS, key=f"days-{key}", width=200
    )
    reason = ask_reason(show, f"limits-{key}")
    wider = grown(start if base else None, draft)
    _preview(differences(start, draft, seen.kind, show), wider, show)
    label = show.say("Propose to a second person") if wider else show.say("Sign")
    idle = not (seen.is_proven and reason)
    is_sent = st.button(label, key="sign-limits", disabled=idle, icon=":material/signature:")
    if is_sent and not idle:
        basis = Basis(patient=seen.patient.id, kind=seen.kind, version=stands_on)
        answer = sign_limits(seen.screen.signing, basis, draft, reason, int(days))
        tell_signing(answer, "Signed. It holds from the next sign-in on.", seen.screen)


def _stands_on(basis: Basis) -> int:
    """Return the version that the form was opened on: what is signed on top of it names it."""
    return int(st.session_state.setdefault(mark(basis), basis.version))


def _say_overtaken(seen: Seen, *, is_filled_in: bool) -> None:
    """Say that another version holds by now; a form that nobody has touched just moves on to it."""
    show, basis = seen.screen.show, seen.basis
    if is_filled_in:
        st.warning(
            show.say(
                "Somebody signed meanwhile: version {version} holds by now. "
                "What you filled in stands on the one before.",
                version=basis.version,
            ),
            icon=":material/sync_problem:",
        )
    if not is_filled_in or st.button(show.say("Start again from what holds now"), key="start-again"):
        st.session_state[mark(basis)] = basis.version
        if not is_filled_in:  # the run ends here, and a click with it
            tell_outcome(None, MEANWHILE, seen.screen)
        st.rerun()


def _preview(changes: list[str], wider: tuple[str, ...], show: Formatter) -> None:
    """Say what changes, and who must sign it."""
    if not changes:
        st.caption(show.say("Nothing is changed yet."))
        return
    st.markdown("\n".join(f"- {line}" for line in changes))
    if wider:
        fields = ", ".join(field_words(name, show) for name in wider)
        st.markdown(
            ":orange-badge[:material/group:] "
            + show.say("Wider in: {fields}. Another clinician must sign it as well.", fields=fields)
        )
    else:
        st.markdown(":green-badge[:material/person:] " + show.say("Not wider: you sign it alone."))


def _draft(start: Figures, kind: str, key: str, show: Formatter) -> Figures:
    """Ask for everything that limits say."""
    machine = catalogue()[kind]
    ask = _Fields(start=start, machine=machine, key=key, show=show)
    left, right = st.columns(2)
    with left:
        max_load_g, phase = ask.load("max_load_g"), ask.phase()
        green, torque_nm = ask.whole("pain_green_nrs", NRS_MOST), ask.torque()
    with right:
        phase_cap_g, speed_cdeg_s = ask.load("phase_cap_g"), ask.speed()
        amber = ask.whole("pain_amber_nrs", NRS_MOST)
    return Figures(
        max_load_g=max_load_g,
        phase_cap_g=phase_cap_g,
        max_torque_nm=torque_nm,
        max_speed_cdeg_s=speed_cdeg_s,
        sides={side: ask.window(side, window) for side, window in start.sides.items()},
        phase=phase,
        pain_green_nrs=green,
        pain_amber_nrs=amber,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fields:
    """Fields of one form: each asks for one figure and answers it in the units of the wire."""

    start: Figures
    machine: MachineKind
    key: str
    show: Formatter

    def load(self, name: str) -> int:
        held_g: int = getattr(self.start, name)
        entered = st.number_input(
            f"{field_words(name, self.show)} ({self.show.unit})",
            0.0,
            shown_load(self.machine.max_load_g, self.show),
            shown_load(held_g, self.show),
            step=LOAD_STEP,
            format="%.1f",
            key=f"{name}-{self.key}",
        )
        return grams(entered, held_g, self.show)

    def whole(self, name: str, most: int, unit: str = "") -> int:
        label = field_words(name, self.show) + (f" ({unit})" if unit else "")
        value: int = getattr(self.start, name)
        return int(st.number_input(label, 0, most, value, key=f"{name}-{self.key}"))

    def torque(self) -> int:
        most_nm = int(self.machine.torque_nm(self.machine.max_load_g / G))
        return self.whole("max_torque_nm", most_nm, "Nm")

    def speed(self) -> int:
        held, most = (
            cdeg_s // CDEG for cdeg_s in (self.start.max_speed_cdeg_s, self.machine.max_speed_cdeg_s)
        )
        label = f"{field_words('max_speed_cdeg_s', self.show)} (°/s)"
        entered = int(st.number_input(label, 1, most, max(held, 1), key=f"speed-{self.key}"))
        return self.start.max_speed_cdeg_s if entered == held else entered * CDEG

    def phase(self) -> str:
        place = PHASES.index(self.start.phase)
        label, say = field_words("phase", self.show), self.show.word
        chosen = st.selectbox(label, PHASES, place, format_func=say, key=f"phase-{self.key}")
        return chosen or self.start.phase

    def window(self, side: str, held: Window) -> Window:
        """Ask for the angles of one side, in the direction of the movement."""
        name = field_words(f"sides.{side}", self.show)
        angles, bounds = angles_of(held, self.machine.name), self._bounds()
        labels = ("from", "to", "first visit to")
        values = (angles.start_deg, angles.end_deg, angles.first_end_deg)
        entered = []
        for column, label, value in zip(st.columns(3), labels, values, strict=True):
            with column:
                words = self.show.say("{range} {end} (°)", range=name, end=self.show.say(label))
                key = f"{side}-{label}-{self.key}"
                entered.append(
                    st.number_input(words, *bounds, value, step=ANGLE_STEP_DEG, format="%.1f", key=key)
                )
        start_deg, end_deg, first_end_deg = entered
        return window_of(
            Angles(start_deg=start_deg, end_deg=end_deg, first_end_deg=first_end_deg), self.machine.name
        )

    def _bounds(self) -> tuple[float, float]:
        ends = [self.machine.clinical_deg(limit / CDEG) for limit in self.machine.limit_cdeg]
        return min(ends), max(ends)
