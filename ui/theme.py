"""Colours by role, in light, dark and high contrast; widgets name roles, never colours."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication


class Role(StrEnum):
    """What a colour is for."""

    BG = "bg"
    SURFACE = "surface"
    SUNKEN = "sunken"
    LINE = "line"
    CONTROL = "control"
    TEXT = "text"
    MUTED = "muted"
    FAINT = "faint"
    ACCENT = "accent"
    ACCENT_STRONG = "accent-strong"
    ON_ACCENT = "on-accent"
    ACCENT_SOFT = "accent-soft"
    OK = "ok"
    OK_SOFT = "ok-soft"
    WARN = "warn"
    WARN_SOFT = "warn-soft"
    BAD = "bad"
    BAD_SOFT = "bad-soft"
    WAIT = "wait"
    WAIT_SOFT = "wait-soft"


class Tone(StrEnum):
    """The meaning of a chip, a notice or a line of text; never shown without a word and an icon."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    WAIT = "wait"

    @property
    def ink(self) -> Role:
        return Role.MUTED if self is Tone.NEUTRAL else Role(self.value)

    @property
    def soft(self) -> Role:
        return Role.SUNKEN if self is Tone.NEUTRAL else Role(f"{self.value}-soft")


class Scheme(Struct, frozen=True):
    """One set of colours."""

    name: str
    dark: bool
    colors: Mapping[Role, str]

    def color(self, role: Role) -> QColor:
        return QColor(self.colors[role])


def _scheme(name: str, dark: bool, *colors: str) -> Scheme:
    return Scheme(name, dark, dict(zip(Role, colors, strict=True)))


# In the order of Role.
LIGHT = _scheme(
    "light",
    False,
    *("#F5F6F8", "#FFFFFF", "#EEF0F3", "#DEE2E8", "#868F9D", "#161B22", "#5A6472", "#626C7A"),
    *("#0B63CE", "#0955B1", "#FFFFFF", "#E6F0FC", "#0F7A43", "#E3F5EA", "#8A5A00", "#FDF1D8"),
    *("#B3261E", "#FCE8E6", "#5B3FA6", "#EEE9FA"),
)
DARK = _scheme(
    "dark",
    True,
    *("#0F1318", "#171C23", "#11161C", "#2B333E", "#66717F", "#E8ECF1", "#A4AEBB", "#8E99A7"),
    *("#5AA2F8", "#7BB5FA", "#0B1016", "#16304F", "#5CCB8D", "#12301F", "#F0BE5A", "#33270C"),
    *("#FF8A80", "#3B1715", "#B7A3F5", "#272046"),
)
CONTRAST = _scheme(
    "contrast",
    True,
    *("#000000", "#000000", "#0A0A0A", "#B8C0CA", "#FFFFFF", "#FFFFFF", "#F0F2F5", "#DDE2E8"),
    *("#8CC8FF", "#B5DBFF", "#000000", "#002B4F", "#7CF0AE", "#003318", "#FFD76A", "#3A2B00"),
    *("#FFB0A8", "#470B07", "#D3C5FF", "#251A52"),
)
SCHEMES = (LIGHT, DARK, CONTRAST)

TEXT_PAIRS: tuple[tuple[Role, Role], ...] = (
    *((ink, ground) for ink in (Role.TEXT, Role.MUTED, Role.FAINT) for ground in (Role.SURFACE, Role.BG, Role.SUNKEN)),
    *((tone.ink, tone.soft) for tone in Tone),
    *((tone.ink, ground) for tone in Tone for ground in (Role.SURFACE, Role.BG)),
    *((Role.TEXT, tone.soft) for tone in Tone),
    (Role.ON_ACCENT, Role.ACCENT),
    (Role.ON_ACCENT, Role.ACCENT_STRONG),
)
"""Every text on every ground it is drawn on: at least 4.5:1 (WCAG 2.2, 1.4.3)."""

CONTROL_PAIRS: tuple[tuple[Role, Role], ...] = (
    *((Role.CONTROL, ground) for ground in (Role.SURFACE, Role.BG)),
    *((Role.ACCENT, ground) for ground in (Role.SURFACE, Role.BG, Role.SUNKEN, Role.ACCENT_SOFT)),
    *((Role.BAD, ground) for ground in (Role.SURFACE, Role.BG)),
)
"""Borders of what can be edited, and the focus ring, on their grounds: at least 3:1 (WCAG 2.2, 1.4.11)."""

SPACE = (4, 8, 12, 16, 24, 32)
RADIUS_FIELD, RADIUS_BUTTON, RADIUS_CARD = 6, 8, 10
TARGET, TARGET_MAIN = 32, 44
FOCUS = 2

