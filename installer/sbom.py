"""The list of parts that a package holds, as CycloneDX 1.6 JSON. Pure."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from installer.lock import Pin
from installer.metadata import Metadata

_NAMESPACE = uuid.UUID("5a1a2c1e-4f0f-5e0e-9a53-0c3b1f0a7c55")


def sbom(metadata: Metadata, pins: Iterable[Pin], python: str, *, system: str, epoch_s: int) -> str:
    """The bill of materials of one package: the program, its locked parts and the Python `python` inside it.

    `epoch_s` is its time, in seconds since 1970: the commit's, so that two builds of one commit give one list.
    """
    components = [_component(pin) for pin in pins]
    components.append(
        {
            "type": "platform",
            "bom-ref": f"python@{python}",
            "name": "CPython",
            "version": python,
            "licenses": [{"license": {"id": "PSF-2.0"}}],
        }
    )
    return (
        json.dumps(
            {
                "bomFormat": "CycloneDX",
                "specVersion": "1.6",
                "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{metadata.version} {system} {epoch_s}')}",
                "version": 1,
                "metadata": {
                    "timestamp": datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "component": {
                        "type": "application",
                        "bom-ref": metadata.command,
                        "name": metadata.command,
                        "version": metadata.version,
                        "publisher": metadata.publisher,
                        "licenses": [{"license": {"id": metadata.license}}],
                        "properties": [{"name": "gate-station:system", "value": system}],
                    },
                },
                "components": components,
                "dependencies": [
                    {"ref": metadata.command, "dependsOn": sorted(str(part["bom-ref"]) for part in components)}
                ],
            },
            indent=1,
            sort_keys=True,
        )
        + "\n"
    )


def _component(pin: Pin) -> dict[str, Any]:
    address = f"pkg:pypi/{pin.name}@{pin.version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": pin.name,
        "version": pin.version,
        "purl": address,
        # One of these is the file that was installed: the lock pins all files of a version.
        "properties": [{"name": "gate-station:sha256", "value": digest} for digest in pin.hashes],
    }
