"""The project names no package registry and no folder of one machine."""

import re
from pathlib import Path

# Written in pieces, so that this file does not name them either.
REGISTRY = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "python" + "hosted",
            "npm" + "js",
            "crates" + r"\.io",
            "index-" + "url ?=",
            "--find-" + "links",
        )
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:(?:work|root|home|Users)(?![\w-])|opt/(?!homebrew))/?[\w.-]*")
TEXT = {
    ".py",
    ".toml",
    ".txt",
    ".in",
    ".sh",
    ".md",
    ".yml",
    ".yaml",
    ".json",
    ".conf",
    ".css",
    ".js",
    ".html",
    "",
}
# Debian's layout inside the container images, not a folder of this machine.
CONTAINER_FILES = {"Dockerfile", "docker-compose.yml"}


def texts(project_files: list[Path]) -> dict[Path, str]:
    return {path: path.read_text(errors="replace") for path in project_files if path.suffix in TEXT}


def test_no_file_names_a_package_registry(project_files: list[Path]) -> None:
    found = {
        str(path): match[0] for path, text in texts(project_files).items() if (match := REGISTRY.search(text))
    }
    assert found == {}


def test_no_file_names_a_folder_of_one_machine(project_files: list[Path]) -> None:
    checked = {path: text for path, text in texts(project_files).items() if path.name not in CONTAINER_FILES}
    found = {str(path): match[0] for path, text in checked.items() if (match := MACHINE_PATH.search(text))}
    assert found == {}


def test_the_patterns_see_what_they_look_for() -> None:
    assert REGISTRY.search("https://files.python" + "hosted.org/x")
    assert MACHINE_PATH.search('open("/' + 'home/someone/data.csv")')
    assert not MACHINE_PATH.search("openspine/v1/rooms/" + "work" + "/rate")
    assert not MACHINE_PATH.search('"/home-exercises"')