APPEARANCES: Mapping[str, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


class Theme(QObject):
    """The colours in force. Lives as a child of the application; follows the system while it runs."""

    changed = Signal()
    made: ClassVar[Theme | None] = None
    """The application's, once `start_look` made it. Not looked for among its children: each paint asks many times."""

    def __init__(self, app: QApplication, appearance: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._scheme: Scheme | None = None
        self._colors: dict[Role, QColor] = {}
        self._appearance = appearance
        # Held: their Python faces are void once the last reference to the first of them has gone.
        self._hints = app.styleHints()
        self._contrast = self._hints.accessibility()
        self._system = self._hints.colorScheme()
        self._hints.colorSchemeChanged.connect(self._system_changed)
        self._contrast.contrastPreferenceChanged.connect(lambda _: self._follow())
        # Icons are drawn for the screens there are; with the change of style they are drawn for the new one too.
        app.screenAdded.connect(self._dress)
        self.set_appearance(appearance)
        Theme.made = self

    @property
    def scheme(self) -> Scheme:
        return self._scheme or LIGHT

    def color(self, role: Role) -> QColor:
        """Not to be changed: the same one for all who ask."""
        return self._colors[role]

    def set_appearance(self, appearance: str) -> None:
        """`system`, `light` or `dark`; the system's wish for high contrast wins over all three."""
        self._appearance = appearance
        # The frame and the dialogs of the system follow too, where the system can do that.
        self._hints.setColorScheme(APPEARANCES[appearance])
        self._follow()

    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        self._system = scheme
        self._follow()

    def _follow(self) -> None:
        wanted = self._system if self._appearance == "system" else APPEARANCES[self._appearance]
        if self._contrast.contrastPreference() is Qt.ContrastPreference.HighContrast:
            self.apply(CONTRAST)
        else:
            self.apply(DARK if wanted is Qt.ColorScheme.Dark else LIGHT)

    def apply(self, scheme: Scheme) -> None:
        """Draw everything in `scheme`; does nothing when it is in force already."""
        if scheme is self._scheme:
            return
        self._scheme = scheme
        self._colors = {role: scheme.color(role) for role in Role}
        with _nothing_collected():
            self._app.setPalette(palette(scheme))
        self._dress()
        self.changed.emit()

    @contextmanager
    def undressed(self) -> Iterator[None]:
        """While a whole window is built: its widgets are styled once at the end, not with each parent they get."""
        with _nothing_collected():
            self._app.setStyleSheet("")
        # Qt unmarks what was shown. What was not, as the hidden pages of a window before this one, would keep the mark
        # of being watched while its watcher is gone: its end were not noticed, and the next change of colours would
        # meet what is left of it.
        for widget in self._app.allWidgets():
            widget.setAttribute(Qt.WidgetAttribute.WA_StyleSheet, False)
        try:
            yield
        finally:
            self._dress()

    def _dress(self) -> None:
        from ui.stylesheet import stylesheet

        with _nothing_collected():
            self._app.setStyleSheet(stylesheet(self.scheme))


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """While Qt walks its list of every widget there is and comes back to Python on the way: one that were collected
    meanwhile, with a window closed before, would end the program."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def theme() -> Theme:
    """The application's theme. Raises LookupError before `start_look` made it."""
    if Theme.made is None:
        raise LookupError("the application has no theme yet")
    return Theme.made


def palette(scheme: Scheme) -> QPalette:
    """What Fusion draws with where no style rule says more: scroll bars, menus, selections."""
    group = QPalette.ColorRole
    made = QPalette()
    for role, ours in {
        group.Window: Role.BG,
        group.WindowText: Role.TEXT,
        group.Base: Role.SURFACE,
        group.AlternateBase: Role.SUNKEN,
        group.Text: Role.TEXT,
        group.Button: Role.SURFACE,
        group.ButtonText: Role.TEXT,
        group.BrightText: Role.BAD,
        group.ToolTipBase: Role.SURFACE,
        group.ToolTipText: Role.TEXT,
        group.PlaceholderText: Role.FAINT,
        group.Highlight: Role.ACCENT,
        group.HighlightedText: Role.ON_ACCENT,
        group.Link: Role.ACCENT,
        group.LinkVisited: Role.ACCENT,
        group.Accent: Role.ACCENT,
        group.Light: Role.LINE,
        group.Midlight: Role.LINE,
        group.Mid: Role.LINE,
        group.Dark: Role.LINE,
        group.Shadow: Role.LINE,
    }.items():
        made.setColor(role, scheme.color(ours))
    for role in (group.WindowText, group.Text, group.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, scheme.color(Role.FAINT))
    return made


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(text: str) -> float:
    color = QColor(text)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - IEC 61966-2-1
        for part in (color.redF(), color.greenF(), color.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
