"""The files of a simulated card, decoded here again from the standards, byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.masked import Identifier
from app.training.devices import card
from app.training.devices.card import DONE, Sim, read_file


def a_sim(*, imsi: str = "234150000000001", iccid: str = "8944150000000000017", number: str | None = None) -> Sim:
    return Sim(
        imsi=Identifier(imsi),
        iccid=Identifier(iccid),
        mnc_length=2,
        home_name="Vodafone",
        spn="Vodafone",
        number=None if number is None else Identifier(number),
    )


def nibbles(data: str) -> str:
    """The digits of a file in reading order."""
    return "".join(pair[1] + pair[0] for pair in (data[i : i + 2] for i in range(0, len(data), 2)))


@pytest.mark.parametrize(
    ("file", "length", "data"),
    [
        (card.EF_ICCID, 10, "984451000000000010F7"),
        (card.EF_IMSI, 9, "082943510000000010"),
        (card.EF_AD, 4, "00000002"),
        (card.EF_SPN, 17, "01566F6461666F6E65FFFFFFFFFFFFFFFF"),
    ],
)
def test_each_file_reads_as_a_real_card_writes_it(file: int, length: int, data: str) -> None:
    assert read_file(a_sim(), [card.READ_BINARY, file, 0, 0, length]) == (DONE, data)
    assert read_file(a_sim(), [card.READ_BINARY, file, 0, 0, 0]) == (DONE, data)


@settings(max_examples=100)
@given(st.text("0123456789", min_size=6, max_size=15))
def test_an_imsi_comes_back_from_its_file(imsi: str) -> None:
    _, data = read_file(a_sim(imsi=imsi), [card.READ_BINARY, card.EF_IMSI, 0, 0, 9])
    assert len(data) == 18
    used = nibbles(data[2 : 2 + 2 * int(data[:2], 16)])
    assert used[0] == ("9" if len(imsi) % 2 else "1")
    assert used[1:].rstrip("F") == imsi


@settings(max_examples=100)
@given(st.text("0123456789", min_size=18, max_size=20))
def test_an_iccid_comes_back_from_its_file(iccid: str) -> None:
    _, data = read_file(a_sim(iccid=iccid), [card.READ_BINARY, card.EF_ICCID, 0, 0, 10])
    assert nibbles(data).rstrip("F") == iccid


@settings(max_examples=100)
@given(st.text("0123456789", min_size=3, max_size=15), st.booleans())
def test_a_number_comes_back_from_its_record(number: str, international: bool) -> None:
    sent = f"+{number}" if international else number
    _, data = read_file(a_sim(number=sent), [card.READ_RECORD, card.EF_MSISDN, 1, 4, 34])
    record = data[40:]
    length, kind = int(record[:2], 16), record[2:4]
    assert kind == ("91" if international else "81")
    assert nibbles(record[4 : 2 + 2 * length]).rstrip("F") == number


def test_a_card_without_its_number_has_an_empty_record() -> None:
    assert read_file(a_sim(), [card.READ_RECORD, card.EF_MSISDN, 1, 4, 34]) == (DONE, "F" * 68)


def test_get_response_tells_the_length_of_a_record() -> None:
    status, data = read_file(a_sim(), [card.GET_RESPONSE, card.EF_MSISDN, 0, 0, 15])
    assert status == DONE
    assert data.startswith("62")
    assert int(data[2:4], 16) == len(data) // 2 - 2
    assert "8205422100" + "22" + "02" in data


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([card.READ_BINARY, 0x6F99, 0, 0, 1], card.NO_FILE),
        ([card.READ_BINARY, card.EF_ICCID, 0, 0, 11], card.WRONG_LENGTH),
        ([card.READ_BINARY, card.EF_ICCID, 0, 11, 0], card.WRONG_LENGTH),
        ([card.READ_RECORD, card.EF_MSISDN, 3, 4, 34], card.NO_RECORD),
        ([card.READ_RECORD, card.EF_MSISDN, 0, 4, 34], card.NO_RECORD),
        ([card.READ_RECORD, card.EF_MSISDN, 1, 4, 10], card.WRONG_LENGTH),
        ([card.READ_BINARY, card.EF_MSISDN, 0, 0, 34], card.NO_INSTRUCTION),
        ([214, card.EF_ICCID, 0, 0, 10], card.NO_INSTRUCTION),
    ],
)
def test_what_cannot_be_read_has_its_status_words_and_no_data(arguments: list[int], status: tuple[int, int]) -> None:
    assert read_file(a_sim(), arguments) == (status, "")


def test_a_card_without_a_name_has_no_name_file() -> None:
    nameless = Sim(Identifier("234150000000001"), Identifier("8944150000000000017"), mnc_length=2, home_name="Vodafone")
    assert read_file(nameless, [card.READ_BINARY, card.EF_SPN, 0, 0, 17]) == (card.NO_FILE, "")
