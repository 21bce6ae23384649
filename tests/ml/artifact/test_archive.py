import io
import shutil
import zipfile

import pytest
from artifact_workshop import Workshop, a_card

from ml.artifact import archive
from ml.artifact.card import Refused


def test_a_foreign_type_is_refused_before_it_is_made() -> None:
    import skops.io  # noqa: PLC0415 - slow import
    from sklearn.preprocessing import FunctionTransformer  # noqa: PLC0415 - slow import

    hostile = skops.io.dumps([FunctionTransformer(func=shutil.rmtree)])
    assert archive.unpack(hostile) == Refused(
        reason="the model file asks for types that are not on the allow-list"
    )
    assert len(archive.ALLOWED) == 1


def test_a_small_file_that_unpacks_to_much_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("schema.json", b"0" * (archive.MOST_UNPACKED + 1))
    assert len(packed.getvalue()) < 100_000
    assert archive.unpack(packed.getvalue()) == Refused(
        reason=f"the model file unpacks to more than {archive.MOST_UNPACKED} bytes"
    )


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_ENTRIES", 2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as many:
        for number in range(3):
            many.writestr(str(number), b"")
    assert isinstance(archive.unpack(packed.getvalue()), Refused)


def test_packing_twice_gives_the_same_bytes_and_the_same_models(workshop: Workshop) -> None:
    data = archive.pack(workshop.models)
    assert data == archive.pack(workshop.models)
    models = archive.unpack(data)
    assert not isinstance(models, Refused)
    rows = a_card().golden_rows
    assert archive.predictions(models, rows) == archive.predictions(workshop.models, rows)
