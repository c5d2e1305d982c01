"""The .deb out of the frozen folder; the same bytes for the same commit on the same system."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from dev import run
from installer import build as driver
from installer import licences
from installer.linux import control
from installer.linux.slim import slim
from installer.linux.tools import elves, output
from installer.metadata import ROOT
from installer.plan import Build, set_dates

FILES = Path(__file__).parent / "files"
SCRIPTS = ("config", "postinst", "postrm")


def package(build: Build) -> list[Path]:
    """Make the package; returns its path."""
    slim(build.frozen)
    tree = build.work / "tree"
    stage(build, tree)
    arch = output("dpkg", "--print-architecture").strip()
    about = control.control(build.metadata, arch, depends(tree), control.installed_kib(tree))
    write(tree / "DEBIAN" / "control", about)
    write(tree / "DEBIAN" / "md5sums", control.md5sums(tree))
    shutil.copy(FILES / "templates", tree / "DEBIAN" / "templates")
    for name in SCRIPTS:
        shutil.copy(FILES / name, tree / "DEBIAN" / name)
        (tree / "DEBIAN" / name).chmod(0o755)
    set_dates(tree, build.epoch_s)
    deb = build.out / build.metadata.file_name("linux", arch, "deb")
    # One thread: how xz cuts its blocks for several is not promised to stay.
    run(
        *("dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--threads-max=1", "--build", tree, deb),
        env={"SOURCE_DATE_EPOCH": str(build.epoch_s)},
        quiet=True,
    )
    return [deb]


def stage(build: Build, tree: Path) -> None:
    """Lay out in `tree` what the package installs."""
    about, usr = build.metadata, tree / "usr"
    shutil.copytree(build.frozen, usr / "lib" / about.command, symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin" / about.command).symlink_to(f"../lib/{about.command}/{about.command}")
    # For the policy, and for the rule that the installing script may write; dpkg removes what it finds empty.
    for place in (about.command, "udev/rules.d"):
        (tree / "etc" / place).mkdir(parents=True)
    share, values = usr / "share", {"version": about.version, "date": _day(build.epoch_s)}
    write(share / "applications" / f"{about.command}.desktop", (FILES / f"{about.command}.desktop").read_text())
    metainfo = f"{about.app_id}.metainfo.xml"
    write(share / "metainfo" / metainfo, Template((FILES / metainfo).read_text()).substitute(values))
    icons = share / "icons" / "hicolor"
    for drawn in (ROOT / "installer" / "icons").glob("*.png"):
        copy(drawn, icons / f"{drawn.stem}x{drawn.stem}" / "apps" / f"{about.command}.png")
    vector = f"{about.command}.svg"
    copy(ROOT / "resources" / "app" / vector, icons / "scalable" / "apps" / vector)
    write(share / "bash-completion" / "completions" / about.command, completion(build))
    pack(share / "man" / "man1" / f"{about.command}.1.gz", man_page(build))
    write(share / about.command / "bench-hub.rules", rule(build))
    copy(FILES / "lintian-overrides", share / "lintian" / "overrides" / about.command)
    documents(build, share / "doc" / about.command)


def documents(build: Build, folder: Path) -> None:
    about = build.metadata
    pack(folder / "changelog.gz", control.changelog(about, build.epoch_s))
    pack(folder / "CHANGELOG.md.gz", driver.text("CHANGELOG.md"))
    copy(FILES / "policy.json", folder / "examples" / "policy.json")
    found = licences.parts(build, [pin.name for pin in driver.shipped_pins(build)])
    for part in found:
        if part.text:
            write(folder / "licences" / f"{part.name}.txt", part.text)
    copy(ROOT / "resources" / "fonts" / "OFL.txt", folder / "licences" / "fonts.txt")
    copy(ROOT / "resources" / "icons" / "LICENSE", folder / "licences" / "icons.txt")
    listed = [*(f"{each.name} {each.version}: {each.licence}" for each in found), *BESIDES]
    values = {"copyright": about.copyright, "license": driver.text("LICENSE"), "parts": bullets(listed)}
    write(folder / "copyright", Template((FILES / "copyright").read_text()).substitute(values))


BESIDES = (
    "fonts (Inter, JetBrains Mono): OFL-1.1",
    "icons (Lucide): ISC",
    "operator names (mobile-broadband-provider-info): public domain",
)


# What the program itself knows is asked of the Python that it is frozen with, which alone has the program's libraries.


def completion(build: Build) -> str:
    """The shell's completion of the program's commands."""
    make = f"from installer.linux.completion import completion as make; told = make({build.metadata.command!r}, rows)"
    return _of_commands(build, make)


def man_page(build: Build) -> str:
    """The manual page of the program's commands."""
    make = "from installer.linux.man import page; from installer.metadata import load_metadata as about"
    return _of_commands(build, f"{make}; told = page(about(), rows, {build.epoch_s})")


def _of_commands(build: Build, make: str) -> str:
    rows = (
        "from app.cli.options import parser; from installer.linux.commands import commands; rows = commands(parser())"
    )
    return build.python.text(f"{rows}; {make}; print(told)") + "\n"


def rule(build: Build) -> str:
    """The udev rule of the program's own doctor, for a hub that the installing script puts in."""
    code = "from app.work.doctor.modem_manager import rule; print(rule(['@HUB@.1']))"
    return build.python.text(code) + "\n"


def depends(tree: Path) -> str:
    """The packages that hold the libraries the files in `tree` are linked with, in the versions they need."""
    with tempfile.TemporaryDirectory() as temporary:
        aside = Path(temporary)
        write(aside / "debian" / "control", "Source: gate-station\n\nPackage: gate-station\nArchitecture: any\n")
        files = elves(tree)
        private = sorted({path.parent for path in files if path.name.startswith("lib")})
        told = output(
            *("dpkg-shlibdeps", "-O", "--ignore-missing-info"),
            *(f"-l{folder}" for folder in private),
            *(f"-e{path}" for path in files),
            folder=aside,
        )
    return told.strip().removeprefix("shlibs:Depends=")


def bullets(lines: Iterable[str]) -> str:
    return "".join(f" * {line}\n" for line in lines)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def pack(path: Path, text: str) -> None:
    """As gzip, with no date in it, as Debian keeps documents."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _day(epoch_s: int) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d")
