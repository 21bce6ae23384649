"""Numbers the agent's own rows, and remembers those of this session: a later setting must be based on one."""

from contract.messages import KINDS, PROTOCOL_VERSION, Head, Message, RecordedBody, Rep
from machine_agent.agent.effects import Record
from machine_agent.agent.station import OpenSet, Station
from machine_agent.clock import Now


class Writer:
    """Makes recorded messages: stream and seq from the spool, clocks from `Now`."""

    def __init__(self, station: Station, stream: str, next_seq: int) -> None:
        self._station = station
        self.stream = stream
        self.next_seq = next_seq
        self.session: str | None = None
        self.rows: dict[int, int] = {}
        self.last_rep_seq = 0

    def open_session(self, session: str | None) -> None:
        """Begin a session (None: no session); its rows start empty."""
        self.session = session
        self.rows = {}
        self.last_rep_seq = 0

    def row(
        self, body: RecordedBody, now: Now, open_set: OpenSet | None, session: str | None = None
    ) -> Record:
        """Make the next row; `session` is only given for a session of an earlier life."""
        head = Head(
            v=PROTOCOL_VERSION,
            kind=KINDS[type(body)],
            machine=self._station.machine,
            stream=self.stream,
            seq=self.next_seq,
            boot=self._station.boot,
            mono_ms=now.mono_ms,
            wall_ms=now.wall_ms,
            session=session or self.session,
        )
        self.rows[head.seq] = now.mono_ms
        if isinstance(body, Rep):
            self.last_rep_seq = head.seq
        self.next_seq += 1
        return Record(message=Message(head=head, body=body), open_set=open_set)
