"""The model file: a skops archive in one canonical form, opened only with a pinned allow-list.

Nothing is trusted because a file asks for it: the allow-list stands here (design page 5). No pickle.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any, Final

from ml.artifact.card import Refused

ALLOWED: Final = ("sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",)
MOST_UNPACKED, MOST_ENTRIES = 64_000_000, 5_000  # bytes, files: ours unpacks to a few megabytes
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold: archives carry no clock
Rows = Sequence[Sequence[float | None]]


def pack(models: Sequence[Any]) -> bytes:
    """Write models as a skops archive; equal models give equal bytes."""
    import skops.io  # noqa: PLC0415 - cold import costs 3.5 s

    return canonical(skops.io.dumps(list(models)))


def unpack(data: bytes) -> list[Any] | Refused:
    """Open an archive: its size as promised by its directory, then its types, then its content."""
    import skops.io  # noqa: PLC0415 - cold import costs 3.5 s
    from skops.io.exceptions import UntrustedTypesFoundException  # noqa: PLC0415

    too_large = _too_large(data)
    if too_large is not None:
        return too_large
    try:
        models: list[Any] = skops.io.loads(data, trusted=list(ALLOWED))
    except UntrustedTypesFoundException:
        return Refused(reason="the model file asks for types that are not on the allow-list")
    return models


def predictions(models: Sequence[Any], rows: Rows) -> list[list[float]]:
    """Predict rows with the library itself, one list a model; null means missing."""
    table = [as_floats(row) for row in rows]
    return [[float(value) for value in model.predict(table)] for model in models]


def as_floats(row: Sequence[float | None]) -> list[float]:
    """Read a row as the card holds it: null is nan."""
    return [float("nan") if value is None else value for value in row]


def canonical(data: bytes) -> bytes:
    """Rewrite a skops archive without memory addresses and clock."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        names: dict[str, str] = {}
        schema = _renumbered(json.loads(source.read("schema.json")), {}, names)
        _put(target, "schema.json", json.dumps(schema, sort_keys=True, separators=(",", ":")).encode())
        for old, new in names.items():
            _put(target, new, source.read(old))
    return packed.getvalue()


def _too_large(data: bytes) -> Refused | None:
    """Refuse a small file that would become a large one; no entry can give more than it promises."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = packed.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        return Refused(reason=f"the model file unpacks to more than {MOST_UNPACKED} bytes")
    return None


def _renumbered(node: Any, ids: dict[int, int], names: dict[str, str]) -> Any:
    """Return the schema with objects and files numbered by appearance instead of by address."""
    if isinstance(node, list):
        return [_renumbered(entry, ids, names) for entry in node]
    if not isinstance(node, dict):
        return node
    changed: dict[str, Any] = {}
    for key, value in node.items():
        if key == "__id__":
            changed[key] = ids.setdefault(value, len(ids) + 1)
        elif key == "file":
            changed[key] = names.setdefault(value, f"{len(names) + 1}.npy")
        else:
            changed[key] = _renumbered(value, ids, names)
    return changed


def _put(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    target.writestr(entry, data)
