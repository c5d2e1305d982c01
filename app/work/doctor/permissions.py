"""permissions (Linux): whether this account may open the ports, and how to get the right."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from app.work.doctor.line import Finding, Grade, listed
from app.work.doctor.surroundings import Account, Surroundings

OWNER, GROUP, OTHERS = 0o600, 0o060, 0o006
"""The bits for reading and writing."""
ACCESS_LIST = "system.posix_acl_access"
OWNER_ONLY = (
    "Ask your administrator for a udev rule that gives the port to a group, such as "
    'SUBSYSTEM=="tty", SUBSYSTEMS=="usb", GROUP="dialout", MODE="0660".'
)


def look(surroundings: Surroundings) -> Iterator[Finding]:
    account = surroundings.account
    refused: dict[tuple[int, bool], list[str]] = {}
    looked_at = 0
    for path, file in surroundings.files().items():
        try:
            about = file.stat()
        except FileNotFoundError:
            # Pulled since the ports were listed.
            continue
        looked_at += 1
        if not may_open(file, about, account):
            by_group = about.st_mode & GROUP == GROUP
            refused.setdefault((about.st_gid, by_group), []).append(path)
    for (gid, by_group), paths in refused.items():
        yield _refused(surroundings, gid, by_group, listed(paths))
    if not refused:
        told = "This account may open every port." if looked_at else "No port to look at."
        yield Finding(Grade.OK, told)


def may_open(file: Path, about: os.stat_result, account: Account) -> bool:
    """Whether it may be read and written: the first of owner, group and others that applies (path_resolution(7))."""
    if account.uid == 0:
        return True
    if about.st_uid == account.uid:
        asked = OWNER
    elif about.st_gid in account.gids:
        asked = GROUP
    else:
        asked = OTHERS
    if about.st_mode & asked == asked:
        return True
    # systemd-logind gives ports by an access list, which the mode does not show: there the system is asked.
    return _has_access_list(file) and os.access(file, os.R_OK | os.W_OK)


def _has_access_list(file: Path) -> bool:
    try:
        os.getxattr(file, ACCESS_LIST)
    except OSError:
        # None, or a file system that has no such lists.
        return False
    return True


def _refused(surroundings: Surroundings, gid: int, by_group: bool, paths: str) -> Finding:
    account = surroundings.account
    group = surroundings.group(gid)
    if not by_group or gid == 0 or gid in account.gids or group is None:
        return Finding(Grade.PROBLEM, f"{account.name} may not open {paths}; no group has the right.", OWNER_ONLY)
    if account.name in group.members:
        return Finding(
            Grade.PROBLEM,
            f"{account.name} may not open {paths} yet: the group {group.name} was joined after signing in.",
            "Sign out of the desktop and in again.",
        )
    return Finding(
        Grade.PROBLEM,
        f"{account.name} may not open {paths}: the group {group.name} may.",
        f"Run: sudo usermod -aG {group.name} {account.name} - then sign out and in again.",
    )
