"""Hurl settings at the guard; the oracle says what should have come of each."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from random import Random
from typing import Any

from machine_agent import guard
from openspine.fuzz import faults, oracle
from openspine.fuzz.scenes import Scene

CHUNK = 20_000  # settings of one seeded chunk
SCENE = 25  # settings of one moment
UNSIGNED, RETAINED = 0.01, 0.005  # shares of settings that arrive so
NO_REFUSAL = ("accepted", "again")
SHOWN = 5  # findings written out


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of the settings and plans of a run."""

    commands: int = 0
    plans: int = 0
    plans_accepted: int = 0
    repeated: int = 0
    for_staff: int = 0  # accepted settings that only staff may open
    rises: int = 0  # accepted settings that raise a load or widen a range
    verdicts: Counter[str] = field(default_factory=Counter)
    unsafe: int = 0
    other_reason: int = 0
    findings: list[str] = field(default_factory=list)

    def add(self, more: "Tally") -> None:
        """Add the tally of another chunk."""
        self.commands += more.commands
        self.plans += more.plans
        self.plans_accepted += more.plans_accepted
        self.repeated += more.repeated
        self.for_staff += more.for_staff
        self.rises += more.rises
        self.verdicts += more.verdicts
        self.unsafe += more.unsafe
        self.other_reason += more.other_reason
        self.findings = (self.findings + more.findings)[:SHOWN]

    def report(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        accepted = self.verdicts["accepted"]
        return {
            "commands": self.commands,
            "accepted": accepted,
            "accepted_share": round(accepted / max(self.commands, 1), 4),
            "accepted_rises": self.rises,
            "accepted_for_staff": self.for_staff,
            "acknowledged_again": self.repeated,
            "refused": {name: count for name, count in self.verdicts.most_common() if name not in NO_REFUSAL},
            "plans": self.plans,
            "plans_accepted": self.plans_accepted,
            "unsafe_accepted": self.unsafe,
            "other_reason": self.other_reason,
            "findings": self.findings,
        }


def fuzz(n: int, seed: int, jobs: int, plant: str | None, say: Callable[[str], None]) -> dict[str, Any]:
    """Try `n` settings; the same seed gives the same settings whatever the number of jobs."""
    began = time.monotonic()
    whole = Tally()
    told = 0
    for tally in _tallies(_chunks(n), seed, jobs, plant):
        whole.add(tally)
        if whole.commands * 20 // n > told:
            told = whole.commands * 20 // n
            say(f"{whole.commands} of {n} settings, unsafe accepted {whole.unsafe}")
    took_s = time.monotonic() - began
    figures = {"seed": seed, "jobs": jobs, "took_s": round(took_s, 1), "per_s": round(n / took_s)}
    is_sound = whole.unsafe == whole.other_reason == 0
    return {"ok": is_sound, "planted": plant} | whole.report() | figures


def chunk(number: int, size: int, seed: int, plant: str | None = None) -> Tally:
    """Try one chunk of settings, and the plan of every moment."""
    chance = Random(f"{seed}:{number}")  # noqa: S311 (a seeded trial, no secret)
    tally = Tally()
    with faults.planted(plant):
        while tally.commands < size:
            scene = Scene(chance)
            _try_plan(scene, chance, tally)
            for _ in range(min(SCENE, size - tally.commands)):
                _try_setting(scene, chance, tally)
    return tally


def _try_setting(scene: Scene, chance: Random, tally: Tally) -> None:
    setting, facts, roll = scene.setting(), scene.facts, chance.random()
    verified, retained = roll >= UNSIGNED, roll > 1 - RETAINED
    verdict = guard.decide(setting, facts, verified=verified, retained=retained)
    wanted = oracle.reason(setting, facts, verified=verified, retained=retained)
    tally.commands += 1
    if isinstance(verdict, guard.Accepted):
        found = None
        is_again = oracle.is_repeated(setting, facts)
        tally.repeated += is_again
        tally.verdicts["again" if is_again else "accepted"] += 1
        tally.rises += not is_again and oracle.is_rise(setting, facts)
        tally.unsafe += wanted is not None or verdict.setting != setting or verdict.again != is_again
    else:
        found = verdict.reason
        tally.verdicts[found] += 1
        tally.other_reason += found != wanted
    begins = guard.may_begin(setting, facts)
    tally.for_staff += setting.is_for_staff and found is None
    tally.unsafe += begins and not oracle.may_begin(setting, facts)
    tally.other_reason += not begins and oracle.may_begin(setting, facts)
    is_agreed = found == wanted and begins == oracle.may_begin(setting, facts)
    if not is_agreed and len(tally.findings) < SHOWN:
        tally.findings.append(f"guard {found}, oracle {wanted}: {setting} {facts}")


def _try_plan(scene: Scene, chance: Random, tally: Tally) -> None:
    plan, visit, wall_ms, roll = scene.facts.plan, scene.facts.visit, scene.facts.wall_ms, chance.random()
    verified, retained = roll >= UNSIGNED, roll > 1 - RETAINED
    found = guard.check_plan(plan, visit, wall_ms, verified=verified, retained=retained)
    wanted = oracle.plan_faults(plan, visit, wall_ms, verified=verified, retained=retained)
    tally.plans += 1
    tally.plans_accepted += found is None
    tally.unsafe += found is None and bool(wanted)
    tally.other_reason += found is not None and found not in wanted
    is_right = found in wanted if found else not wanted
    if not is_right and len(tally.findings) < SHOWN:
        tally.findings.append(f"guard {found}, oracle {wanted}: {plan} {visit}")


def _chunks(n: int) -> list[tuple[int, int]]:
    return [(number, min(CHUNK, n - number * CHUNK)) for number in range((n + CHUNK - 1) // CHUNK)]


def _tallies(chunks: list[tuple[int, int]], seed: int, jobs: int, plant: str | None) -> Iterable[Tally]:
    if jobs == 1:
        yield from (chunk(number, size, seed, plant) for number, size in chunks)
        return
    with ProcessPoolExecutor(jobs) as pool:
        running = [pool.submit(chunk, number, size, seed, plant) for number, size in chunks]
        yield from (one.result() for one in as_completed(running))
