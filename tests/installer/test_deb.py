"""What the .deb is made from: its control file, its documents, what is left out of it."""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from app.cli.exits import Exit
from app.cli.options import parser
from app.paths import NAME, policy_file
from app.policy import read_policy
from app.settings import load_settings
from dev import Failed
from installer.linux import control, icu, man
from installer.linux.commands import Command, commands
from installer.linux.completion import completion
from installer.linux.package import FILES
from installer.metadata import ROOT, Metadata

ABOUT = Metadata("1.2.0rc1")
EPOCH_S = 1_767_225_600


@pytest.fixture(scope="module")
def rows() -> dict[str, Command]:
    return {" ".join(row.path): row for row in commands(parser())}


def test_versions_sort_as_they_came() -> None:
    found = [control.debian_version(version) for version in ("1.2.dev4", "1.2a1", "1.2rc1", "1.2", "1.2.1")]
    assert found == ["1.2~~dev4", "1.2~a1", "1.2~rc1", "1.2", "1.2.1"]
    if shutil.which("dpkg"):
        for before, after in pairwise(found):
            subprocess.run(["dpkg", "--compare-versions", before, "lt", after], check=True)


def test_the_control_file_says_what_dpkg_needs() -> None:
    told = control.control(ABOUT, "amd64", "libc6 (>= 2.35), libgl1", 1234)
    fields = dict(line.split(": ", 1) for line in told.splitlines() if not line.startswith(" "))
    assert fields["Package"] == NAME
    assert fields["Version"] == "1.2.0~rc1"
    assert fields["Installed-Size"] == "1234"
    assert fields["Depends"].startswith("libc6 (>= 2.35), libgl1, debconf")
    body = told.split("Description: ")[1].splitlines()[1:]
    assert all(line.startswith(" ") and line.strip() and len(line) <= 80 for line in body)


def test_sizes_and_sums_leave_out_what_dpkg_keeps_for_itself(tmp_path: Path) -> None:
    for name, size in (("usr/a", 1025), ("DEBIAN/control", 5000)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"x" * size)
    (tmp_path / "usr" / "link").symlink_to("a")
    assert control.installed_kib(tmp_path) == 1 + 2 + 1
    (line,) = control.md5sums(tmp_path).splitlines()
    assert line.endswith("  usr/a")


def test_every_command_is_found_with_its_options(rows: dict[str, Command]) -> None:
    assert {"ports", "read", "submit", "journal export", "journal key", "operators change"} <= rows.keys()
    assert "journal" in rows[""].commands
    assert rows["journal export"].help == "write them as a spreadsheet"
    wait = next(option for option in rows["submit"].options if "--wait" in option.flags)
    assert (wait.value, "outcomes" in wait.help) == ("S", True)
    (kind, file) = rows["submit"].arguments
    assert (kind.choices, file.value) == (("register", "update"), "FILE")


def test_each_exit_code_of_the_program_is_in_the_manual() -> None:
    assert man.EXITS.keys() == {*map(int, Exit), 1, 130}


def test_the_manual_has_every_command_and_option(rows: dict[str, Command]) -> None:
    text = man.page(ABOUT, rows.values(), EPOCH_S)
    assert text.startswith('.TH GATE-STATION 1 2026-01-01 "Gate Station 1.2.0rc1"')
    plain = text.replace("\\-", "-")
    for row in rows.values():
        assert not row.path or f"\n.SS {' '.join(row.path)}" in plain
        for flag in (flag for option in row.options for flag in option.flags):
            assert f"\\fB{flag}\\fR" in plain
    assert max(len(line) for line in text.splitlines() if not line.startswith(".")) <= 80


def test_text_that_looks_like_an_instruction_is_none() -> None:
    odd = argparse.ArgumentParser(prog=NAME, description="'tis a C:\\n path")
    text = man.page(ABOUT, commands(odd), EPOCH_S)
    assert "\n\\&'tis a C:\\en path\n" in text


@pytest.mark.skipif(shutil.which("bash") is None, reason="completion is for bash")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("jour", {"journal"}),
        ("journal exp", {"export"}),
        ("journal key new", {"new-recovery-code"}),
        ("journal list --state acc", {"accepted"}),
        ("--operator ana token st", {"status"}),
        ("submit --wor", {"--workflow"}),
        ("submit reg", {"register"}),
        ("read --time", {"--timeout"}),
        ("read --timeout x", set()),
        ("--home reso", {"resources"}),
        ("--home READ", set()),
        ("bundle READ", {"README.md"}),
    ],
)
def test_bash_completes(tmp_path: Path, rows: dict[str, Command], words: str, found: set[str]) -> None:
    file = tmp_path / "completion"
    file.write_text(completion(NAME, rows.values()), encoding="utf-8")
    asked = words.split(" ")
    code = (
        f"compopt() {{ :; }}; . {file}; COMP_WORDS=({NAME} {words}); COMP_CWORD={len(asked)}; _gate_station;"
        ' printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {line for line in done.stdout.splitlines() if line} == found
    assert not done.stderr


def _icu_data(items: dict[str, bytes]) -> bytes:
    header = struct.pack("<HBB", 32, 0xDA, 0x27) + bytes(8) + b"CmnD" + bytes(16)
    return header + icu._packed([(name.encode(), data) for name, data in sorted(items.items())])


def test_the_data_of_other_languages_is_left_out_and_the_rest_is_found_again() -> None:
    kept = {"icudt73l/coll/root.res": b"root" * 9, "icudt73l/es_MX.res": b"mexico", "icudt73l/zoneinfo64.res": b"zones"}
    other = {"icudt73l/coll/zh.res": b"z" * 99, "icudt73l/brkitr/root.res": b"b", "icudt73l/ibm-37.cnv": b"c" * 20}
    data = icu.shortened(_icu_data(kept | other))
    assert data[:32] == _icu_data({})[:32]
    (count,) = struct.unpack_from("<I", data, 32)
    found = {}
    for row in range(count):
        name_at, start = struct.unpack_from("<II", data, 36 + 8 * row)
        name = data[32 + name_at : data.index(b"\0", 32 + name_at)].decode()
        assert start % icu.ALIGNMENT == 0
        found[name] = data[32 + start :][: len(kept[name])]
    assert found == kept


def test_data_in_another_form_is_refused() -> None:
    with pytest.raises(Failed, match="no data of ICU"):
        icu.shortened(bytes(64))


def test_the_example_policy_is_one() -> None:
    policy = read_policy(FILES / "policy.json")
    assert load_settings(Path("/nonexistent"), (), policy).text("consent") == "per-device"


def test_names_agree_across_the_files() -> None:
    entry = (FILES / f"{NAME}.desktop").read_text(encoding="utf-8")
    metainfo = (FILES / f"{ABOUT.app_id}.metainfo.xml").read_text(encoding="utf-8")
    assert f"Exec={NAME}\n" in entry
    assert f"Icon={NAME}\n" in entry
    assert f"<id>{ABOUT.app_id}</id>" in metainfo
    assert f">{NAME}.desktop</launchable>" in metainfo
    for name in ("postinst", "postrm"):
        assert "/etc/udev/rules.d/78-gate-station-bench.rules" in (FILES / name).read_text(encoding="utf-8")
    assert f"/etc/{NAME}/policy.json" in man.FILES
    if sys.platform.startswith("linux"):
        assert str(policy_file()) in man.FILES
