"""A batch on a hub: devices that join the rows of an order by themselves, and what of it can be sent.

Pure but for what it is handed: knows no window, no port and no journal. A device that was read may be pulled; what it
said is kept here until the batch is sent or closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from app.errors import WorkstationError
from app.identifiers.kinds import KINDS
from app.journal.records import Entry
from app.provisioning.draft import Draft, Origin
from app.provisioning.fields import FIELDS, ROWS
from app.provisioning.submission import State, Submission
from app.provisioning.validation import Judge, Problem
from app.provisioning.workflows import Workflow
from app.work.events import CardState, DeviceCard
from app.work.failed_rows import Failed
from app.work.rows import Row

JOINED_BY = ("imei", "iccid")
"""The fields by which a device finds its row; the first that the row has decides."""


class Standing(StrEnum):
    """Where one of a batch stands, in the order in which a list shows them: who needs somebody comes first."""

    FAILED = "failed"
    STRANGER = "stranger"
    DUPLICATE = "duplicate"
    NEEDS_YOU = "needs-you"
    READING = "reading"
    READY = "ready"
    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"


NEED_SOMEBODY = frozenset({Standing.FAILED, Standing.STRANGER, Standing.DUPLICATE, Standing.NEEDS_YOU})
_ORDER = tuple(Standing)
_READ = frozenset({CardState.READY, CardState.PARTLY, CardState.NEEDS_YOU})
_UNDER_WAY = frozenset({CardState.STARTING, CardState.READING})


class Item(Struct, frozen=True):
    """One device, one row, or both. `key` is the device's, or `row N` while none is there. `sentence` says what is
    wrong. `id` is the submission's once it is kept, `state` what became of it."""

    key: str
    draft: Draft
    standing: Standing
    card: DeviceCard | None = None
    row: Row | None = None
    sentence: str = ""
    id: str | None = None
    state: State | None = None

    @property
    def place(self) -> str:
        """Where the device is: the name of its place, else its port."""
        return (self.card.slot or self.card.port) if self.card else ""


def keep(items: Iterable[Item], submit: Callable[[Item], str]) -> list[tuple[str, str | WorkstationError]]:
    """(key, what `submit` returned or raised) of each: one that fails keeps none of the others back. Blocks."""
    came: list[tuple[str, str | WorkstationError]] = []
    for item in items:
        try:
            came.append((item.key, submit(item)))
        except WorkstationError as trouble:
            came.append((item.key, trouble))
    return came


