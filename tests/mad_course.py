"""Somebody trains rep by rep in a loop of decision, limiter and guard; every row that comes out is judged."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from agent_facts import GOOD, NONCE, SESSION, STREAM, amount_reason, facts_of
from agent_room import envelope_of, setting_of
from mad_models import spoiled

from contract.envelope import Standing, pain_cap
from contract.machines import catalogue
from contract.messages import Basis, History, Plan, Rep, SetEnd, Setting
from machine_agent import guard
from machine_agent.facts import Current, Facts, SideState
from ml import runner, sound
from ml.adjust import adjust_many
from ml.decision import Decision
from ml.policies.wish import Policy
from ml.request import Answers, Dose, Person, Request, SessionSummary, SetFacts
from openspine.fuzz import oracle

DAY_MS = 86_400_000
START_MS = 1_790_000_000_000
KIND: Final = "lumbar_extension"
SETS, VISITS = 3, 8
SHARE_MAD = 0.25  # of the stored beliefs


@dataclass(slots=True, kw_only=True)
class Course:
    """One person at one machine, visit after visit; `faults` lists whatever was let through."""

    chance: Random
    effort: Any
    policies: dict[str, Policy]
    capacity_kg: float
    faults: list[str] = field(default_factory=list)
    reps: int = 0
    rows: int = 0
    belief: dict[str, Any] | None = None
    past: list[SessionSummary] = field(default_factory=list)

    def run(self) -> None:
        for visit in range(1, VISITS + 1):
            self._visit(visit)

    def _visit(self, visit: int) -> None:
        loads = sorted(one.load_g for one in self.past[-3:])
        last = self.past[-1] if self.past else None
        history = History(
            median3_g=loads[(len(loads) - 1) // 2] if loads else 0,
            peak_cdeg=last.end_cdeg if last else 0,
            last_regular_g=last.load_g if last else 0,
            peak_regular_cdeg=last.end_cdeg if last else 0,
        )
        asked = self._request(visit, history)
        stored = asked.belief
        planned = self._decide(asked)
        if planned.rows:
            self._judge_plan(planned.rows, asked)
        current = planned.rows[0] if planned.rows else None
        done: list[SetFacts] = []
        accepted: Dose | None = None
        for number in range(1, SETS + 1):
            if current is None:
                return
            done.append(self._lift(current))
            accepted = current
            asked = self._after(asked, done, number + 1, stored)
            decision = self._decide(asked)
            current = next((row for row in decision.rows if row.set == number + 1), None)
            if current is not None and not self._is_taken(current, asked, accepted):
                current = replace(accepted, set=number + 1)
            self.belief = decision.belief
        work = done[-1]
        self.past.append(
            SessionSummary(
                wall_ms=asked.now_ms,
                visit=visit,
                load_g=work.applied.load_g,
                start_cdeg=work.applied.start_cdeg,
                end_cdeg=work.applied.end_cdeg,
                reps=work.end.reps,
                work_ms=work.applied.work_ms,
                effort_cr10=5.0,
                pain_before=1,
                pain_set=work.answers.pain_set,
                morning_nrs=1,
                ended_by=work.end.ended_by,
            )
        )

    def _request(self, visit: int, history: History) -> Request:
        belief = self.belief
        if belief is not None and self.chance.random() < SHARE_MAD:
            belief = spoiled(belief, self.chance)
        return Request(
            occasion="plan",
            now_ms=START_MS + visit * 3 * DAY_MS,
            kind=KIND,
            side="both",
            profile=self.chance.choice(("rehab", "studio")),
            person=Person(age_years=45, sex="male", mass_kg=75.0, baseline_nrs=2),
            visit=visit,
            session_number=visit,
            envelope=envelope_of(phase=self.chance.choice(("build", "strengthen"))),
            standing=Standing(history=history),
            flags=("calibrating",) if visit <= 3 else (),
            ceiling_g=30_000 if visit <= 3 else 0,
            current=None,
            next_set=1,
            today=Answers(pain_before=1, morning_nrs=1, morning_asked=visit > 1),
            past=tuple(self.past),
            days_away=3.0 if self.past else None,
            belief=belief,
            policy="mad",
            model=self.effort.name,
        )

    def _after(self, asked: Request, done: list[SetFacts], number: int, stored: Any) -> Request:
        first, last = done[0].applied, done[-1].applied
        standing = Standing(
            history=asked.standing.history,
            accepted_g=last.load_g,
            day_start_g=first.load_g,
            range_cdeg=(first.start_cdeg, first.end_cdeg),
            peaks_cdeg=tuple(int(rep.end_deg * 100) for one in done for rep in one.reps),
        )
        return replace(
            asked,
            occasion=self.chance.choice(("set_end", "answer")),
            current=last,
            next_set=number,
            sets=tuple(done),
            standing=standing,
            belief=stored,
        )

    def _decide(self, asked: Request) -> Decision:
        decision = adjust_many((asked,), self.effort, self.policies)[0]
        if not sound.read_belief(json.loads(runner.write(decision))["belief"], (KIND, "both"))[1]:
            self.faults.append(f"a belief that is none: {decision.belief}")
        return decision

    def _lift(self, dose: Dose) -> SetFacts:
        """Do a set as somebody of this capacity does, and say anything."""
        possible = (self.capacity_kg * 1_000 / max(dose.load_g, 100) - 1.0) / 0.03
        reps = max(min(dose.reps, int(possible)), 1)
        self.reps += reps
        pain = self.chance.choice((1, 1, 1, 2, 3, 5, 8))
        end = SetEnd(
            set=dose.set,
            side="both",
            setting=SESSION,
            reps=reps,
            partial_reps=self.chance.choice((0, 0, 2)),
            ended_by="target" if reps == dose.reps else "effort",
            duration_s=reps * 5.0,
        )
        answers = Answers(pain_set=pain, rir=self.chance.choice(("0", "1-2", "3-5", "many", None)))
        slow = self.chance.uniform(0.8, 2.0)
        return SetFacts(
            applied=dose,
            reps=tuple(_rep(dose, n, slow) for n in range(1, reps + 1)),
            end=end,
            answers=answers,
        )

    def _judge_plan(self, rows: Sequence[Dose], asked: Request) -> None:
        facts = self._facts(asked, None, rows[0])
        self.rows += len(rows)
        settings = tuple(_setting(row, number) for number, row in enumerate(rows, start=1))
        plan = replace(facts.plan, settings=settings)
        faults = oracle.plan_faults(plan, facts.visit, facts.wall_ms, verified=True, retained=False)
        refused = guard.check_plan(plan, facts.visit, facts.wall_ms, verified=True, retained=False)
        if faults or refused:
            self.faults.append(f"plan {faults} {refused}: {rows}")

    def _is_taken(self, dose: Dose, asked: Request, before: Dose) -> bool:
        """Let the guard judge; it alone knows the trouble of today, and refuses what rises in spite of it."""
        facts = self._facts(asked, before, dose)
        setting = _setting(dose, dose.set)
        self.rows += 1
        verdict = guard.decide(setting, facts, verified=True, retained=False)
        amount = amount_reason(setting, facts) or (None if oracle.is_unit_right(setting) else "UNIT")
        reason = verdict.reason if isinstance(verdict, guard.Refused) else None
        if reason != amount or reason not in (None, "EVIDENCE"):
            self.faults.append(f"{reason} {amount}: {dose} after {before}")
        return reason is None

    def _facts(self, asked: Request, before: Dose | None, dose: Dose) -> Facts:
        facts = facts_of()
        history = asked.standing.history
        plan: Plan = replace(
            facts.plan,
            envelope=replace(asked.envelope, valid_until_ms=facts.wall_ms + 1),
            history={"both": history},
            flags=asked.flags,
            ceiling_g=asked.ceiling_g,
        )
        worst = max((one.answers.pain_set or 0 for one in asked.sets), default=0)
        is_red = worst > asked.envelope.pain_amber_nrs
        now = None if before is None else Current(
            load_g=before.load_g, start_cdeg=before.start_cdeg, end_cdeg=before.end_cdeg
        )  # fmt: skip
        side = SideState(standing=asked.standing, current=now)
        return replace(
            facts,
            visit=replace(facts.visit, kind=catalogue()[KIND]),
            plan=plan,
            seen={},
            upcoming={dose.set: (dose.side, dose.mode)},
            side=replace(side, cap=pain_cap(history, spasm=False)) if is_red else side,
            evidence=replace(GOOD, untroubled=not is_red),
        )


def _setting(dose: Dose, number: int) -> Setting:
    amount: dict[str, Any] = {name: getattr(dose, name) for name in Dose.__slots__} | {"set": number}
    return setting_of(
        seq=40 + number, session=SESSION, nonce=NONCE, basis=Basis(stream=STREAM, seq=10), **amount
    )


def _rep(dose: Dose, number: int, slow: float) -> Rep:
    return Rep(
        set=dose.set,
        rep=number,
        side="both",
        setting=SESSION,
        load_g=dose.load_g,
        start_deg=dose.start_cdeg / 100,
        end_deg=dose.end_cdeg / 100,
        concentric_s=2.0 * slow,
        hold_s=0.0,
        eccentric_s=3.0,
        peak_torque_nm=40.0,
        mean_torque_nm=35.0,
        work_j=20.0,
        peak_speed_deg_s=30.0 / slow,
        mean_speed_deg_s=20.0 / slow,
        smoothness=-1.6,
    )
