"""Plans and settings that a machine must refuse (or take), each with the reason that it must give.

A probe is a value: its name, the reason, and how its bytes are made of what the kit knows at that moment.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from contract import codec, signing
from contract.machines import CDEG, LOAD_STEP_G, catalogue
from contract.messages import Basis, Head, Plan, Setting, SignIn
from emulator.conformance.credentials import COMMAND, ENVELOPE, Signer
from emulator.conformance.dose import new_id, session_cap_g, set_cap_g, setting_for, week_cap_g

OTHER_UUID = "00000000-0000-4000-8000-00000000c0de"
OTHER_NONCE = "c0de" * 8
Made = tuple[bytes, str | None]  # what is sent, and the id that its receipt must name


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the kit knows when it makes a probe; `row` is the plan's row of the set that comes next."""

    head: Head
    asked: SignIn
    plan: Plan
    row: Setting
    seq: int
    basis: Basis
    first_rep_seq: int
    accepted_g: int
    older: bytes  # a good setting of an earlier session of this run
    older_id: str | None
    signer: Signer

    def good(self, load_g: int | None = None) -> Setting:
        """Make the unsigned setting that would be right here."""
        return setting_for(self.row, self.row.load_g if load_g is None else load_g, self.seq, self.basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One message that must be refused for this reason, or taken when there is none."""

    name: str
    reason: str | None
    make: Callable[[Scene], Made]


def _signed(change: Callable[[Scene], Setting]) -> Callable[[Scene], Made]:
    return lambda scene: _sent(scene.signer.sign(change(scene)))


def _sent(message: Setting) -> Made:
    return codec.encode(message), message.id


def _unsigned(scene: Scene) -> Made:
    return _sent(scene.good())


def _wrong_key(scene: Scene) -> Made:
    return _sent(signing.sign(scene.good(), scene.signer.stranger))


def _tampered(scene: Scene) -> Made:
    """Change a setting after it was signed."""
    honest = scene.signer.sign(scene.good())
    return _sent(replace(honest, load_g=honest.load_g - LOAD_STEP_G, id=_other_id(honest)))


def _envelope_key(scene: Scene) -> Made:
    return _sent(signing.sign(replace(scene.good(), key_id=ENVELOPE), scene.signer.envelope))


def _unknown_field(scene: Scene) -> Made:
    return _with_field(scene.signer.sign(scene.good()))


def _with_field(message: Setting | Plan) -> Made:
    fields = msgspec.to_builtins(message) | {"conformance": 1}
    return msgspec.json.encode(fields), message.id if isinstance(message, Setting) else None


def _not_json(scene: Scene) -> Made:
    return codec.encode(scene.signer.sign(scene.good()))[:-1], None


def _too_long(scene: Scene) -> Made:
    return codec.encode(scene.signer.sign(scene.good())) + b" " * codec.DOWN_LIMIT_BYTES, None


def _replayed(scene: Scene) -> Made:
    return scene.older, scene.older_id


def _other_id(setting: Setting) -> str:
    return setting_for(setting, setting.load_g, setting.seq + 1_000, setting.basis).id


def _load(change: Callable[[Scene], int]) -> Callable[[Scene], Made]:
    return _signed(lambda scene: scene.good(change(scene)))


def _wider(steps: int) -> Callable[[Scene], Made]:
    """End one degree beyond so many range steps."""

    def changed(scene: Scene) -> Setting:
        step_cdeg = catalogue()[scene.asked.machine_kind].range_step_cdeg
        return replace(scene.good(), end_cdeg=scene.row.end_cdeg + steps * step_cdeg + CDEG)

    return _signed(changed)


def _median_g(scene: Scene) -> int:
    return scene.plan.history[scene.row.side].median3_g


def _first_g(scene: Scene) -> int:
    return scene.plan.settings[0].load_g


SETTINGS: dict[str, Probe] = {
    probe.name: probe
    for probe in (
        Probe(name="unsigned", reason="SIGNATURE", make=_unsigned),
        Probe(name="wrong-key", reason="SIGNATURE", make=_wrong_key),
        Probe(name="tampered", reason="SIGNATURE", make=_tampered),
        Probe(name="envelope-key", reason="SIGNATURE", make=_envelope_key),
        Probe(name="unknown-field", reason="SCHEMA", make=_unknown_field),
        Probe(name="not-json", reason="SCHEMA", make=_not_json),
        Probe(name="too-long", reason="SCHEMA", make=_too_long),
        Probe(
            name="other-session",
            reason="SESSION_NONCE",
            make=_signed(lambda scene: replace(scene.good(), session=OTHER_UUID)),
        ),
        Probe(
            name="other-nonce",
            reason="SESSION_NONCE",
            make=_signed(lambda scene: replace(scene.good(), nonce=OTHER_NONCE)),
        ),
        Probe(name="replayed", reason="SESSION_NONCE", make=_replayed),
        Probe(
            name="half-step",
            reason="UNIT",
            make=_load(lambda scene: scene.row.load_g - LOAD_STEP_G // 2),
        ),
        Probe(
            name="other-limits",
            reason="ENVELOPE_VERSION",
            make=_signed(lambda scene: replace(scene.good(), envelope_version=2)),
        ),
        Probe(name="lower-seq", reason="SEQ", make=_signed(lambda scene: replace(scene.good(), seq=1))),
        Probe(
            name="other-basis",
            reason="BASIS",
            make=_signed(lambda scene: replace(scene.good(), basis=Basis(stream=OTHER_UUID, seq=1))),
        ),
        Probe(
            name="old-basis",
            reason="BASIS",
            make=_signed(
                lambda scene: replace(
                    scene.good(), basis=replace(scene.basis, seq=scene.first_rep_seq or scene.head.seq)
                )
            ),
        ),
        Probe(name="stale", reason="EXPIRED", make=_signed(lambda scene: replace(scene.good(), ttl_ms=0))),
        Probe(name="set-over", reason="STATE", make=_signed(lambda scene: replace(scene.good(), set=1))),
        Probe(name="after-stop", reason="STATE", make=_signed(lambda scene: scene.good())),
        Probe(
            name="too-heavy",
            reason="LOAD",
            make=_load(lambda scene: scene.plan.envelope.max_load_g + LOAD_STEP_G),
        ),
        Probe(name="too-far", reason="RANGE", make=_wider(2)),
        Probe(name="too-wide-a-step", reason="STEP", make=_wider(1)),
        Probe(
            name="too-big-a-step",
            reason="STEP",
            make=_load(lambda scene: set_cap_g(scene.accepted_g) + LOAD_STEP_G),
        ),
        Probe(
            name="session-cap",
            reason="SESSION_CAP",
            make=_load(lambda scene: session_cap_g(_first_g(scene)) + LOAD_STEP_G),
        ),
        Probe(
            name="week-cap",
            reason="WEEK_CAP",
            make=_load(lambda scene: week_cap_g(_median_g(scene)) + LOAD_STEP_G),
        ),
        Probe(
            name="no-evidence",
            reason="EVIDENCE",
            make=_load(lambda scene: scene.accepted_g + LOAD_STEP_G),
        ),
        Probe(
            name="below-hold",
            reason="HELD",
            make=_signed(lambda scene: replace(scene.good(), seq=scene.seq - 2)),
        ),
    )
}


def _renamed(scene: Scene, name: str) -> Scene:
    """Give the rows of a plan ids of their own, so that a receipt tells which plan was refused."""
    rows = tuple(
        scene.signer.sign(replace(row, id=new_id(row.id, name), sig="")) for row in scene.plan.settings
    )
    return replace(scene, plan=replace(scene.plan, settings=rows))


def _plan_probe(name: str, reason: str, change: Callable[[Scene], Plan], *, signed: bool = True) -> Probe:
    def made(scene: Scene) -> Made:
        plan = change(_renamed(scene, name))
        return codec.encode(scene.signer.sign(plan) if signed else plan), plan.settings[0].id

    return Probe(name=name, reason=reason, make=made)


def _limits(scene: Scene, **changes: Any) -> Plan:
    envelope = replace(scene.plan.envelope, sig="", **changes)
    return replace(scene.plan, envelope=scene.signer.limit(envelope))


def _widened(scene: Scene) -> Plan:
    """Let the command key sign wider limits, as a service could that has been taken over."""
    wider = replace(scene.plan.envelope, max_load_g=scene.plan.envelope.max_load_g * 2, key_id=COMMAND)
    return replace(scene.plan, envelope=signing.sign(wider, scene.signer.command))


def _heavy_row(scene: Scene) -> Plan:
    first, *others = scene.plan.settings
    heavy = replace(first, load_g=scene.plan.envelope.max_load_g + LOAD_STEP_G, sig="")
    return replace(scene.plan, settings=(scene.signer.sign(heavy), *others))


def _unknown_plan(scene: Scene) -> Made:
    return _with_field(scene.signer.sign(_renamed(scene, "plan-unknown-field").plan))


PLANS: dict[str, Probe] = {
    probe.name: probe
    for probe in (
        _plan_probe("plan-unsigned", "SIGNATURE", lambda scene: scene.plan, signed=False),
        _plan_probe(
            "plan-other-nonce", "SESSION_NONCE", lambda scene: replace(scene.plan, nonce=OTHER_NONCE)
        ),
        _plan_probe("plan-other-subject", "SUBJECT", lambda scene: _limits(scene, subject=OTHER_NONCE)),
        _plan_probe(
            "plan-other-machine", "MACHINE", lambda scene: _limits(scene, machine_kind="conformance")
        ),
        _plan_probe(
            "plan-limits-over",
            "ENVELOPE_VERSION",
            lambda scene: _limits(scene, valid_until_ms=scene.head.wall_ms - 1),
        ),
        _plan_probe("plan-widened-limits", "SIGNATURE", _widened),
        _plan_probe("plan-too-heavy", "LOAD", _heavy_row),
        Probe(name="plan-unknown-field", reason="SCHEMA", make=_unknown_plan),
    )
}
