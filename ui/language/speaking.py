"""Which language the window speaks now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from resources import SOURCE, languages

if TYPE_CHECKING:
    from ui.language.catalog import Catalog


OURS, QT = "language", "words of Qt"
"""The names of the application's translators. They are asked for by name: all children that PySide looks at become
known to it, and with the style all that it knows of styles, 8 ms."""


class _Translator(QTranslator):
    """Asks the catalog for every text of the window. Lives as a child of the application."""

    def __init__(self, app: QApplication, catalog: Catalog) -> None:
        super().__init__(app)
        self.setObjectName(OURS)
        self.catalog = catalog

    @override
    def isEmpty(self) -> bool:
        return False

    @override
    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        # None has Qt go on to its own words, and to the source; "" would be taken for the text, and a paper size
        # whose name is empty is none.
        return self.catalog.text(sourceText)


def chosen(setting: str) -> str:
    """The language that the setting `language` comes to: `system` is the first of the system's that there is."""
    there = languages()
    if setting != "system":
        return setting if setting in there else SOURCE
    wanted = [name.split("-")[0].split("_")[0].lower() for name in QLocale.system().uiLanguages()]
    return next((name for name in wanted if name in there), SOURCE)


def speak(app: QApplication, language: str) -> None:
    """Have every text that is made from now on be of `language`; one that stands already stays."""
    QLocale.setDefault(_locale(language))
    for kept in (app.findChild(QTranslator, OURS), app.findChild(QTranslator, QT)):
        if kept is not None:
            app.removeTranslator(kept)
            kept.setParent(None)
    if language == SOURCE:
        return
    from ui.language.catalog import load

    catalog = load(language)
    own = QTranslator(app)
    own.setObjectName(QT)
    # Through a locale: Qt names some files by a country too (pt is qtbase_pt_BR.qm).
    if own.load(QLocale(language), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(own)
    app.installTranslator(_Translator(app, catalog))


def _locale(language: str) -> QLocale:
    """How numbers and months are written: as the system is set where it speaks that language too."""
    system, own = QLocale.system(), QLocale(language if language in languages() else SOURCE)
    return system if system.language() is own.language() else own


def spoken(written: str) -> str:
    """What app/ wrote, in the language of the window: a label, a sentence, several."""
    app = QCoreApplication.instance()
    found = app.findChild(_Translator, OURS) if app is not None else None
    return found.catalog.sentence(written) if found is not None and written else written
