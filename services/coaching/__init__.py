"""Use cases for what machines say: facts in, signed settings out; knows no MQTT and no clock.

In the order of the data's way, through one transaction (`handle`):

- in: `desk` (what goes in and comes out), `receive` (bytes to facts: duplicates, gaps, dead letters),
  `load` (sessions into memory: `case`), `batch` (where a batch must be cut), `segment` (one such stretch)
- sign_in -> plan: `sign_in` (who is it), `history` (what the past means today), `skew` (is the
  machine's clock to be believed), `questions`, `plan`
- set_end or answer -> setting: `record` (the fact and its rows), `questions` (what the model is asked),
  `reply` (what is sent and kept), `summary` (one row per session and side), `alerts`
- receipt -> the state of its setting: `record`
- rows that came too early -> answers that wait, at most two seconds: `waiting`, `overdue`
- late facts -> later beliefs: `late_facts`
- dead letters that staff want tried again: `requeue`
- the end of a session: `closing`
- before all this, by staff: `enrol` (a person joins); limits are signed in `services.prescribing`
- ids are made in `names`; the way from a row to its settings is followed in `trace`
"""

from services.coaching.desk import Delivery, Desk, Outcome, Outgoing, StreamAck, Trace
from services.coaching.handle import handle, merged
from services.coaching.overdue import answer_overdue
from services.coaching.requeue import take_back

__all__ = [
    "Delivery",
    "Desk",
    "Outcome",
    "Outgoing",
    "StreamAck",
    "Trace",
    "answer_overdue",
    "handle",
    "merged",
    "take_back",
]
