"""tls: whether the gate's certificate is trusted, whose it is, and how long it lasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from app.gate.errors import ExtraCaUnusable, GateUnreachable, TlsRefused
from app.work.doctor import door
from app.work.doctor.certificate import Certificate, parse
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings

SOON = timedelta(days=14)


def look(surroundings: Surroundings) -> Iterator[Finding]:
    if urlsplit(surroundings.base_url).scheme == "http":
        yield Finding(Grade.OK, "Plain http to this computer: no certificate is needed.")
        return
    try:
        certificate = parse(door.trusted_certificate(surroundings))
    except (TlsRefused, ExtraCaUnusable) as fault:
        yield Finding(Grade.PROBLEM, f"{fault.summary}{_shown(surroundings, fault)}", fault.remedy)
    except GateUnreachable as fault:
        yield Finding(Grade.WARNING, f"The certificate could not be seen: {fault.summary}", fault.remedy)
    else:
        yield _trusted(surroundings, certificate)


def _trusted(surroundings: Surroundings, certificate: Certificate) -> Finding:
    left = certificate.not_after - surroundings.now()
    told = f"{_described(certificate)}, in {left.days} days. This computer trusts it."
    if left < SOON:
        return Finding(Grade.WARNING, told, "Tell whoever runs the gate that its certificate ends soon.")
    return Finding(Grade.OK, told)


def _shown(surroundings: Surroundings, fault: GateUnreachable) -> str:
    """Whose the refused certificate is: that tells a proxy that reads along from a gate that forgot to renew."""
    if isinstance(fault, ExtraCaUnusable):
        return ""
    try:
        return f" {_described(parse(door.shown_certificate(surroundings)))}."
    except (GateUnreachable, ValueError):
        # There is none to read: the sentence before says so.
        return ""


def _described(certificate: Certificate) -> str:
    return (
        f"The certificate is for {certificate.subject}, signed by {certificate.issuer}, "
        f"good until {certificate.not_after:%Y-%m-%d}"
    )
