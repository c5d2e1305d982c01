"""What the Windows packages are made from."""

from __future__ import annotations

from installer.windows.package import removals


def test_the_uninstaller_names_each_file_and_then_the_folders_from_the_deepest() -> None:
    lines = removals(["gate-station.exe", "_internal/a/b.dll", "_internal/c$d.dll"]).splitlines()
    assert lines == [
        'Delete "$INSTDIR\\_internal\\a\\b.dll"',
        'Delete "$INSTDIR\\_internal\\c$$d.dll"',
        'Delete "$INSTDIR\\gate-station.exe"',
        'RMDir "$INSTDIR\\_internal\\a"',
        'RMDir "$INSTDIR\\_internal"',
    ]
