"""gate: whether the gate answers, and whose token it is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from app.credentials.errors import CredentialsError
from app.gate.answers import read
from app.gate.endpoints import ORGANIZATION
from app.gate.errors import Forbidden, GateBusy, GateError, NotTheGate, TokenRefused, error_for
from app.masked import Secret
from app.work.doctor import door
from app.work.doctor.line import Finding, Grade
from app.work.doctor.surroundings import Surroundings


def look(surroundings: Surroundings) -> Iterator[Finding]:
    host = urlsplit(surroundings.base_url).netloc
    token = _token(surroundings)
    try:
        told = _with_token(surroundings, host, token) if token else _without_token(surroundings, host)
    except GateBusy as fault:
        yield Finding(Grade.WARNING, f"{host}: {fault.summary}", fault.remedy)
    except GateError as fault:
        yield Finding(Grade.PROBLEM, f"{host}: {fault.summary}", fault.remedy)
    else:
        yield Finding(Grade.OK, told)


def _token(surroundings: Surroundings) -> Secret | None:
    try:
        return surroundings.token()
    except (CredentialsError, OSError):
        # The keyring's own line says so (OSError: the folder that names its entry); whether the gate can be reached
        # is to be told all the same.
        return None


def _with_token(surroundings: Surroundings, host: str, token: Secret) -> str:
    client = surroundings.gate()
    try:
        return f"{host} knows the token: {client.organization(token).name}."
    finally:
        client.close()


def _without_token(surroundings: Surroundings, host: str) -> str:
    reply = door.ask(surroundings, ORGANIZATION.path)
    fault = error_for(read(reply, ORGANIZATION, sent={}))
    if isinstance(fault, (TokenRefused, Forbidden)):
        return f"{host} answers; without a token there is no more to ask."
    if reply.status in ORGANIZATION.success:
        # A gate that names an organization to anyone is none.
        raise NotTheGate("The answer did not come from the gate.")
    raise fault
