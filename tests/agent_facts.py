"""What the guard knows in the tests: one side that has 20 kg from 10 to 50 degrees."""

import uuid

from agent_room import envelope_of, setting_of

from contract.envelope import Standing
from contract.machines import catalogue
from contract.messages import Basis, History, Plan, Setting
from machine_agent.facts import Current, Evidence, Facts, SideState, Visit
from machine_agent.pins import subject
from openspine.fuzz import oracle

STREAM = "00000000-0000-4000-8000-00000000000a"
SESSION, NONCE = "00000000-0000-4000-8000-000000000001", "0" * 32
KIND = catalogue()["lumbar_extension"]
WALL_MS = 1_800_000_000_000
GOOD = Evidence(
    link_age_ms=15_000,
    last_rep_clean=True,
    untroubled=True,
    healthy=True,
    gravity_measured=True,
    assist_locked=False,
)
PAST = History(median3_g=20_000, peak_cdeg=5_000, last_regular_g=20_000, peak_regular_cdeg=5_000)
STANDING = Standing(
    history=PAST, accepted_g=20_000, day_start_g=20_000, range_cdeg=(1_000, 5_000), peaks_cdeg=(5_000,)
)
NOW = Current(load_g=20_000, start_cdeg=1_000, end_cdeg=5_000)


def facts_of() -> Facts:
    """What the guard knows in the rest before set 2."""
    planned = setting_of(seq=2, set=2)
    plan = Plan(
        session=SESSION,
        nonce=NONCE,
        patient=str(uuid.UUID(int=7)),
        greeting="",
        language="en",
        clock="sim",
        profile="rehab",
        envelope=envelope_of(),
        settings=(setting_of(), planned),
        history={"both": PAST},
        flags=(),
        ceiling_g=0,
        questions=(),
        set_up={},
        key_id="demo-command",
    )
    return Facts(
        visit=Visit(kind=KIND, subject=subject(b"site", "badge-1"), session=SESSION, nonce=NONCE),
        plan=plan,
        stream=STREAM,
        rows={9: 100_000, 10: 101_000},
        last_rep_seq=9,
        seen={1: plan.settings[0], 2: planned},
        hold_seq=0,
        upcoming={2: ("both", "train")},
        side=SideState(standing=STANDING, current=NOW),
        evidence=GOOD,
        wall_ms=WALL_MS,
        mono_ms=110_000,
    )


def good_setting() -> Setting:
    """A setting that the guard accepts: what the side has now."""
    return setting_of(seq=3, set=2, basis=Basis(stream=STREAM, seq=10))


def amount_reason(setting: Setting, facts: Facts) -> str | None:
    """Return what the oracle's last part of the list (LOAD to WEEK_CAP) says about a setting."""
    return next((name for name, breaks in oracle.AMOUNT if breaks(setting, facts)), None)
