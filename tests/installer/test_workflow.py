"""The hosted workflow, which runs elsewhere: its form is held here, by the same tools as `dev.py lint`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from dev import bin_of
from installer.build import SYSTEMS
from installer.metadata import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())
TOOLS = Path(sys.executable).parent.parent


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def tool(name: str, *arguments: str | Path) -> int:
    return subprocess.run([bin_of(TOOLS, name), *arguments], capture_output=True, check=False).returncode


def schema(path: Path) -> int:
    return tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)


def audit(path: Path) -> int:
    return tool("zizmor", "--offline", path)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it(path: Path) -> None:
    uses = [line for line in path.read_text(encoding="utf-8").splitlines() if "uses:" in line]
    assert uses
    for line in uses:
        assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_it_may_is_to_read_but_for_the_job_that_makes_the_draft(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert {name for name, job in workflow["jobs"].items() if "permissions" in job} == {"draft"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_the_tools_find_nothing_and_would_find_something(path: Path, tmp_path: Path) -> None:
    assert (schema(path), audit(path)) == (0, 0)
    text = path.read_text(encoding="utf-8")
    malformed, unsafe = tmp_path / "malformed.yml", tmp_path / "unsafe.yml"
    malformed.write_text(text.replace("runs-on:", "runs-at:"), encoding="utf-8")
    unsafe.write_text(re.sub(r"@[0-9a-f]{40}", "@main", text), encoding="utf-8")
    assert schema(malformed) != 0
    assert audit(unsafe) != 0


def test_every_package_that_there_is_is_built_in_a_pinned_system() -> None:
    jobs = read(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    job = jobs["packages"]
    assert {*job["strategy"]["matrix"]["system"], "macos"} == set(SYSTEMS)
    assert "python dev.py installer macos" in [step.get("run") for step in jobs["macos"]["steps"]]
    assert re.fullmatch(r"debian:12@sha256:[0-9a-f]{64}", job["container"])


def test_everything_is_tried_on_both_kinds_of_mac() -> None:
    jobs = read(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]
    for job in (jobs["test"], jobs["macos"]):
        assert {"macos-15", "macos-15-intel"} <= set(job["strategy"]["matrix"]["runner"])
        assert any("openssl@3" in step.get("run", "") for step in job["steps"])
