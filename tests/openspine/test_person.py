from pathlib import Path

import database_copies
import pytest
from studio_rows import StudioRows, named

from openspine.outcome import ExitCode, Failure
from openspine.person import find, keep
from services.store.engine import open_engine


def test_a_person_is_found_by_id_and_by_code(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studio.sqlite'}"
    database_copies.migrate(url)
    rows = StudioRows(open_engine(url))
    rows.site()
    rows.patient()
    with rows.engine.connect() as connection:
        assert find(connection, "P-Ling").name == "Chan Mei Ling"
        assert find(connection, named("Chan Mei Ling")).code == "P-Ling"
        with pytest.raises(Failure, match="no person Chan") as refused:
            find(connection, "Chan")
    assert refused.value.code == ExitCode.NOT_FOUND
    rows.engine.dispose()


def test_what_is_kept_is_its_owner_s(tmp_path: Path) -> None:
    keep(tmp_path / "record", b"health")
    assert (tmp_path / "record").read_bytes() == b"health"
    assert (tmp_path / "record").stat().st_mode & 0o777 == 0o600
