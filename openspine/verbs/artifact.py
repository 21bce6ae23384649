"""`train`, `model sign`, `model card`: the effort model, who vouches for it, and what is said of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from openspine.outcome import ExitCode, Failure, hand_over
from openspine.verbs.options import AsJson

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from ml.artifact.seal import Seal

SHIPPED_PEOPLE, SHIPPED_SEED = 3_000, 7  # what the artifact in ml/artifacts was trained with
LEAST_PEOPLE = 90  # 18 strata, five of each: a fifth of them are judged
KeyFile = Annotated[Path, Parameter(help="Private part of a model key, as `admin keys new model` makes it.")]
Folder = Annotated[Path | None, Parameter(help="Folder of an artifact; else the one that ships.")]


def train(
    *,
    out: Annotated[Path, Parameter(help="Folder for the model and its card.")] = Path(".studio/effort-model"),
    people: Annotated[int, Parameter(help="Emulated people to train on.")] = SHIPPED_PEOPLE,
    seed: Annotated[int, Parameter(help="Same people and seed: same bytes.")] = SHIPPED_SEED,
    sign: Annotated[Path | None, Parameter(help="Private model key to sign the card with.")] = None,
    json: AsJson = False,
) -> None:
    """Train the effort model on emulated sets; the defaults make the artifact that ships.

    Without `--sign` a service opens it in a demo only, or where unsigned models are allowed by a setting.
    """
    if people < LEAST_PEOPLE:
        raise Failure(
            f"--people {people}: too few to train and judge, at least {LEAST_PEOPLE}", ExitCode.USAGE
        )
    if out.exists() and not out.is_dir():
        raise Failure(f"--out {out}: this is no folder", ExitCode.USAGE)
    key = None if sign is None else _key(sign)
    from emulator.people import person  # noqa: PLC0415 (another room, loaded when it runs)
    from emulator.rep_level import cohort  # noqa: PLC0415 (another room, loaded when it runs)
    from ml.training import train as training  # noqa: PLC0415 (another room, loaded when it runs)

    table = cohort.generate_sets(person.people(people, seed), seed)
    card = training.train(table, seed, out)
    key_id = None if key is None else _signed(out, key).key_id
    result = {"name": card.name, "sha256": card.sha256, "people": card.people, "sets": card.sets}
    hand_over({**result, "figures": card.figures, "folder": str(out), "signed_by": key_id}, as_json=json)


def model_sign(folder: Path, *, key: KeyFile, json: AsJson = False) -> None:
    """Sign the card of an artifact; exit code 1 when the model file is not the one of the card."""
    made = _signed(folder, _key(key))
    lines = [f"{folder}: signed by {made.key_id}"]
    hand_over({"ok": True, "folder": str(folder), "signed_by": made.key_id}, as_json=json, lines=lines)


def model_card(
    *,
    out: Annotated[Path | None, Parameter(help="Markdown file to write; else standard output.")] = None,
    artifact: Folder = None,
    json: AsJson = False,
) -> None:
    """Write the model card as a page: purpose, training data, figures, limits, and who vouches for it."""
    from ml import artifact as artifacts  # noqa: PLC0415 (another room, loaded when it runs)
    from ml.training.model_card import page  # noqa: PLC0415 (another room, loaded when it runs)

    if out is not None and not out.parent.is_dir():
        raise Failure(f"--out {out}: there is no folder {out.parent}", ExitCode.NOT_FOUND)
    folder = artifact or artifacts.shipped()
    card, signed_by = artifacts.read_card(folder), artifacts.signer(folder)
    if isinstance(card, artifacts.Refused):
        raise Failure(f"{folder}: {card.reason}", ExitCode.FAILED if folder.is_dir() else ExitCode.NOT_FOUND)
    text = page(card, None if isinstance(signed_by, artifacts.Refused) else signed_by)
    if out is not None:
        out.write_text(text, encoding="utf-8")
    shown = {"ok": True, "name": card.name, "page": None if out is None else str(out)}
    hand_over(shown | ({} if out else {"markdown": text}), as_json=json, lines=[str(out) if out else text])


def _key(file: Path) -> "Ed25519PrivateKey":
    """Read a private model key; Failure with the reason when it is none, or not kept safe."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 (heavy)

    from services.keys.folder import read_secret  # noqa: PLC0415 (another room, loaded when it runs)
    from services.keys.register import KeyRefusedError  # noqa: PLC0415 (another room, loaded when it runs)

    if not file.exists():
        raise Failure(f"{file}: there is no such key", ExitCode.NOT_FOUND)
    try:
        return Ed25519PrivateKey.from_private_bytes(read_secret(file))
    except (KeyRefusedError, ValueError) as refused:
        raise Failure(str(refused)) from refused


def _signed(folder: Path, key: "Ed25519PrivateKey") -> "Seal":
    """Sign an artifact; Failure with the reason when the artifact does not allow it."""
    from ml import artifact  # noqa: PLC0415 (another room, loaded when it runs)

    made = artifact.sign(folder, key)
    if isinstance(made, artifact.Refused):
        raise Failure(f"{folder}: {made.reason}")
    return made
