"""What ships, out of requirements.lock; what is listed of it."""

from __future__ import annotations

import json
import sys

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from installer import lock
from installer.build import MARKERS
from installer.metadata import ROOT, Metadata
from installer.plan import Python
from installer.sbom import sbom

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
BUILD = (ROOT / "installer" / "requirements-build.txt").read_text(encoding="utf-8")


def test_every_pin_is_read_with_its_hashes() -> None:
    every = lock.pins(LOCK)
    assert len(every) == sum("==" in line for line in LOCK.splitlines() if line and not line[0].isspace())
    assert sum(len(pin.hashes) for pin in every.values()) == LOCK.count("--hash=sha256:")


def test_a_pin_keeps_its_marker() -> None:
    digest = "0" * 64
    (pin,) = lock.pins(f"Colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:{digest}\n").values()
    assert (pin.name, pin.version, pin.marker) == ("colorama", "0.4.6", "sys_platform == 'win32'")
    assert pin.hashes == (digest,)


def test_what_the_program_needs_ships_and_tools_do_not() -> None:
    kept = lock.shipped(LOCK, PROJECT)
    assert {"httpx", "httpcore", "certifi", "pydantic-core", "jaraco-classes", "shiboken6"} <= kept.keys()
    assert not {"pytest", "mypy", "ruff", "hypothesis", "import-linter"} & kept.keys()
    assert lock.pins(lock.requirements(kept)) == kept


def test_build_tools_and_the_program_agree_on_versions() -> None:
    program, build = lock.pins(LOCK), lock.pins(BUILD)
    assert {name: build[name].version for name in build.keys() & program.keys()} == {
        name: program[name].version for name in build.keys() & program.keys()
    }


def test_locks_name_no_registry() -> None:
    for text in (LOCK, BUILD):
        assert "://" not in text
        assert "index" not in text


def test_the_list_of_parts_is_the_same_each_time() -> None:
    kept = lock.shipped(LOCK, PROJECT).values()
    first, again = (sbom(Metadata("1.0.0"), kept, "3.11.7", system="linux", epoch_s=1767225600) for _ in range(2))
    assert first == again
    told = json.loads(first)
    assert told["metadata"]["timestamp"] == "2026-01-01T00:00:00Z"
    parts = {part["name"]: part for part in told["components"]}
    assert parts.keys() == {pin.name for pin in kept} | {"CPython"}
    pin = next(pin for pin in kept if pin.name == "httpx")
    assert parts["httpx"]["purl"] == f"pkg:pypi/httpx@{pin.version}"
    assert [each["value"] for each in parts["httpx"]["properties"]] == list(pin.hashes) != []
    (needs,) = told["dependencies"]
    assert needs["dependsOn"] == sorted(part["bom-ref"] for part in parts.values())
    other = json.loads(sbom(Metadata("1.0.0"), kept, "3.11.7", system="windows", epoch_s=1767225600))
    assert told["serialNumber"] != other["serialNumber"]


def test_the_list_of_parts_is_cyclonedx() -> None:
    kept = lock.shipped(LOCK, PROJECT).values()
    told = sbom(Metadata("1.0.0"), kept, "3.11.7", system="linux", epoch_s=1767225600)
    check = JsonStrictValidator(SchemaVersion.V1_6)
    assert check.validate_str(told) is None
    assert check.validate_str(told.replace('"library"', '"bookshelf"')) is not None


def test_pins_apply_where_their_markers_say() -> None:
    def ask(code: str) -> str:
        return Python([sys.executable]).text(code)

    windows = {pin.name for pin in lock.applying(lock.pins(LOCK).values(), MARKERS["windows"], ask)}
    linux = {pin.name for pin in lock.applying(lock.pins(LOCK).values(), MARKERS["linux"], ask)}
    assert "pywin32-ctypes" in windows - linux
    assert "secretstorage" in linux - windows
    assert "httpx" in linux & windows