class Batch:
    """`judge` validates a draft. With `rows` each device has to find one; without, every device is one of the batch.

    While it is not `armed`, a device that is plugged in is left to the bench.
    """

    def __init__(
        self, workflow: Workflow, judge: Judge, rows: Iterable[Row] = (), defaults: Mapping[str, str] | None = None
    ) -> None:
        self.workflow = workflow
        self.armed = True
        self._judge = judge
        self._defaults = dict(defaults or {})
        self._items: dict[str, Item] = {}
        for row in rows:
            key = f"row {row.number}"
            self._items[key] = _without_device(key, row)
        self._ordered = bool(self._items)

    # What happens

    def device_changed(self, card: DeviceCard) -> bool:
        """Take a card in; whether it is one that needs somebody now and did not before."""
        before = self._items.get(card.key)
        if before is not None and before.standing in {Standing.SENT, Standing.DONE}:
            return False
        if before is None and (not self.armed or not (card.state in _READ or card.state in _UNDER_WAY)):
            return False
        if card.state in _UNDER_WAY:
            if before is None:
                self._items[card.key] = Item(card.key, Draft(self.workflow), Standing.READING, card)
            return False
        item = self._joined(card, before)
        self._items[card.key] = item
        return item.standing in NEED_SOMEBODY and (before is None or before.standing is not item.standing)

    def device_gone(self, key: str) -> None:
        """A device that said what is needed may go; one that did not leaves nothing behind."""
        item = self._items.get(key)
        if item is not None and item.standing in {Standing.READING, Standing.STRANGER, Standing.DUPLICATE}:
            del self._items[key]

    def kept(self, key: str, id: str) -> None:
        """The journal has it."""
        self._items[key] = replace(self._items[key], standing=Standing.SENT, id=id, state=State.QUEUED, sentence="")

    def entered(self, submission: Submission) -> None:
        """Something was kept elsewhere: it may be one of these, mended or corrected by hand."""
        for item in self._items.values():
            corrected = item.standing is Standing.FAILED and item.id == submission.replaces
            if corrected or (self.workflow.name == submission.workflow and _unsent(item) and _names(item, submission)):
                self.kept(item.key, submission.id)
                return

    def refused(self, key: str, problems: Sequence[Problem]) -> None:
        """It could not be kept."""
        self._items[key] = replace(self._items[key], standing=Standing.NEEDS_YOU, sentence=_sentence(problems))

    def moved(self, entries: Iterable[Entry]) -> None:
        """What became of those that were sent."""
        by_id = {item.id: item for item in self._items.values() if item.id}
        for entry in entries:
            if (item := by_id.get(entry.id)) is None or item.state is entry.state:
                continue
            self.settle(item.key, entry.state, str(entry.to_json()["message"]))

    def settle(self, key: str, state: State, message: str) -> None:
        """What became of one; `message` is said where it failed."""
        standing = Standing.SENT
        if state in {State.REJECTED, State.CONFLICT, State.CANCELLED}:
            standing = Standing.FAILED
        elif state is State.ACCEPTED:
            standing = Standing.DONE
        sentence = message if standing is Standing.FAILED else ""
        self._items[key] = replace(self._items[key], standing=standing, state=state, sentence=sentence)

    # What it comes to

    def items(self) -> list[Item]:
        """Who needs somebody first, then by place."""
        return sorted(self._items.values(), key=lambda item: (_ORDER.index(item.standing), item.place, _number(item)))

    def ready(self) -> list[Item]:
        return [item for item in self.items() if item.standing is Standing.READY]

    def open_ids(self) -> list[str]:
        """The submissions that are not final yet."""
        return [item.id for item in self._items.values() if item.id and not (item.state and item.state.final)]

    def count(self, *standings: Standing) -> int:
        return sum(1 for item in self._items.values() if item.standing in standings)

    def result(self) -> list[Failed]:
        """Every row and device with what became of it, for the result file."""
        return [
            Failed(item.row or _row_of(item), (item.state or item.standing).value, item.sentence)
            for item in sorted(self._items.values(), key=_number)
        ]

    # Joining

    def _joined(self, card: DeviceCard, before: Item | None) -> Item:
        draft = Draft(self.workflow).with_defaults(self._defaults)
        if card.identity is not None:
            draft = draft.filled_from(card.identity)
        twin = self._twin(card.key, draft)
        if twin is not None:
            where = twin.place or twin.key
            return Item(card.key, draft, Standing.DUPLICATE, card, sentence=f"It is in this batch already: {where}.")
        row = before.row if before is not None and before.row is not None else self._row_for(draft)
        if row is None and self._ordered:
            return Item(card.key, draft, Standing.STRANGER, card, sentence="No row of the order is for this device.")
        if row is not None:
            draft = _ordered(row.draft, card, self._defaults)
            self._items.pop(f"row {row.number}", None)
        return self._judged(Item(card.key, draft, Standing.READY, card, row))

    def _judged(self, item: Item) -> Item:
        card, row = item.card, item.row
        problems = [*(row.problems if row else ()), *self._judge(item.draft).errors]
        if card is not None and card.state is CardState.NEEDS_YOU:
            sentence = f"{card.sentence} {card.remedy}".strip()
            return replace(item, standing=Standing.NEEDS_YOU, sentence=sentence)
        if problems:
            return replace(item, standing=Standing.NEEDS_YOU, sentence=_sentence(problems))
        return item

    def _twin(self, key: str, draft: Draft) -> Item | None:
        imei = draft.text("imei")
        same = KINDS["imei"].same
        return next(
            (
                item
                for item in self._items.values()
                if item.key != key and item.card is not None and imei and same(item.draft.text("imei"), imei)
                if item.standing not in {Standing.READING, Standing.STRANGER, Standing.DUPLICATE}
            ),
            None,
        )

    def _row_for(self, draft: Draft) -> Row | None:
        rows = [item.row for item in self._items.values() if item.row is not None and item.card is None]
        for key in JOINED_BY:
            for row in rows:
                ours, theirs = row.draft.text(key), draft.text(key)
                if ours and theirs and KINDS[key].same(ours, theirs):
                    return row
        return None


def _ordered(order: Draft, card: DeviceCard, defaults: Mapping[str, str]) -> Draft:
    """The row's values, with the device's own word where it has one; what the row says of it has to agree."""
    draft = order
    for key in order.workflow.fields:
        if ROWS[key].matched and (text := order.text(key)):
            draft = draft.with_text(key, "").with_witness(key, Origin.FILE, text)
    if card.identity is not None:
        draft = draft.filled_from(card.identity)
    for key in order.entries.keys() - draft.entries.keys():
        draft = draft.with_text(key, order.text(key), Origin.FILE)
    return draft.with_defaults(defaults)


def _without_device(key: str, row: Row) -> Item:
    sentence = _sentence(row.problems)
    return Item(key, row.draft, Standing.NEEDS_YOU if sentence else Standing.WAITING, row=row, sentence=sentence)


def _unsent(item: Item) -> bool:
    return item.standing in {Standing.NEEDS_YOU, Standing.READY, Standing.WAITING}


def _names(item: Item, submission: Submission) -> bool:
    """Whether what was kept is about the device of `item`."""
    pairs = [(key, item.draft.text(key), submission.fields.get(key, "")) for key in JOINED_BY]
    return any(ours and theirs and KINDS[key].same(ours, theirs) for key, ours, theirs in pairs)


def _sentence(problems: Iterable[Problem]) -> str:
    return " ".join(dict.fromkeys(problem.message for problem in problems))


def _number(item: Item) -> int:
    return item.row.number if item.row else 0


def _row_of(item: Item) -> Row:
    """A row for what had none: the fields that were sent, without secrets."""
    cells = {row.key: item.draft.text(row.key) for row in FIELDS if item.draft.text(row.key) and not row.secret}
    return Row(0, item.draft, (), cells)
