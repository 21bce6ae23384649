import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from openspine.__main__ import main, overview
from openspine.outcome import ExitCode
from openspine.verbs import VERBS, Verb

ROOT = Path(__file__).resolve().parents[2]
LIGHT = {"cyclopts", "rich", "attrs", "openspine"}


def modules_after(code: str) -> set[str]:
    report = subprocess.check_output(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], text=True
    )
    return {name.split(".")[0] for name in report.splitlines()[-1].split()}


def test_help_lists_every_verb_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == ExitCode.OK
    assert capsys.readouterr().out == overview() + "\n"
    listed = [line.strip().split("  ")[0] for line in overview().splitlines() if line.startswith("  ")]
    assert listed == [verb.name for verb in VERBS]


def test_help_imports_no_library() -> None:
    heavy = modules_after("from openspine.__main__ import main; main(['--help'])")
    assert not heavy & {
        "cyclopts",
        "rich",
        "numpy",
        "sqlalchemy",
        "fastapi",
        "streamlit",
        "sklearn",
        "aiomqtt",
    }


def test_the_files_of_the_verbs_import_nothing_heavy() -> None:
    code = "import importlib\n" + "\n".join(
        f"importlib.import_module({verb.path.split(':')[0]!r})" for verb in VERBS
    )
    heavy = modules_after(code)
    assert not heavy & {"numpy", "sqlalchemy", "fastapi", "streamlit", "sklearn", "gmqtt", "uvicorn", "scipy"}


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_exists_and_explains_itself(verb: object, capsys: pytest.CaptureFixture[str]) -> None:
    path, name, text = (getattr(verb, field) for field in ("path", "name", "help"))
    module, _, function = path.partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    assert main([*name.split(), "--help"]) == ExitCode.OK
    assert text in capsys.readouterr().out


def test_a_verb_may_have_verbs_below_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    below = Verb(name="doctor there", path="openspine.verbs.admin:pin", help="Look elsewhere.")
    monkeypatch.setattr("openspine.__main__.VERBS", (*VERBS, below))
    assert main(["doctor", "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["findings"]
    assert main(["doctor", "--help"]) == ExitCode.OK
    assert "there: Look elsewhere." in capsys.readouterr().out
    assert main(["doctor", "there", "--help"]) == ExitCode.OK
    assert "Look elsewhere." in capsys.readouterr().out
    assert main(["doctor", "nowhere"]) == ExitCode.USAGE
    assert main(["model"]) == ExitCode.OK  # a group without a verb of its own lists what is below
    assert "sign" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["nonsense"], ["doctor", "--nonsense"], ["test", "--budget", "soon"]])
def test_a_wrong_command_line_ends_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(wrong) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert wrong[-1] in printed.err


def test_python_m_and_the_console_script_are_the_same_entry() -> None:
    script = Path(sys.executable).parent / "openspine"
    outputs = {
        subprocess.check_output([*command, "doctor", "--json"], cwd=ROOT)
        for command in ([str(script)], [sys.executable, "-m", "openspine"])
    }
    assert len(outputs) == 1
    assert json.loads(outputs.pop())["findings"]


def test_verb_files_import_other_rooms_only_inside_functions() -> None:
    rooms = {"contract", "ml", "services", "machine_agent", "emulator", "dashboard"}
    for path in sorted((ROOT / "openspine" / "verbs").glob("*.py")):
        for node in ast.parse(path.read_text()).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & rooms, path


def test_a_failure_is_an_object_too_when_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["import", "nowhere.csv", "--map", "motor-leg-press", "-o", "out.mcap", "--json"])
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert code == answer["code"] == ExitCode.FAILED
    assert answer["ok"] is False
    assert "nowhere.csv" in answer["error"]
    assert "nowhere.csv" in printed.err


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (["rec", "info"], "--file requires an argument"),
        (["replay"], "--file requires an argument"),
        (["rec", "export", "parquet", "day.mcap"], "--out requires an argument"),
        (["emulate", "day", "--patients", "many"], '"many" into int'),
        (["doctor", "--nonsense"], "--nonsense"),
    ],
)
def test_a_wrong_command_line_is_one_object_too_when_json_is_asked_for(
    wrong: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([*wrong, "--json"])
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert (code, answer["code"], answer["ok"]) == (ExitCode.USAGE, ExitCode.USAGE, False)
    assert why in answer["error"]
    assert "Error" in printed.err
