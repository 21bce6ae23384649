"""The screen as the loop's watcher: views and rows go out to pages, touches come back as a queue."""

import asyncio

from contract.messages import Message
from machine_agent.agent.effects import DownMessage
from machine_agent.agent.view import View
from machine_agent.clock import Now
from machine_agent.inputs import PatientInput, Press
from machine_agent.screen.feed import Feed

TOUCHES_MOST = 64  # unread ones; the agent reads all of them every 20 ms


class Screen:
    """One screen; give `inputs` and the screen itself to `loop.run`."""

    def __init__(self, inputs: asyncio.Queue[PatientInput] | None = None) -> None:
        self.inputs: asyncio.Queue[PatientInput] = asyncio.Queue() if inputs is None else inputs
        self.feed = Feed()

    @property
    def has_view(self) -> bool:
        """Tell whether the agent has shown anything yet."""
        return self.feed.has_view

    def put(self, touch: PatientInput) -> bool:
        """Hand a touch to the agent; False when it reads none. A button of the three is always taken."""
        if self.inputs.qsize() >= TOUCHES_MOST and not isinstance(touch, Press):
            return False
        self.inputs.put_nowait(touch)
        return True

    def close(self) -> None:
        """End the streams of all pages."""
        self.feed.close()

    def on_view(self, view: View, now: Now) -> None:
        """See the snapshot of this pass."""
        self.feed.show(view, now)

    def on_record(self, message: Message, now: Now) -> None:  # noqa: ARG002 (the loop's interface)
        """See a row when it is on disk."""
        self.feed.keep(message.body)

    def on_message(self, message: DownMessage, now: Now) -> None:
        """Look away: what the service said is in the next view."""
