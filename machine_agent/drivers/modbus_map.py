"""Register maps: which Modbus register means what, read from TOML and checked before anything moves."""

import math
import struct
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine_agent.drivers import Unfit

SHIPPED = Path(__file__).parent / "maps"
# What a value must be able to say: the widest range of the machine catalogue, and the coarsest step allowed.
READ = {
    "deg": (-180, 180, 0.1),
    "deg_s": (-250, 250, 1.0),
    "torque_nm": (-600, 600, 0.1),
    "load_g": (0, 200_000, 100),
}
WRITE = {
    "load_g": (0, 200_000, 100),
    "start_cdeg": (-18_000, 18_000, 10),
    "end_cdeg": (-18_000, 18_000, 10),
    "max_speed_cdeg_s": (0, 25_000, 100),
}
COUNTERS, BITS, READ_BITS = {"heartbeat"}, {"brake", "lock"}, {"seat", "pelvis_ok", "estop"}
GRAVITY_DEG, GRAVITY_NM, GRAVITY_POINTS = (-180, 180, 0.1), (-250, 250, 0.5), 3
WORD_BITS = 16
ADDRESS_MOST, RUN_MOST = (
    65_535,
    120,
)  # registers of one request (Modbus: 125 to read, 123 to write)
CODES = {"int16": ">h", "uint16": ">H", "int32": ">i", "uint32": ">I", "float32": ">f", "bit": ">H"}
LIMITS = {
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "float32": (-math.inf, math.inf),
    "bit": (0, 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value in one or two registers: value = raw x scale."""

    address: int
    type: str
    scale: float = 1.0
    bit: int = 0
    low_first: bool = False

    @property
    def size(self) -> int:
        """How many registers it takes."""
        return struct.calcsize(CODES[self.type]) // 2

    def decode(self, registers: Mapping[int, int]) -> float:
        """Read the value out of registers by address."""
        words = [registers[self.address + index] for index in range(self.size)]
        if self.type == "bit":
            return float(words[0] >> self.bit & 1)
        packed = b"".join(word.to_bytes(2) for word in (reversed(words) if self.low_first else words))
        return float(struct.unpack(CODES[self.type], packed)[0]) * self.scale

    def encode(self, value: float) -> dict[int, int]:
        """Write a value as registers by address, rounded towards zero: never more than was commanded."""
        if self.type == "bit":
            return {self.address: int(bool(value)) << self.bit}
        raw = value / self.scale
        whole = raw if self.type == "float32" else math.trunc(raw + math.copysign(1e-9, raw))
        packed = struct.pack(CODES[self.type], whole)
        words = [int.from_bytes(packed[at : at + 2]) for at in range(0, len(packed), 2)]
        return dict(enumerate(reversed(words) if self.low_first else words, start=self.address))

    def covers(self, least: float, most: float, step: float) -> bool:
        """Tell whether every value of a range can be said, at least so finely."""
        low, high = LIMITS[self.type]
        fine = self.type == "float32" or self.scale <= step
        return fine and low * self.scale <= least and most <= high * self.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class GravityBlock:
    """The table of the person's own torque: a count, then pairs of angle (deg) and torque (Nm)."""

    count: Field
    pairs: tuple[tuple[Field, Field], ...]

    def encode(self, table: Sequence[tuple[float, float]]) -> dict[int, int]:
        """Write a table; one that is too long keeps its ends and is thinned between them."""
        most = len(self.pairs)
        kept = table
        if len(table) > most:
            kept = [table[round(index * (len(table) - 1) / (most - 1))] for index in range(most)]
        registers = self.count.encode(len(kept))
        for (deg, nm), values in zip(self.pairs, [*kept, *[(0.0, 0.0)] * (most - len(kept))], strict=True):
            registers |= deg.encode(values[0]) | nm.encode(values[1])
        return registers


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMap:
    """Everything that the driver must know of a drive."""

    reads: Mapping[str, Field]
    writes: Mapping[str, Field]
    gravity: GravityBlock | None
    from_input: bool

    @property
    def write_fields(self) -> list[Field]:
        """Every field that is written, the gravity table included."""
        table = (
            [self.gravity.count, *(one for pair in self.gravity.pairs for one in pair)]
            if self.gravity
            else []
        )
        return [*self.writes.values(), *table]


def load(path: Path) -> RegisterMap | Unfit:
    """Read and check a map; what is wrong is one sentence."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        found = _map(table)
        problem = _problem(found)
    except OSError as error:
        return Unfit(reason=f"the register map {path} cannot be read: {error.strerror}")
    except tomllib.TOMLDecodeError as error:
        return Unfit(reason=f"the register map {path} is no TOML: {error}")
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        return Unfit(reason=f"the register map {path} is wrong: {error}")
    return found if problem is None else Unfit(reason=f"the register map {path}: {problem}")


def spans(fields: Iterable[Field]) -> list[range]:
    """Group fields into runs of adjacent registers, in the order of their addresses."""
    addresses = sorted({one.address + index for one in fields for index in range(one.size)})
    runs: list[range] = []
    for address in addresses:
        if runs and runs[-1].stop == address:
            runs[-1] = range(runs[-1].start, address + 1)
        else:
            runs.append(range(address, address + 1))
    return runs


def _map(table: Mapping[str, Any]) -> RegisterMap:
    order, source = table.get("word_order", "high_first"), table.get("read_from", "input")
    if order not in ("high_first", "low_first") or source not in ("input", "holding"):
        raise ValueError("word_order is high_first or low_first, read_from is input or holding")
    low_first = order == "low_first"
    return RegisterMap(
        reads={name: _field(name, one, low_first=low_first) for name, one in table["read"].items()},
        writes={name: _field(name, one, low_first=low_first) for name, one in table["write"].items()},
        gravity=_gravity(table["gravity"], low_first=low_first) if "gravity" in table else None,
        from_input=source == "input",
    )


def _field(name: str, table: Mapping[str, Any], *, low_first: bool) -> Field:
    unknown = set(table) - {"address", "type", "scale", "bit"}
    found = Field(
        address=table["address"],
        type=table["type"],
        scale=table.get("scale", 1.0),
        bit=table.get("bit", 0),
        low_first=low_first,
    )
    is_sound = (
        isinstance(found.address, int) and found.type in CODES and found.scale > 0 and 0 <= found.bit <= 15
    )
    if unknown or not is_sound or not 0 <= found.address <= ADDRESS_MOST + 1 - found.size:
        raise ValueError(f"{name} = {dict(table)}")
    return found


def _gravity(table: Mapping[str, Any], *, low_first: bool) -> GravityBlock:
    points = table["points"]
    if points < GRAVITY_POINTS or set(table) != {"address", "points", "type", "deg_scale", "nm_scale"}:
        raise ValueError(
            f"gravity needs address, type, deg_scale, nm_scale and at least {GRAVITY_POINTS} points"
        )
    count = _field("gravity", {"address": table["address"], "type": "uint16"}, low_first=low_first)

    def one(index: int, scale: float) -> Field:
        size = struct.calcsize(CODES[table["type"]]) // 2
        entry = {"address": table["address"] + 1 + index * size, "type": table["type"], "scale": scale}
        return _field("gravity", entry, low_first=low_first)

    pairs = [(one(2 * at, table["deg_scale"]), one(2 * at + 1, table["nm_scale"])) for at in range(points)]
    return GravityBlock(count=count, pairs=tuple(pairs))


def _problem(found: RegisterMap) -> str | None:
    """Say what keeps a map from being used: something lacks, does not fit, or lies on something else."""
    if missing := sorted((set(READ) - set(found.reads)) | ({*WRITE, *BITS, *COUNTERS} - set(found.writes))):
        return f"{', '.join(missing)} must be mapped"
    known = ({*READ, *READ_BITS, "counter"}, {*WRITE, *BITS, *COUNTERS})
    if strange := sorted((set(found.reads) - known[0]) | (set(found.writes) - known[1])):
        return f"nothing is called {', '.join(strange)}"
    narrow = [f"read.{name}" for name, most in READ.items() if not found.reads[name].covers(*most)]
    narrow += [f"write.{name}" for name, most in WRITE.items() if not found.writes[name].covers(*most)]
    if found.gravity is not None and not _is_wide(found.gravity):
        narrow.append("gravity")
    if narrow:
        return f"{', '.join(narrow)} cannot say every value: a wider type, a sign or a finer scale is needed"
    return _unlike(found) or _overlap(found)


def _unlike(found: RegisterMap) -> str | None:
    """Say which value has a type that does not suit it."""
    bits = [found.writes[name] for name in BITS]
    bits += [found.reads[name] for name in READ_BITS & set(found.reads)]
    if any(one.type != "bit" for one in bits):
        return "brake, lock, seat, pelvis_ok and estop are of type bit"
    counters = [found.writes["heartbeat"], found.reads.get("counter", found.writes["heartbeat"])]
    if any(one.type != "uint16" or one.scale != 1 for one in counters):
        return "heartbeat and counter are uint16 without a scale"
    return None


def _is_wide(block: GravityBlock) -> bool:
    return all(deg.covers(*GRAVITY_DEG) and nm.covers(*GRAVITY_NM) for deg, nm in block.pairs)


def _overlap(found: RegisterMap) -> str | None:
    for side, fields in (("read", list(found.reads.values())), ("write", found.write_fields)):
        taken: dict[int, set[int]] = {}
        for one in fields:
            bits = {one.bit} if one.type == "bit" else set(range(WORD_BITS))
            for address in range(one.address, one.address + one.size):
                if taken.setdefault(address, set()) & bits:
                    return f"two {side} values share register {address}"
                taken[address] |= bits
        if any(len(run) > RUN_MOST for run in spans(fields)):
            return f"a run of {side} registers is longer than {RUN_MOST}"
    return None
