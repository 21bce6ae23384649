"""A recorder at work in a test, and what it was asked."""

import asyncio
from dataclasses import replace
from pathlib import Path

from recorded_scene import ABOUT

from contract.recording import Record
from emulator.recordings.mcap_file import RecordingWriter, read_records
from emulator.recordings.recorder import NotReached, Progress, Recorder, RecorderReport, RecorderSettings
from openspine.broker.embedded import Broker

PATIENCE_S = 90.0


def settings_of(broker: Broker, **changes: object) -> RecorderSettings:
    usual = RecorderSettings(host="127.0.0.1", port=broker.port, client_id="rec-test")
    return replace(usual, **changes)  # type: ignore[arg-type]


class Running:
    """A recorder at work; `end` stops it and reads what it wrote."""

    def __init__(
        self, settings: RecorderSettings, path: Path, writer: type[RecordingWriter] = RecordingWriter
    ) -> None:
        self.path = path
        self.writer = writer(path, ABOUT)
        self.recorder = Recorder(settings, self.writer)
        self.told: list[Progress] = []
        self._stop = asyncio.Event()
        self.task = asyncio.create_task(self.recorder.run(self._stop, self.told.append))

    async def linked(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not self.recorder.is_linked:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.01)

    async def has(self, messages: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.writer.messages < messages:  # noqa: ASYNC110 - nothing else tells
                await asyncio.sleep(0.01)

    async def end(self) -> tuple[RecorderReport, list[Record]]:
        self._stop.set()
        report = await self.task
        self.writer.close()
        assert isinstance(report, RecorderReport)
        return report, list(read_records(self.path))


async def tried(settings: RecorderSettings, tmp_path: Path) -> RecorderReport | NotReached:
    with RecordingWriter(tmp_path / "a.mcap", ABOUT) as writer:
        async with asyncio.timeout(PATIENCE_S):
            return await Recorder(settings, writer).run(asyncio.Event())
