"""A process that stores rows and says so: `python spool_writer.py PATH ROWS [off]`, or `... nursery [early]`.

Writes to standard output the number of each row once the spool has called `on_stored`. `off`: without syncs
(a negative control). Ends with 1 and one sentence when the spool cannot be used. `nursery`: for each path on
standard input a child stores rows without end; `pid N` before its rows, `over` after its death. `early`: says
a row before it is stored (a negative control).
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from contract.messages import Curve, Event, Head, Message, RecordedBody, Rep
from contract.messages.vocabulary import RecordedKind
from machine_agent import spool as spool_module
from machine_agent.agent.effects import Record
from machine_agent.spool import Spool
from machine_agent.spool_file import Health
from machine_agent.spool_place import SpoolError

SESSION = "00000000-0000-4000-8000-000000000001"
LINE = tuple(float(number) for number in range(32))
BODIES: dict[RecordedKind, RecordedBody] = {
    "event": Event(what="stop"),
    "rep": Rep(
        set=1, rep=1, side="both", setting=SESSION, load_g=100, start_deg=0, end_deg=50, concentric_s=2,
        hold_s=0, eccentric_s=3, peak_torque_nm=50, mean_torque_nm=40, work_j=30, peak_speed_deg_s=30,
        mean_speed_deg_s=20, smoothness=-1.5, curve=Curve(deg=LINE, nm=LINE),
    ),
}  # fmt: skip


async def main(path: Path, rows: int, *, has_syncs: bool = True, is_early: bool = False) -> None:
    spool = Spool(path)
    if not has_syncs:
        spool._file._db.execute("PRAGMA synchronous=OFF")
    stored = asyncio.Event()

    def on_stored(records: Sequence[Record], _: Health) -> None:
        for record in () if is_early else records:
            os.write(1, b"%d\n" % record.message.head.seq)
        if records:
            stored.set()

    first = spool.beginning().next_seq
    spool.start(on_stored)
    for seq in range(first, first + rows) if rows else count(first):
        if is_early:
            os.write(1, b"%d\n" % seq)
        spool.put(record_of(spool.stream, seq))
        await stored.wait()
        stored.clear()
    await spool.close()


def record_of(stream: str, seq: int) -> Record:
    kind: RecordedKind = "rep" if seq % 3 else "event"
    head = Head(
        v=1, kind=kind, machine="le-1", stream=stream, seq=seq, boot=stream, mono_ms=seq, wall_ms=seq,
        session=SESSION,
    )  # fmt: skip
    return Record(message=Message(head=head, body=BODIES[kind]), open_set=None)


def nurse(*, is_early: bool) -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(main(Path(line.strip()), 0, is_early=is_early))
        os.write(1, b"pid %d\n" % child)
        os.waitpid(child, 0)
        os.write(1, b"\nover\n")


if __name__ == "__main__":
    spool_module.RETRY_S = 0.01  # between two tries on a disk that refuses
    if sys.argv[1] == "nursery":
        nurse(is_early=sys.argv[2:] == ["early"])
        sys.exit(0)
    try:
        asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), has_syncs=sys.argv[3:] != ["off"]))
    except SpoolError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
