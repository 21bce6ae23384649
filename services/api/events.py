"""What the live hub has seen becomes server-sent events."""

from collections.abc import Mapping

from fastapi.sse import ServerSentEvent

from services.api.schemas import Heartbeat, LiveFrame, LiveFrames, LiveState
from services.insights.units import at, clinical_deg
from services.live import Beat, FrameSeen, FramesSeen, Seen, StateSeen

DIGITS = 2  # hundredths of a degree and of a newton metre are more than a screen shows


def event(seen: Seen, kinds: Mapping[str, str]) -> ServerSentEvent:
    """Write one sight as an event; `kinds` tells the kind of each machine for the clinical angle."""
    match seen:
        case FrameSeen():
            return ServerSentEvent(event="frame", data=_frame(seen, kinds.get(seen.machine)))
        case FramesSeen(frames=frames):
            batch = LiveFrames(items=[_frame(one, kinds.get(one.machine)) for one in frames])
            return ServerSentEvent(event="frames", data=batch)
        case StateSeen(machine=machine, status=status, at_ms=at_ms):
            state = LiveState(
                machine=machine,
                online=status.online,
                state=status.state.lower(),
                session=status.session,
                at=at(at_ms),
            )
            return ServerSentEvent(event="state", data=state)
        case Beat(at_ms=at_ms, dropped=dropped):
            return ServerSentEvent(event="heartbeat", data=Heartbeat(at=at(at_ms), dropped=dropped))


def _frame(seen: FrameSeen, kind: str | None) -> LiveFrame:
    frame = seen.frame
    return LiveFrame(
        machine=seen.machine,
        mono_ms=frame.mono_ms,
        set=frame.set,
        rep=frame.rep,
        deg=round(frame.deg, DIGITS),
        target_deg=round(frame.target_deg, DIGITS),
        clinical_deg=clinical_deg(kind, frame.deg) if kind else None,
        nm=round(frame.nm, DIGITS),
        phase=frame.phase,
    )
