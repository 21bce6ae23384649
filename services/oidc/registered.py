"""What the studio and its identity provider have agreed upon, out of the settings; half of it is refused."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from services.refusals import Finding, is_loopback, readable
from services.settings import Settings

PAGE = "/sign-in"  # the page to which the provider sends browsers back
SECRET_MOST = 1_024  # bytes
LIBRARIES = ("httpx2", "jwt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """This studio as its provider knows it; `acr` and `amr` are the words for a second factor seen there."""

    issuer: str
    name: str
    client_id: str
    secret: str
    redirect: str
    acr: tuple[str, ...]
    amr: tuple[str, ...]


def is_wanted(settings: Settings) -> bool:
    """Tell whether anything of a provider is configured."""
    return bool(
        settings.oidc_issuer
        or settings.oidc_client_id
        or settings.oidc_client_secret_file
        or settings.oidc_redirect
    )


def registered(settings: Settings) -> Registered | None:
    """Read the registration, which `of_provider` has nothing against; None without one."""
    file = settings.oidc_client_secret_file
    if not is_wanted(settings) or file is None or any(of_provider(settings)):
        return None
    return Registered(
        issuer=settings.oidc_issuer,
        name=settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or "",
        client_id=settings.oidc_client_id,
        secret=file.read_text(encoding="utf-8").strip(),
        redirect=settings.oidc_redirect,
        acr=_words(settings.oidc_acr),
        amr=_words(settings.oidc_amr),
    )


def of_provider(settings: Settings) -> Iterator[Finding]:
    """Find what is missing or unsafe in the settings of an identity provider; nothing when there is none."""
    if not is_wanted(settings):
        return
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        yield _found("oidc_library", "an identity provider needs the extra: pip install 'openspine[oidc]'")
    yield from _issuer(settings.oidc_issuer)
    if not settings.oidc_client_id:
        yield _found("oidc_client", "an identity provider needs OPENSPINE_OIDC_CLIENT_ID")
    yield from _secret(settings.oidc_client_secret_file)
    yield from _redirect(settings.oidc_redirect)


def _issuer(issuer: str) -> Iterator[Finding]:
    parts = _parts(issuer)
    if parts is None or parts.query or parts.fragment:
        yield _found("oidc_issuer", "OPENSPINE_OIDC_ISSUER is no address of a provider: https://HOST/PATH")
    elif not _is_safe(parts):
        yield _found("oidc_issuer", "OPENSPINE_OIDC_ISSUER would be asked in the open: https:// is wanted")


def _redirect(redirect: str) -> Iterator[Finding]:
    parts = _parts(redirect)
    if parts is None or "*" in redirect or parts.query or parts.fragment or parts.path != PAGE:
        wanted = f"https://HOST{PAGE}, one address and no pattern"
        yield _found("oidc_redirect", f"OPENSPINE_OIDC_REDIRECT is not the sign-in page's address: {wanted}")
    elif not _is_safe(parts):
        yield _found(
            "oidc_redirect", "OPENSPINE_OIDC_REDIRECT would carry codes in the open: https:// is wanted"
        )


def _secret(file: Path | None) -> Iterator[Finding]:
    if file is None:
        yield _found("oidc_secret", "an identity provider needs OPENSPINE_OIDC_CLIENT_SECRET_FILE")
        return
    try:
        is_usable = stat.S_ISREG(file.stat().st_mode) and 0 < len(file.read_bytes().strip()) <= SECRET_MOST
    except OSError:
        is_usable = False
    if not is_usable:
        yield _found("oidc_secret", f"{file} has no client secret of the identity provider that can be read")
        return
    yield from readable([file])


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        named = parts.hostname and parts.scheme in ("http", "https") and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if named and not parts.username and address.isprintable() and " " not in address else None


def _is_safe(parts: SplitResult) -> bool:
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in text.split(","))))


def _found(code: str, said: str) -> Finding:
    return Finding(code=code, said=said)
