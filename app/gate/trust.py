"""Whose certificates are trusted: the operating system's, and one file more if a setting names it. Nothing else."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from app.gate.errors import ExtraCaUnusable

# OpenSSL's X509_V_ERR_* (x509_vfy.h); macOS and Windows give other numbers, so their sentence is the general one.
SENTENCES: Mapping[int, str] = {
    9: "it is not valid yet; check this computer's clock",
    10: "it has expired; check this computer's clock",
    18: "it is signed by itself",
    19: "it is signed by an authority that this computer does not know",
    20: "it is signed by an authority that this computer does not know",
    21: "it is signed by an authority that this computer does not know",
    23: "it was revoked",
    62: "it is for another name",
    64: "it is for another address",
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
    reason = SENTENCES.get(fault.verify_code, "this computer does not trust it")
    return f"The gate's certificate was refused: {reason}. Nothing was sent."
