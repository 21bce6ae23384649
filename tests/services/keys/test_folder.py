"""What is refused when keys are opened: each with one sentence that names the file and no secret."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from services.keys import folder
from services.keys.command import open_command_key
from services.keys.envelope import open_envelope_key
from services.keys.register import KeyRefusedError
from services.keys.site import open_site_key


def refusal(path: Path, *, demo: bool = False) -> str:
    with pytest.raises(KeyRefusedError) as refused:
        open_command_key(path, demo=demo)
    text = str(refused.value)
    assert "\n" not in text
    assert not any(one.read_text() in text for one in path.glob("*.private"))
    return text


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with one command key."""
    folder.add(tmp_path / "keys", "command")
    return tmp_path / "keys"


def private(home: Path) -> Path:
    return next(home.glob("*.private"))


def test_the_current_key_is_opened_by_its_id(home: Path) -> None:
    first = open_command_key(home, demo=False)
    made = folder.add(home, "command")
    assert open_command_key(home, demo=False).key_id == first.key_id
    folder.switch(home, made.key_id)
    assert open_command_key(home, demo=False).key_id == made.key_id == f"command-{made.public[:8]}"


def test_outside_of_a_demo_nothing_is_made(tmp_path: Path) -> None:
    assert "no current command key" in refusal(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(KeyRefusedError, match="site cannot be read"):
        open_site_key(tmp_path, make=False)


def test_demo_keys_are_refused_outside_of_a_demo(tmp_path: Path) -> None:
    command, envelope = tmp_path / "command", tmp_path / "envelope"
    assert open_command_key(command, demo=True).key_id == "demo-command"
    assert open_envelope_key(envelope, demo=True).key_id == "demo-envelope"
    with pytest.raises(KeyRefusedError, match=r"demo-command in .* is a demo key, and this is no demo"):
        open_command_key(command, demo=False)
    with pytest.raises(KeyRefusedError, match=r"demo-envelope in .* is a demo key, and this is no demo"):
        open_envelope_key(envelope, demo=False)


def test_a_demo_key_is_refused_until_it_is_retired(tmp_path: Path) -> None:
    open_command_key(tmp_path, demo=True)
    folder.switch(tmp_path, folder.add(tmp_path, "command").key_id)
    assert "demo-command" in refusal(tmp_path)
    folder.retire(tmp_path, "demo-command")
    assert open_command_key(tmp_path, demo=False).key_id.startswith("command-")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o622, 0o610])
@pytest.mark.parametrize("demo", [False, True])
def test_a_key_that_others_may_touch_is_refused(home: Path, mode: int, demo: bool) -> None:
    private(home).chmod(mode)
    assert f"may be read by others (mode {mode:04o})" in refusal(home, demo=demo)


def test_a_site_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    open_site_key(tmp_path, make=True)
    (tmp_path / "site").chmod(0o644)
    with pytest.raises(KeyRefusedError, match="may be read by others"):
        open_site_key(tmp_path, make=False)


@pytest.mark.parametrize("demo", [False, True])
def test_the_service_refuses_a_folder_with_the_envelope_key(home: Path, tmp_path: Path, demo: bool) -> None:
    folder.add(tmp_path / "prescriber", "envelope")
    stolen = private(tmp_path / "prescriber")
    (home / stolen.name).write_bytes(stolen.read_bytes())
    assert f"{stolen.name} is no command key: this process must not hold it" in refusal(home, demo=demo)


def test_the_prescriber_refuses_a_folder_with_a_command_key(tmp_path: Path) -> None:
    folder.add(tmp_path, "envelope")
    folder.add(tmp_path, "command")
    with pytest.raises(KeyRefusedError, match="is no envelope key"):
        open_envelope_key(tmp_path, demo=False)


@pytest.mark.parametrize("content", ["123", "zz", "00", "00" * 33])
def test_a_broken_private_part_is_refused(home: Path, content: str) -> None:
    private(home).write_text(content)
    assert "is no key" in refusal(home) or "does not hold a key" in refusal(home)


def test_the_private_part_of_another_key_is_refused(home: Path, tmp_path: Path) -> None:
    folder.add(tmp_path / "other", "command")
    private(home).write_bytes(private(tmp_path / "other").read_bytes())
    assert "is of another key" in refusal(home)


@pytest.mark.parametrize("content", ["", "{}", '[{"key_id": "a"}]'])
def test_a_broken_register_is_refused(home: Path, content: str) -> None:
    (home / folder.REGISTER_FILE).write_text(content)
    assert "register.json cannot be read" in refusal(home)


def test_publishing_names_public_parts_only(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "machine" / "keys.json"
    assert folder.publish(home, target) == 1
    table = msgspec.json.decode(target.read_bytes())
    assert {frozenset(row) for row in table.values()} == {frozenset(("use", "public"))}
    assert private(home).read_text() not in target.read_text()
    target.write_text("[]")
    with pytest.raises(KeyRefusedError, match="something else than public keys"):
        folder.publish(home, target)


def test_processes_that_start_together_publish_the_same_keys(home: Path, tmp_path: Path) -> None:
    """Each writes a file of its own and renames it: one of two workers ended at its start."""
    to = tmp_path / "agents" / folder.PUBLIC_FILE
    with ThreadPoolExecutor(8) as many:
        counts = list(many.map(lambda _: folder.publish(home, to), range(200)))
    assert set(counts) == {1}
    assert len(folder.for_agents(to.parent)) == 1
    assert [one.name for one in to.parent.iterdir()] == [folder.PUBLIC_FILE]
    assert to.stat().st_mode & 0o777 == 0o644
