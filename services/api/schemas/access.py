"""Signing in: proofs that come in, and who one is."""

from typing import Annotated, Literal

from pydantic import Field

from contract.messages.vocabulary import PLAIN_TEXT
from services.access.passphrase import MOST
from services.api.schemas.shape import Shape
from services.api.schemas.vocabulary import At, Id, Name

Login = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9._@-]{1,63}$", examples=["mei.chan"])]
Passphrase = Annotated[
    str, Field(min_length=1, max_length=MOST, pattern=PLAIN_TEXT, examples=["kettle umbra vowel tangent"])
]
OneTimeCode = Annotated[
    str, Field(pattern="^[0-9]{6}$", description="of the authenticator app", examples=["492039"])
]
Pin = Annotated[str, Field(pattern="^[0-9]{4,12}$", examples=["204816"])]
PatientCode = Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN_TEXT, examples=["P-0007"])]
SecretCode = Annotated[
    str,
    Field(
        pattern="^[A-Za-z0-9_-]{43}$",
        description="one-time code, shown once",
        examples=["q0y9nZk3mX1vB7s2tW4uE6rT8yU0iO-pA_sD5fG7hJ1"],
    ),
]
Carried = Annotated[
    Literal["cookie", "token"],
    Field(description="cookie: for browsers; token: in the answer, for programs", examples=["cookie"]),
]
StaffRole = Annotated[Literal["therapist", "clinician", "admin", "auditor"], Field(examples=["therapist"])]
Language = Annotated[Literal["en", "zh-HK"], Field(examples=["zh-HK"])]
SiteId = Annotated[str, Field(pattern="^[a-z0-9-]{1,64}$", examples=["harbour"])]
Sites = Annotated[
    list[SiteId] | None, Field(description="null = every site", max_length=100, examples=[["harbour"]])
]


class StaffProof(Shape):
    """Who a member of staff is."""

    login: Login
    passphrase: Passphrase
    code: OneTimeCode | None = None
    carried: Carried = "cookie"


class PatientProof(Shape):
    """Who a patient is."""

    code: PatientCode
    pin: Pin
    carried: Carried = "cookie"


class FreshProof(Shape):
    """The same proof once more: passphrase and code of staff, or the PIN of a patient.

    Whom an identity provider has let in proves it by the code alone.
    """

    passphrase: Passphrase | None = None
    code: OneTimeCode | None = None
    pin: Pin | None = None


class SteppedUp(Shape):
    """Until when one may do what needs a fresh proof."""

    stepped_up_until: At


class Me(Shape):
    """Who has signed in."""

    id: Id
    mark: str = Field(
        description="the same as in `X-Viewer` of what a page asks for by itself",
        examples=["5d1f0c2ab8e94f7781c3d6e2"],
    )
    name: Name
    role: Literal["patient", "therapist", "clinician", "admin", "auditor"] = Field(examples=["therapist"])
    sites: Sites
    patient: Id | None
    zone: str = Field(description="time zone of the site where that holds", examples=["Asia/Hong_Kong"])
    language: Language | None
    provider: str | None = Field(
        default=None, description="identity provider that said who it is", examples=["Studio account"]
    )
    expires_at: At
    stepped_up_until: At | None


class SignedIn(Me):
    """Who has just signed in; `token` only where one was asked for."""

    token: SecretCode | None


class Acceptance(Shape):
    """An invitation is taken up with a passphrase of one's own."""

    invitation: SecretCode
    passphrase: Passphrase


class SecondFactor(Shape):
    """What an authenticator app is given; shown this once."""

    login: Login
    seed: str = Field(description="base32", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])
    address: str = Field(
        description="of a QR code", examples=["otpauth://totp/OpenSpine:mei.chan?secret=JBSWY3DPEHPK3PXP"]
    )


class StaffMember(Shape):
    """A member of staff."""

    id: Id
    login: Login
    name: Name
    language: Language
    role: StaffRole | None
    sites: Sites
    active: bool = Field(examples=[True])
    has_signed_up: bool = Field(description="has taken the invitation up", examples=[True])
    linked: bool = Field(description="comes from the identity provider", examples=[False])
    waits_since: At | None = Field(description="a clinician has to confirm the account; null = nobody has to")


class NewStaffMember(Shape):
    """Who is to be invited."""

    login: Login
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=PLAIN_TEXT, examples=["Chan Mei Ling"])]
    language: Language = "en"
    role: StaffRole
    sites: Sites = None


class NewRole(Shape):
    """The role that somebody has from now on."""

    role: StaffRole
    sites: Sites = None


class Invitation(Shape):
    """A one-time code for the sign-in page; shown this once."""

    id: Id
    invitation: SecretCode
    expires_at: At


class NewScreen(Shape):
    """A kiosk, or a phone that people use themselves."""

    site: SiteId
    name: Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN_TEXT, examples=["Entrance"])]


class ScreenCode(Shape):
    """A one-time code that makes a browser an enrolled screen; shown this once."""

    id: Id
    code: SecretCode
    expires_at: At


class ScreenClaim(Shape):
    """A browser becomes an enrolled screen."""

    code: SecretCode


class EnrolledScreen(Shape):
    """A screen at which patients may sign in."""

    id: Id
    site: SiteId
    name: Name
    enrolled: bool = Field(description="its code was used", examples=[True])
    added_at: At
