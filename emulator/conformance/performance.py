"""One act while it is played: what is answered to each row of its session."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from contract import codec
from contract.machines import LOAD_STEP_G
from contract.messages import Answer, Basis, Hold, HoldAction, Receipt, Rep, SetEnd, Setting, SignIn, SignOut
from contract.topics import Channel
from emulator.conformance import dose
from emulator.conformance.acts import FREEZE, Act, Place
from emulator.conformance.credentials import Signer
from emulator.conformance.probes import OTHER_UUID, PLANS, SETTINGS, Made, Scene
from emulator.conformance.transcript import Row

LOWER_SHARE = 0.9
HOLD_GAP = 5  # numbers that a hold leaves free below its own
GOOD, REPEATED, AGAIN = "good", "good-repeated", "good-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A message of the played service, before it is sent."""

    channel: Channel
    payload: bytes
    label: str
    id: str | None = None


class Performance:
    """The session of one act: follows its rows, and says what the service says."""

    def __init__(self, act: Act, sign_in: Row, signer: Signer, older: Spoken | None) -> None:
        if not isinstance(sign_in.body, SignIn):
            raise TypeError("an act begins with a sign-in")
        self.act = act
        self.asked = sign_in.body
        self.session = sign_in.head.session or ""
        self.began_s = self.ended_s = sign_in.at_s
        self.is_over = False
        self.good: Spoken | None = None
        self._head, self._signer, self._older = sign_in.head, signer, older
        self._plan = dose.plan(sign_in.head, self.asked, act.shape, signer)
        self._loads = {row.id: row.load_g for row in self._plan.settings}
        self._seq = act.shape.sets
        self._basis = Basis(stream=sign_in.head.stream, seq=sign_in.head.seq)
        self._first_rep_seq = self._set_done = 0
        self._accepted_g = self._plan.settings[0].load_g
        self._wanted_g: int | None = None
        self._stopped = False

    def opening(self) -> list[Spoken]:
        """Answer the sign-in."""
        if self.act.answer == "rejected":
            return []
        if self.act.answer == "nobody":
            nobody = dose.nobody(self._head, self.asked, self._signer)
            return [Spoken(channel="down/plan", payload=codec.encode(nobody), label="plan-for-nobody")]
        probes = [
            _spoken("down/plan", name, PLANS[name].make(self._scene())) for name in self.act.before_plan
        ]
        plan = codec.encode(self._signer.sign(self._plan))
        return [*probes, Spoken(channel="down/plan", payload=plan, label="plan")]

    def follow(self, row: Row) -> list[Spoken]:
        """Take a row of this session; what the service says to it."""
        self._basis = Basis(stream=row.head.stream, seq=max(row.head.seq, self._basis.seq))
        match row.body:
            case SignOut():
                self.is_over, self.ended_s = True, row.at_s
            case Receipt(result="refused", reason="SCHEMA", setting=None) if self.act.shape.is_spasm_day:
                nobody = dose.nobody(self._head, self.asked, self._signer)  # of before 1.1: lets it go on
                return [Spoken(channel="down/plan", payload=codec.encode(nobody), label="plan-for-nobody")]
            case Receipt(result="applied", setting=str(setting)):
                self._accepted_g = self._loads.get(setting, self._accepted_g)
                self._first_rep_seq = 0
            case Rep():
                self._first_rep_seq = self._first_rep_seq or row.head.seq
                return self._holds(Place(set=row.body.set, rep=row.body.rep))
            case SetEnd():
                return list(self._answer(row.body))
            case Answer(set=int(done)) if done == self._set_done and not self._stopped:
                return self._again()
            case _:
                pass
        return []

    def is_set_end(self, row: Row, number: int) -> bool:
        """Tell whether the row ends this set."""
        return isinstance(row.body, SetEnd) and row.body.set == number

    def is_cut(self, row: Row) -> bool:
        """Tell whether the link is to be cut at this row."""
        return isinstance(row.body, Rep) and self.act.cut == Place(set=row.body.set, rep=row.body.rep)

    def whispers(self) -> tuple[Spoken, ...]:
        """Say what a machine that is away must never act upon; all but the first are retained."""
        self._seq += 1
        setting = self._sign(self._scene().good())
        return (
            self._hold("freeze", "hold-while-away"),
            self._hold("stop", "hold-retained"),
            _spoken("down/setting", "setting-retained", setting),
        )

    def _holds(self, place: Place) -> list[Spoken]:
        if place == self.act.stop:
            return [self._hold("stop", "hold-stop")]
        return [self._hold("pause", "hold-pause")] if place == self.act.pause else []

    def _answer(self, end: SetEnd) -> Iterator[Spoken]:
        """Answer the end of a set: first what must be refused, then the good setting for the next set."""
        self._set_done = end.set
        self._stopped = self._stopped or end.ended_by in ("pain", "unwell", "fault")
        is_stop = self.act.stop is not None and end.set == self.act.stop.set
        self._stopped = self._stopped or is_stop
        if self._row is None:
            return
        for name in self.act.after.get(end.set, ()):
            yield self._probe(name)
        if is_stop:
            yield self._hold("stop", "hold-repeated")
        if self._stopped:
            return
        self._wanted_g = self._load_g(end.set + 1)
        yield self._say_good(GOOD)
        yield self._say_good(REPEATED, new=False)

    def _again(self) -> list[Spoken]:
        if self._row is None or self._wanted_g is None or self.act.shape.is_spasm_day:
            return []  # on a spasm day whoever has answered may be gone before it comes
        return [self._say_good(AGAIN)]

    def _say_good(self, label: str, *, new: bool = True) -> Spoken:
        if new or self.good is None:
            self._seq += 1
            made = self._sign(self._scene().good(self._wanted_g))
            self.good = _spoken("down/setting", label, made)
        return replace(self.good, label=label)

    def _probe(self, name: str) -> Spoken:
        if name == FREEZE:
            return self._hold("freeze", name)
        self._seq += 1
        return _spoken("down/setting", name, SETTINGS[name].make(self._scene()))

    def _hold(self, action: HoldAction, label: str) -> Spoken:
        self._seq += HOLD_GAP
        hold = Hold(
            id=dose.new_id(self.session, label, self._seq),
            action=action,
            reason="conformance",
            by="conformance",
            seq=self._seq,
            session=self.session,
        )
        return Spoken(channel="down/hold", payload=codec.encode(hold), label=label, id=hold.id)

    @property
    def _row(self) -> Setting | None:
        """The plan's row of the set that comes next."""
        return next((row for row in self._plan.settings if row.set == self._set_done + 1), None)

    def _load_g(self, number: int) -> int:
        match self.act.loads.get(number, "same"):
            case "lower":
                return dose.in_steps(self._accepted_g * LOWER_SHARE)
            case "more":
                return self._accepted_g + LOAD_STEP_G
            case "cap":
                return dose.set_cap_g(self._accepted_g)
            case "row" if self._row is not None:
                return self._row.load_g
            case _:
                return self._accepted_g

    def _sign(self, setting: Setting) -> Made:
        self._loads[setting.id] = setting.load_g
        return codec.encode(self._signer.sign(setting)), setting.id

    def _scene(self) -> Scene:
        return Scene(
            head=self._head,
            asked=self.asked,
            plan=self._plan,
            row=self._row or self._plan.settings[-1],
            seq=self._seq,
            basis=self._basis,
            first_rep_seq=self._first_rep_seq,
            accepted_g=self._accepted_g,
            older=self._older.payload if self._older else b"{}",
            older_id=self._older.id if self._older else OTHER_UUID,
            signer=self._signer,
        )


def _spoken(channel: Channel, label: str, made: Made) -> Spoken:
    return Spoken(channel=channel, payload=made[0], label=label, id=made[1])
