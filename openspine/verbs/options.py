"""Options that several verbs share."""

from typing import Annotated, Literal

from cyclopts import Parameter

AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print one JSON object.")]
By = Annotated[str, Parameter(help="Who does it, as it is to stand in the audit.")]
ADMIN = "admin"  # the usual one

# As `contract.messages` names them (a test compares): verbs load other rooms only when they run.
PhaseName = Literal["calm", "restore", "build", "strengthen", "maintain"]
SideName = Literal["both", "left", "right"]
