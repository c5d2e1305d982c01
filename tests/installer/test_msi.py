"""What wixl is told for the MSI: each file once, with ids that the next version has too."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from dev import Failed
from installer.metadata import Metadata
from installer.windows.msi import SCHEMA, dated, description

FILES = ("gate-station.exe", "_internal/PySide6/Qt6Core.dll", "_internal/base_library.zip", "_internal/a & b.txt")


def made(version: str = "1.2.3rc1") -> ET.Element:
    # S314: of our own making
    return ET.fromstring(description(Metadata(version), FILES, frozen="dist/x", icon="x.ico"))  # noqa: S314


def found(name: str, root: ET.Element | None = None) -> list[ET.Element]:
    return list((made() if root is None else root).iter(f"{{{SCHEMA}}}{name}"))


def test_each_file_is_a_component_in_its_folder_and_part_of_the_program() -> None:
    root = made()
    assert {file.get("Source") for file in found("File", root)} == {f"dist/x/{file}" for file in FILES}
    folders = {
        folder.get("Name"): [child.get("Name") for child in folder if child.tag.endswith("Directory")]
        for folder in found("Directory", root)
    }
    assert folders["Gate Station"] == ["_internal"]
    assert folders["_internal"] == ["PySide6"]
    components = [component.get("Id") for component in found("Component", root)]
    assert components == [reference.get("Id") for reference in found("ComponentRef", root)]
    assert len(set(components)) == len(FILES) + 1


def test_one_version_is_found_by_the_next() -> None:
    first, second = made("1.2.3"), made("1.3.0")
    for name, key in (("Product", "UpgradeCode"), ("Component", "Guid"), ("Component", "Id"), ("File", "Id")):
        assert [each.get(key) for each in found(name, first)] == [each.get(key) for each in found(name, second)]
    assert found("Product", first)[0].get("Version") == "1.2.3"
    assert found("Product", first)[0].get("UpgradeCode") == "ABE84521-97DD-5325-8D94-5EAFE968E73D"


def test_a_version_has_one_product_code() -> None:
    codes = [found("Product", made(version))[0].get("Id") for version in ("1.2.3", "1.2.3", "1.3.0")]
    assert codes[0] == codes[1] != codes[2]


def test_code_and_times_of_its_summary_are_its_own_and_not_those_of_the_build() -> None:
    code = "8DF96B3C-8C8D-5C26-A8B0-9A6D1C4E2F11"
    # As wixl 0.101 wrote it on 2026-11-25.
    summary = b"\x1e\0\0\0'\0\0\0{%b}\0\0@\0\0\0%b@\0\0\0%b\x03\0\0\0\xf4\x01\0\0"
    written = summary % (b"4E97E455-13A5-4787-965F-FB4A596DAD02", *[b"\x80\xfb\x11\xd0\t}\xdd\x01"] * 2)
    # 2026-01-01 in tenths of microseconds since 1601.
    time = (134_116_992_000_000_000).to_bytes(8, "little")
    assert dated(b"before" + written + b"after", code, 1767225600) == (
        b"before" + summary % (code.encode(), time, time) + b"after"
    )
    for other in (b"no summary", written + written):
        with pytest.raises(Failed):
            dated(other, code, 1767225600)


def test_it_is_for_all_users_and_takes_no_older_version() -> None:
    (package,) = found("Package")
    assert package.get("InstallScope") == "perMachine"
    (upgrade,) = found("MajorUpgrade")
    assert upgrade.get("AllowDowngrades") is None
    assert upgrade.get("DowngradeErrorMessage")
