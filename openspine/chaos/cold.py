"""SIGKILL for the whole service, `openspine serve` with all its imports: how long until rows are taken."""

import asyncio
from pathlib import Path
from typing import Any

from openspine.broker.embedded import Broker, best_kind
from openspine.chaos import service
from openspine.chaos.crowd import KIND, Crowd, Talk
from openspine.chaos.figures import share_s, spread_s
from openspine.chaos.kills import FLOWING, MACHINES, PAUSE_S, Say
from openspine.chaos.verdict import verdict
from openspine.service import ServiceProcess

RECOVERY_MOST_S = 10.0  # goal of the 99th of a hundred


async def cold(folder: Path, url: str | None, times: int, say: Say) -> dict[str, Any]:
    """Kill and start the whole service so often; rows must be taken again within ten seconds."""
    side = service.open_side(folder, MACHINES, KIND, has_inbox=True, url=url)
    took_s = []
    with Broker(best_kind(), folder / "broker") as broker:
        process = ServiceProcess(
            database_url=side.url, keys=folder / "keys", mqtt_port=broker.port, log=folder / "service.log"
        )
        child = process.start()
        crowd = Crowd(side.badges, broker.port, folder, Talk(pause_s=PAUSE_S), 1)
        crowd.service_ended_by_itself = lambda: _ended(child.poll())
        try:
            async with crowd:
                for number in range(1, times + 1):
                    await crowd.progress(FLOWING)
                    if crowd.gave_up:
                        break
                    child.kill()
                    await asyncio.to_thread(child.wait)
                    child = process.start()
                    took_s.append(await crowd.progress())
                    say(f"whole service killed {number} of {times} times, back after {took_s[-1]:.1f} s")
                await crowd.settle()
        finally:
            gave_up = crowd.gave_up  # as it is before the last kill
            child.kill()
            child.wait()
    seen = verdict(crowd.said, side.found(), kept=crowd.kept)
    side.engine.dispose()
    return {
        "ok": seen.is_whole and not gave_up and share_s(took_s, 0.99) <= RECOVERY_MOST_S,
        "kills": len(took_s),
        **seen.told(gave_up),
        "recovery_s": spread_s(took_s),
    }


def _ended(code: int | None) -> str:
    return "" if code is None else f"the service ended by itself with exit code {code}"
