"""Bodies of sites and machines."""

from typing import Annotated, Literal

from pydantic import Field

from contract.messages.vocabulary import MACHINE_PATTERN, PLAIN_TEXT
from services.api.schemas.enrolment import Because
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Count, Kind, MachineId, MachineName

SITE_PATTERN = "^[a-z0-9-]{1,64}$"
SiteName = Annotated[str, Field(min_length=1, max_length=120, pattern=PLAIN_TEXT, examples=["Kowloon"])]
SiteIdentity = Annotated[str, Field(pattern=SITE_PATTERN, examples=["kowloon"])]
Zone = Annotated[str, Field(max_length=64, description="IANA name", examples=["Asia/Hong_Kong"])]
Address = Annotated[str, Field(max_length=300, pattern=PLAIN_TEXT, examples=["12 Nathan Road, Kowloon"])]
NewName = Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN_TEXT, examples=["Rotation 1"])]
Base64 = "^[A-Za-z0-9+/]{8,128}={0,2}$"


class NewSite(Shape):
    """A site to add."""

    id: SiteIdentity
    name: SiteName
    time_zone: Zone
    address: Address | None = None


class SiteChange(Shape):
    """What changes; what is left out stays."""

    name: SiteName | None = None
    time_zone: Zone | None = None
    address: Address | None = None


class Site(Shape):
    """A site; `closed_at`: nobody joins it any more; `advice`: every setting waits for staff."""

    id: SiteIdentity
    name: SiteName
    time_zone: Zone
    address: Address | None
    closed_at: At | None
    advice: bool = Field(examples=[False])


class NewMachine(Shape):
    """A machine to enrol."""

    id: str = Field(pattern=MACHINE_PATTERN, examples=["rotation-1"])
    kind: Kind
    name: NewName


class MachineChange(Shape):
    """What changes; what is left out stays."""

    name: NewName | None = None
    site: SiteIdentity | None = None


class MachineCode(Shape):
    """A one-time code, shown this once: `./studio enrol CODE` on the machine's computer."""

    machine: MachineId
    code: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015"])
    expires_at: At


class Claim(Shape):
    """A machine claims its place: the code, and the salted hash of the password that it made (base64)."""

    code: str = Field(pattern="^[0-9a-f]{32}$", examples=["9f86d081884c7d659a2feaa0c55ad015"])
    salt: str = Field(pattern=Base64, max_length=64, examples=["c2FsdC1vZi0xMi1i"])
    password_hash: str = Field(
        pattern=Base64, min_length=88, max_length=88, examples=["aGFzaA" * 14 + "aA=="]
    )


class PublicKey(Shape):
    """A public key that may command."""

    use: Literal["command", "envelope"] = Field(examples=["command"])
    public: str = Field(examples=["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"])


class ClaimedMachine(Shape):
    """What the machine needs to know: who it is, whose commands it obeys, what limits are bound with."""

    machine: MachineId
    kind: Kind
    mode: Literal["real", "sim"] = Field(examples=["real"])
    client: str = Field(description="user name and client id at the broker", examples=["rotation-1"])
    site_key: str = Field(examples=["00" * 32])
    keys: dict[str, PublicKey] = Field(
        examples=[
            {
                "command-3f9a01c2": {
                    "use": "command",
                    "public": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                }
            }
        ]
    )


class NewCalibration(Shape):
    """Errors against a reference, and for how long the calibration holds."""

    load_error_pct: float = Field(ge=-100, le=100, description="per cent of the load", examples=[0.8])
    angle_error_deg: float = Field(ge=-90, le=90, description="degrees", examples=[-0.3])
    valid_days: int = Field(default=180, ge=1, le=366, examples=[180])
    note: str = Field(default="", max_length=500, pattern=PLAIN_TEXT, examples=["Reference weights A"])


class Calibrated(Shape):
    """Whether the machine passed."""

    passed: bool = Field(examples=[True])


class CalibrationRow(Shape):
    """One calibration."""

    at: At
    due_at: At
    load_error_pct: float = Field(examples=[0.8])
    angle_error_deg: float = Field(examples=[-0.3])
    passed: bool = Field(examples=[True])
    note: str = Field(examples=["Reference weights A"])


class ConformanceInShort(Shape):
    """What the conformance kit found last; of other firmware: the machine runs something else by now."""

    tested_at: At
    level: Literal["basic", "full"] = Field(examples=["full"])
    passed: Count
    failed: Count
    skipped: Count
    firmware: str = Field(examples=["1.4.2"])
    is_of_other_firmware: bool = Field(examples=[False])
    ended_early: bool = Field(description="later rules were not reached", examples=[False])


class MachineHealth(Shape):
    """One machine as a manager sees it."""

    machine: MachineId
    name: MachineName
    kind: Kind
    site: SiteIdentity
    site_name: SiteName
    retired: bool = Field(examples=[False])
    enrolled_at: At
    online: bool = Field(examples=[True])
    stale: bool = Field(examples=[False])
    state: str = Field(examples=["REST"])
    firmware: str = Field(examples=["1.4.2"])
    spool_rows: Count
    seen_at: At | None
    clock_ahead_s: float | None = Field(
        description="of the studio's time; null where that time is simulated", examples=[0.2]
    )
    calibration: Literal["never", "failed", "due", "due_soon", "fine"] = Field(examples=["fine"])
    calibrated_at: At | None
    calibration_due_at: At | None
    conformance: ConformanceInShort | None


class MachineFile(MachineHealth):
    """One machine with its calibrations, newest first."""

    calibrations: list[CalibrationRow]


class Firmware(Shape):
    """Which machines of a kind run a version."""

    kind: Kind
    version: str = Field(examples=["1.4.2"])
    machines: list[MachineId]


class Retirement(Because):
    """Why a machine goes out of use, or comes back."""
