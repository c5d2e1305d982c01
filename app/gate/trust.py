"""Whose certificates are trusted: the operating system's, and one file more if a setting names it. Nothing else."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from app.gate.errors import ExtraCaUnusable

EXPIRED = "it has expired; check this computer's clock"
NOT_YET = "it is not valid yet; check this computer's clock"
ITSELF = "it is signed by itself"
UNKNOWN_AUTHORITY = "it is signed by an authority that this computer does not know"
REVOKED = "it was revoked"
OTHER_NAME = "it is for another name"

# The codes that the verifier of each system gives: OpenSSL's X509_V_ERR_* (x509_vfy.h), those of Windows
# (winerror.h, CERT_E_* and CRYPT_E_REVOKED) and of macOS (SecBase.h, errSec*).
SENTENCES: Mapping[int, str] = {
    9: NOT_YET,
    10: EXPIRED,
    18: ITSELF,
    19: UNKNOWN_AUTHORITY,
    20: UNKNOWN_AUTHORITY,
    21: UNKNOWN_AUTHORITY,
    23: REVOKED,
    62: OTHER_NAME,
    64: "it is for another address",
    0x800B0101: EXPIRED,
    0x800B0109: UNKNOWN_AUTHORITY,
    0x800B010A: UNKNOWN_AUTHORITY,
    0x800B010F: OTHER_NAME,
    0x80092010: REVOKED,
    -67602: OTHER_NAME,
    -67818: EXPIRED,
    -67819: NOT_YET,
    -67820: REVOKED,
    -67843: UNKNOWN_AUTHORITY,
}


def trusted_context(extra_ca: str) -> ssl.SSLContext:
    """A context that verifies the gate's name and chain against the system's store and the PEM file `extra_ca`
    ("" for none). Raises ExtraCaUnusable naming the file."""
    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if extra_ca:
        name = Path(extra_ca).name
        try:
            context.load_verify_locations(cafile=extra_ca)
        except ssl.SSLError as fault:
            raise ExtraCaUnusable(f"The file {name} holds no certificate in PEM form.") from fault
        except OSError as fault:
            raise ExtraCaUnusable(f"The certificate file {name} cannot be read.") from fault
    return context


def tls_sentence(fault: ssl.SSLError) -> str:
    """What is wrong with the gate's certificate, or that there was none."""
    if not isinstance(fault, ssl.SSLCertVerificationError):
        return "No secure connection to the gate could be made; something else may answer at its address."
    # A fault that Python code raised has no code of OpenSSL's.
    reason = SENTENCES.get(getattr(fault, "verify_code", 0), "this computer does not trust it")
    return f"The gate's certificate was refused: {reason}. Nothing was sent."
