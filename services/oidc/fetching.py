"""JSON from the provider: over few connections, in bounded time and size, and from nowhere else."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any, Final

import httpx2

TIMEOUT: Final = httpx2.Timeout(4.0, connect=3.0)  # s, of each step
WHOLE_S = 8.0  # of a whole answer, however slowly it drips
ANSWER_MOST = 262_144  # bytes
AT_ONCE = 6  # a provider that hangs holds no more of the service's threads
PAUSE_S = 5.0  # after a failure nobody waits for the provider again
BUSY = "provider_busy"  # too many ask at once, or it has just been away


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The provider does not answer, or not as a provider does."""

    why: str


class Fetching:
    """Asks the provider; remembers for a moment that it is away."""

    def __init__(self) -> None:
        self._http = httpx2.Client(timeout=TIMEOUT, follow_redirects=False)
        self._turns = BoundedSemaphore(AT_ONCE)
        self._away_until_s = 0.0

    def get(self, address: str) -> dict[str, Any] | Away:
        """Read a JSON object."""
        found = self._ask("GET", address)
        if isinstance(found, Away):
            return found
        status, said = found
        return said if status == httpx2.codes.OK else self._failed()

    def post(
        self, address: str, form: Mapping[str, str], basic: tuple[str, str] | None
    ) -> tuple[int, dict[str, Any]] | Away:
        """Send a form and read a JSON object, whatever the status is below 500."""
        found = self._ask("POST", address, data=dict(form), auth=basic)
        is_broken = not isinstance(found, Away) and found[0] >= httpx2.codes.INTERNAL_SERVER_ERROR
        return self._failed() if is_broken else found

    def _ask(self, method: str, address: str, **more: Any) -> tuple[int, dict[str, Any]] | Away:
        if time.monotonic() < self._away_until_s or not self._turns.acquire(blocking=False):
            return Away(why=BUSY)
        try:
            return self._read(method, address, more)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, RecursionError):
            return self._failed()
        finally:
            self._turns.release()

    def _read(self, method: str, address: str, more: Mapping[str, Any]) -> tuple[int, dict[str, Any]] | Away:
        ends_s, body = time.monotonic() + WHOLE_S, bytearray()
        accepts = {"Accept": "application/json"}
        with self._http.stream(method, address, headers=accepts, **more) as answer:
            for part in answer.iter_bytes():
                body += part
                if len(body) > ANSWER_MOST or time.monotonic() > ends_s:
                    return self._failed()
        said = json.loads(bytes(body))
        return (answer.status_code, said) if isinstance(said, dict) else self._failed()

    def pause(self, why: str) -> Away:
        """Ask nothing of the provider for a moment."""
        self._away_until_s = time.monotonic() + PAUSE_S
        return Away(why=why)

    def _failed(self) -> Away:
        return self.pause("provider_down")
