"""Announcements of a new version, signed as the format says and not as the program does it, and what serves them."""

from __future__ import annotations

import base64
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PAGE = "https://www.example.com/gate-station/9.0.0"
GOOD = {"version": "9.0.0", "page": PAGE, "expires": "2027-03-01T00:00:00Z"}


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def signed(key: Ed25519PrivateKey, payload: bytes) -> bytes:
    """The announcement with this payload, whatever it is."""
    signature = key.sign(b"gate-station announcement 1\n" + payload)
    return b"Ed25519 " + base64.b64encode(signature) + b"\n" + payload


def announced(key: Ed25519PrivateKey, **other: object) -> bytes:
    """A good announcement but for what is `other`."""
    return signed(key, json.dumps(GOOD | other).encode())


def answer(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """A whole HTTP answer."""
    head = (f"HTTP/1.1 {status}", "Content-Type: application/octet-stream", f"Content-Length: {len(body)}", *headers)
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
