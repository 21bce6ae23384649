"""The database is gone for a while; the service wakes up to a mountain of rows: nothing may be missing."""

import asyncio
import time
from pathlib import Path
from typing import Any

from openspine.broker.embedded import Broker, best_kind
from openspine.chaos import service
from openspine.chaos.crowd import KIND, LOOK_S, Crowd, Talk
from openspine.chaos.kills import FLOWING, Say
from openspine.chaos.process import Place, ServiceLives
from openspine.chaos.verdict import Verdict, verdict
from openspine.postgres import Postgres

MACHINES = 12
PAUSE_S = 0.1
RATE_PER_S = 50.0  # protocol page: what one machine may send


async def database_stopped(
    folder: Path, server: Postgres, url: str, for_s: float, say: Say
) -> dict[str, Any]:
    """Stop PostgreSQL while machines talk; meanwhile nothing is acknowledged, and afterwards all is there."""
    side = service.open_side(folder, MACHINES, KIND, has_inbox=True, url=url)
    with Broker(best_kind(), folder / "broker") as broker:
        lives = ServiceLives(
            Place(url=side.url, keys=folder / "keys", port=broker.port, rate_per_s=RATE_PER_S)
        )
        lives.start()
        crowd = Crowd(side.badges, broker.port, folder, Talk(pause_s=PAUSE_S), 1)
        crowd.service_ended_by_itself = lives.ended_by_itself
        try:
            async with crowd:
                await crowd.progress(FLOWING)
                side.engine.dispose()
                server.halt()
                say(f"PostgreSQL is stopped for {for_s:g} s")
                await asyncio.sleep(LOOK_S)
                before = crowd.committed
                await asyncio.sleep(for_s)
                early, held = crowd.committed - before, crowd.waiting
                server.resume()  # here: a child process dies with the thread that has started it
                recovery_s = await crowd.progress()
                settled_s = await crowd.settle()
        finally:
            lives.kill()
    seen = verdict(crowd.said, side.found(), kept=crowd.kept)
    side.engine.dispose()
    if crowd.gave_up:
        return _report(seen, crowd)
    return _report(seen, crowd) | {
        "stopped_s": for_s,
        "acknowledged_meanwhile": early,
        "held_by_spools": held,
        "recovery_s": round(recovery_s, 2),
        "all_committed_s": round(recovery_s + settled_s, 2),
    }


async def backlog(folder: Path, url: str | None, messages: int, say: Say) -> dict[str, Any]:
    """Let spools fill while the service is away; it comes back, and the true pace of a machine holds."""
    side = service.open_side(folder, MACHINES, KIND, has_inbox=True, url=url)
    share = -(-messages // MACHINES)
    with Broker(best_kind(), folder / "broker") as broker:
        lives = ServiceLives(
            Place(url=side.url, keys=folder / "keys", port=broker.port, rate_per_s=RATE_PER_S)
        )
        talk = Talk(pause_s=0.0, rows=share, ahead_most=share + 1)
        crowd = Crowd(side.badges, broker.port, folder, talk, 1)
        crowd.service_ended_by_itself = lives.ended_by_itself
        try:
            lives.start()
            await lives.subscribed()  # from now on the broker keeps what comes for the service
            lives.kill()
            async with crowd:
                while len(list(crowd.said)) < share * MACHINES:  # noqa: ASYNC110 - looks at threads, no event tells
                    await asyncio.sleep(0.1)
                say(f"{crowd.waiting} rows wait on the machines' disks")
                held, began_s = crowd.waiting, time.monotonic()
                lives.start()
                await crowd.settle()
                drained_s = time.monotonic() - began_s
        finally:
            lives.kill()
    seen = verdict(crowd.said, side.found(), kept=crowd.kept)
    side.engine.dispose()
    return _report(seen, crowd) | {
        "held": held,
        "drained_s": round(drained_s, 2),
        "rows_per_s": round(held / drained_s, 1),
    }


def _report(seen: Verdict, crowd: Crowd) -> dict[str, Any]:
    return {"ok": seen.is_whole and not crowd.gave_up, **seen.told(crowd.gave_up)}
