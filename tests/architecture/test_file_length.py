"""A file that outgrows 300 lines becomes a folder."""

from pathlib import Path

LONGEST = 300


def test_no_python_file_is_longer_than_its_limit(project_files: list[Path]) -> None:
    sources = [path for path in project_files if path.suffix == ".py" and "migrations" not in path.parts]
    lengths = {str(path): len(path.read_text().splitlines()) for path in sources}
    assert len(lengths) > 20
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}
