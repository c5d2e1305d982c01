"""The entry point: the window, or with a sub-command the command line, which loads no Qt."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from app.cli.options import WINDOW, parse


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = parse(argv)
    if arguments.self_test:
        from ui.self_test import run as self_test

        return self_test(arguments.self_test, arguments.self_test_port)
    if arguments.forget_secrets:
        from app.cli.forgetting import forget

        return forget(arguments.home)
    if arguments.command not in WINDOW:
        from app.cli.main import run

        return run(arguments)
    from ui.lean_start import begin_start

    begin_start()
    if arguments.command is None:
        return window(arguments.home, arguments.overrides)
    from ui.demo import show_demo, show_training

    return show_training(arguments) if arguments.command == "training" else show_demo(arguments)


def window(home: str | None, overrides: Sequence[str]) -> int:
    """Open the window on the station in `home` and run until it is closed; where it is open already, show that one."""
    from app.crashes import recorded, tell_on_stderr
    from app.errors import WorkstationError
    from app.logs import LEVELS
    from app.paths import paths, policy_file
    from app.policy import read_policy
    from app.provisioning.site import site
    from app.settings import load_settings
    from ui.look import application
    from ui.single_instance import Place

    app = application()
    app.setApplicationName("gate-station")
    where = paths(home)
    try:
        settings = load_settings(where.settings, overrides, read_policy(policy_file()))
        site(settings.policy)
        where.prepare()
    except WorkstationError as trouble:
        _refuse(str(trouble))
        return 2
    except OSError as fault:
        _refuse(f"{where.data} cannot be used: {fault.strerror}")
        return 8
    with recorded(where, LEVELS[settings.text("log_level")], tell_on_stderr):
        place = Place(where.data, app)
        if not place.take():
            return 0
        from ui.start import appear, build, tell_faults

        shown = build(app, where, settings, place=place)
        tell_faults(shown.bridge)
        appear(shown)
        return app.exec()


def _refuse(why: str) -> None:
    """Say why there is no window: on stderr, or in a box where a windowed program has none."""
    if sys.stderr is not None:
        sys.stderr.write(f"gate-station: {why}\n")
        return
    from PySide6.QtWidgets import QMessageBox

    QMessageBox.critical(None, "Gate Station", why)


if __name__ == "__main__":
    raise SystemExit(main())
