"""Each language is whole, and what app/ writes comes back in it with its values in their places."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from app.settings import ROWS
from resources import languages
from tests.languages.texts import left_to_do
from ui.language.catalog import PSEUDO, Catalog, load
from ui.settings.sections import CHOICES

PLACE = re.compile(r"\{[A-Za-z0-9_]*\}")
OTHERS = languages()[1:]
SAME = re.compile(r"PDF .*|Ctrl.*|SIM .*|SIM|PIN|EID|OK|Drivers|Gate Station.*|No|Proxy|Supervisor|Token|(?:\W|\d|ms)*")
"""What may be called the same in another language."""


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_program_is_there_and_nothing_else(language: str) -> None:
    if left := left_to_do(language):
        pytest.fail(left, pytrace=False)


def test_each_language_can_be_chosen_by_its_own_name() -> None:
    assert set(ROWS["language"].choices) == {"system", *languages()}
    assert all(CHOICES[language] != language for language in languages())


@pytest.mark.parametrize("language", OTHERS)
def test_every_line_has_its_places_its_edges_and_its_end(language: str) -> None:
    rows = list(resources.rows(f"languages/{language}.tsv"))
    assert len(rows) == len({source for source, _ in rows}), "a text stands twice"
    assert {source for source, text in rows if text == source and not SAME.fullmatch(source)} == set()
    for source, text in rows:
        assert sorted(PLACE.findall(source)) == sorted(PLACE.findall(text)), source
        assert (source[:1] == " ", source[-1:] == " ") == (text[:1] == " ", text[-1:] == " "), source
        assert (source[-1:] in ".:") == (text[-1:] in ".:"), source


@pytest.mark.parametrize(
    ("written", "spanish", "portuguese"),
    [
        ("SIM is locked. Enter its PIN or swap the SIM.", "La SIM está bloqueada. Introduzca su PIN o cambie la SIM.",
         "O SIM está bloqueado. Digite o PIN dele ou troque o SIM."),
        ("IMEI or Brand is needed.", "Se necesita IMEI o Marca.", "Informe IMEI ou Marca."),
        ("A1 is in use by another program. Close that program, then read again.",
         "Otro programa está usando A1. Cierre ese programa y lea otra vez.",
         "Outro programa está usando A1. Feche esse programa e leia novamente."),
        ("This takes a supervisor. Ask a supervisor to enter a PIN.",
         "Esto requiere un supervisor. Pida a un supervisor que introduzca un PIN.",
         "Isto requer um supervisor. Peça a um supervisor que digite um PIN."),
        ("One attempt is left. A wrong PIN can block the SIM.",
         "Queda un intento. Un PIN incorrecto puede bloquear la SIM.",
         "Resta uma tentativa. Um PIN errado pode bloquear o SIM."),
        ("The gate refused it. A user with this name already exists.",
         "La pasarela lo rechazó. A user with this name already exists.",
         "O gateway recusou. A user with this name already exists."),
        ("The label has another IMEI than what was typed.", "La etiqueta y lo escrito difieren en IMEI.",
         "A etiqueta e o que foi digitado divergem no campo IMEI."),
        ("The label has another IMEI than the device. A repair gave the device another identifier.",
         "La etiqueta y el dispositivo difieren en IMEI. Una reparación dio otro identificador al dispositivo.",
         "A etiqueta e o dispositivo divergem no campo IMEI. Um reparo deu outro identificador ao dispositivo."),
        ("Not read: IMEI, Number.", "Sin leer: IMEI, Número.", "Não lido: IMEI, Número."),
        ("The clock is 3 hours behind the gate's.", "El reloj va 3 horas por detrás del de la pasarela.",
         "O relógio está 3 horas atrasado em relação ao do gateway."),
        ("Switch tethering off on it; else scan its label, or the screen that *#06# shows.",
         "Desactive en él la conexión compartida; si no, escanee su etiqueta, o la pantalla que muestra *#06#.",
         "Desative nele o compartilhamento de internet; senão, escaneie a etiqueta, ou a tela que *#06# mostra."),
        ("gate.example.com: The gate refused the connection. Wait a little, then try again.",
         "gate.example.com: La pasarela rechazó la conexión. Espere un poco e inténtelo otra vez.",
         "gate.example.com: O gateway recusou a conexão. Aguarde um pouco e tente novamente."),
        ("Ask at the desk or call 123.", "Ask at the desk or call 123.", "Ask at the desk or call 123."),
        ("Username and number do not match.", "Username and number do not match.", "Username and number do not match."),
        ("Quectel EC25", "Quectel EC25", "Quectel EC25"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_known_again_with_its_values(written: str, spanish: str, portuguese: str) -> None:
    for language, said in (("es", spanish), ("pt", portuguese)):
        catalog = load(language)
        assert catalog is not None
        assert catalog.sentence(written) == said


@given(st.text(max_size=60))
def test_what_is_not_ours_stays_as_it_is(text: str) -> None:
    catalog = Catalog({"{0} is needed.": "Se necesita {0}.", "Read it again.": "Léalo otra vez."})
    if "is needed." not in text and "Read it again." not in text:
        assert catalog.sentence(text) == " ".join(re.split(r"(?<=[.!?])\s+(?=\S)", text))


@given(st.text(st.characters(exclude_characters=".!?\n\r", categories=("L", "N", "P", "Zs")), min_size=1, max_size=30))
def test_a_value_of_any_kind_comes_through(value: str) -> None:
    catalog = Catalog({"{0} is needed to find {1}.": "Para encontrar {1} se necesita {0}."})
    said = catalog.sentence(f"{value} is needed to find the record.")
    assert said == f"Para encontrar the record se necesita {value}." or value.startswith(" ") or value.endswith(" ")


def test_the_pseudo_language_keeps_places_and_is_longer() -> None:
    pseudo = load(PSEUDO)
    assert pseudo is not None
    said = pseudo.text("{count} waiting")
    assert said is not None
    assert "{count}" in said
    assert len(said) >= 1.4 * len("{count} waiting")
    assert said.startswith("⟦")
