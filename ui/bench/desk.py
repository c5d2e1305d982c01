"""Which device and which draft are in hand. Knows no widget, so that its rules can be read and tested alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.identifiers.kinds import KINDS
from app.masked import Identifier
from app.provisioning.draft import Draft, Origin, Override
from app.provisioning.fields import FIELDS, ROWS
from app.provisioning.workflows import Workflow
from app.scanning.meaning import Value, What
from app.work.events import CardState, DeviceCard

_USABLE = frozenset({CardState.READY, CardState.PARTLY})
_BY_ITSELF = frozenset({Origin.DEVICE, Origin.DEFAULT})

_FIELD_OF: Mapping[What, str] = {
    **{What(row.check): row.key for row in FIELDS if row.check in frozenset(What)},
    What.EXTERNAL_ID: "user_external_id",
}
SECOND = 2
"""The count on the label of a device's second IMEI."""


class Desk:
    """Keeps one draft a device, and one for no device (key None), so that nothing typed is ever lost: a device
    that is pulled and plugged in again finds its draft.

    The first device that can be used is taken by itself, as long as nothing was typed; afterwards only the
    operator changes devices. A device whose draft was saved is not taken again until it has been read anew.
    """

    def __init__(self, workflow: Workflow, defaults: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> None:
        """`defaults` stand in every new draft of a workflow, by its name."""
        self.workflow = workflow
        self._defaults = defaults
        self.cards: dict[str, DeviceCard] = {}
        self.current: str | None = None
        self.replaces: str | None = None
        self._gone: DeviceCard | None = None
        self._drafts: dict[str | None, Draft] = {}
        self._done: set[str] = set()
        self._imeis: dict[str, Identifier] = {}

    def take_over(self, other: Desk) -> None:
        """Go on where another desk stopped: its devices, drafts and job."""
        self.workflow, self.current, self.replaces = other.workflow, other.current, other.replaces
        self.cards, self._drafts = dict(other.cards), dict(other._drafts)
        self._gone, self._done, self._imeis = other._gone, set(other._done), dict(other._imeis)

    @property
    def draft(self) -> Draft:
        return self._drafts.get(self.current, self._new())

    @property
    def card(self) -> DeviceCard | None:
        """The device in hand, also after it was pulled while its draft is still here."""
        if self.current is None:
            return None
        return self.cards.get(self.current, self._gone)

    @property
    def unplugged(self) -> bool:
        return self.current is not None and self.current not in self.cards

    @property
    def reading(self) -> bool:
        """Whether the device in hand has begun to answer: what it has said so far is not all it will say.

        A silent one holds nobody up who types what its label says.
        """
        card = self.card
        if card is None or self.unplugged:
            return False
        return card.state is CardState.READING and card.identity is not None

    @property
    def touched(self) -> bool:
        """Whether the draft in hand holds anything that did not come from the device."""
        return any(entry.origin not in _BY_ITSELF for entry in self.draft.entries.values()) or any(
            witness.origin not in _BY_ITSELF for said in self.draft.witnesses.values() for witness in said
        )

    def device_changed(self, card: DeviceCard) -> bool:
        """Take a card in; True where the draft or the device in hand is another one now."""
        if card.state is CardState.READING:
            self._done.discard(card.key)
        self.cards[card.key] = card
        if card.state is CardState.DECLINED:
            return self._forget(card.key)
        self._know(card)
        if card.key == self.current:
            self._fill(card)
            self._take_next()
            return True
        return self._take_next()

    def _forget(self, key: str) -> bool:
        """Keep nothing of a device whose customer did not agree, typed or read; True where it was in hand."""
        self._drafts.pop(key, None)
        self._imeis.pop(key, None)
        if key != self.current:
            return False
        self.current = None
        self._take_next()
        return True

    def device_gone(self, key: str) -> bool:
        """Let a card go. A draft with something typed stays in hand; one without goes with its device."""
        card = self.cards.pop(key, None)
        self._done.discard(key)
        if key != self.current:
            return False
        if self.touched:
            self._gone = card
        else:
            self._drafts.pop(key, None)
            self.current = None
            self._take_next()
        return True

    def choose(self, key: str | None) -> None:
        """Take a device, or none, in hand."""
        self.current = key
        self.replaces = None
        self._done.discard(key or "")
        self._drafts[key] = self._moved(self.draft)
        if card := self.cards.get(key or ""):
            self._fill(card)

    def choose_workflow(self, workflow: Workflow) -> None:
        """Go on with the same device and values under another workflow."""
        self.workflow = workflow
        self.replaces = None
        self._drafts[self.current] = self._moved(self.draft)
        if self.current in self.cards:
            self._fill(self.cards[self.current])

    def recall(self, record: Mapping[str, str]) -> None:
        """Put in what is known of the record that was found, and take its device in hand where it is plugged in."""
        for key, text in record.items():
            self.edit(key, text, Origin.HISTORY)
        self._take_next()

    def edit(self, field: str, text: str, origin: Origin = Origin.TYPED) -> None:
        self._drafts[self.current] = self.draft.with_text(field, text, origin)

    def scan(self, values: Sequence[Value]) -> list[Value]:
        """Put what was scanned into the draft in hand; gives those that its job has no field for.

        A second IMEI that comes alone belongs to the label that was scanned just before it.
        """
        draft, left = self.draft, [value for value in values if self.field_of(value) is None]
        texts: dict[str, list[str]] = {}
        for value in values:
            if key := self.field_of(value):
                texts.setdefault(key, []).append(value.text.reveal())
                if value.number == SECOND and len(texts[key]) == 1:
                    texts[key][:0] = self._label(key)[:1]
        for key, said in texts.items():
            draft = draft.scanned(key, *dict.fromkeys(said))
        self._drafts[self.current] = draft
        self._take_next()
        return left

    def field_of(self, value: Value) -> str | None:
        """The field of the job in hand that a scanned value belongs in."""
        key = _FIELD_OF.get(value.what)
        return key if key in self.workflow.fields else None

    def _label(self, key: str) -> list[str]:
        said = self.draft.witnesses.get(key, ())
        return [text.reveal() for witness in said if witness.origin is Origin.SCAN for text in witness.texts]

    def owner(self, key: str) -> DeviceCard | None:
        """The other device on the bench whose label this is."""
        others = [card for card in self.cards.values() if card.key != self.current]
        return next((card for card in others if self._is_named(card, key)), None)

    def is_said(self, value: Value) -> bool:
        """Whether a device on the bench says just this of itself."""
        key = self.field_of(value)
        return key is not None and any(_says(card, key, value.text.reveal()) for card in self.cards.values())

    def _is_named(self, card: DeviceCard, key: str) -> bool:
        return any(_says(card, key, text) for text in self._label(key))

    def give_label(self, key: str, to: str | None) -> None:
        """What was scanned belongs to another device, or to one that is not plugged in yet (None)."""
        texts = self._label(key)
        self.forget_label(key)
        if to is None:
            self.put_away()
            self.current = None
            self._drafts[None] = self._new().scanned(key, *texts)
        else:
            self.choose(to)
            self._drafts[to] = self.draft.scanned(key, *texts)

    def forget_label(self, key: str) -> None:
        """What was scanned was another thing's label."""
        self._drafts[self.current] = self.draft.with_witness(key, Origin.SCAN)

    def believe_device(self, key: str) -> None:
        """What the device says goes, after something else was entered."""
        said = next((each for each in self.draft.witnesses.get(key, ()) if each.origin is Origin.DEVICE), None)
        if said is not None:
            self._drafts[self.current] = self.draft.with_text(key, said.texts[0].reveal(), Origin.DEVICE)

    def override(self, key: str, override: Override) -> None:
        """Somebody vouches for what is entered, though not all agree."""
        self._drafts[self.current] = self.draft.overridden(key, override)

    def put_away(self) -> None:
        """Leave the device in hand for later, with its draft, and take the next one, or none."""
        if self.current is not None:
            self._done.add(self.current)
        elif self.touched:
            self._drafts.pop(None)
        self.current, self.replaces = None, None
        self._take_next()

    def undo_clear(self, key: str | None, draft: Draft, replaces: str | None) -> None:
        """Take a draft in hand again that was cleared."""
        self.current, self.workflow, self.replaces = key, draft.workflow, replaces
        self._drafts[key] = draft

    def correct(self, draft: Draft, replaces: str) -> None:
        """Take a refused submission in hand again."""
        self.current = None
        self.workflow = draft.workflow
        self.replaces = replaces
        self._drafts[None] = draft

    def take(self, draft: Draft, key: str | None) -> None:
        """Take a draft in hand that was begun elsewhere; `key` is its device's, None where there is none."""
        self.current = key if key in self.cards else None
        self.workflow, self.replaces = draft.workflow, None
        self._done.discard(key or "")
        self._drafts[self.current] = draft

    def clear(self) -> None:
        """Empty the form; the values of the device in hand come back."""
        self._drafts[self.current] = self._new()
        self.replaces = None
        if card := self.cards.get(self.current or ""):
            self._fill(card)
        elif self.current is not None:
            self._drafts.pop(self.current)
            self.current = None

    def saved(self, key: str | None) -> None:
        """The journal has the draft of this device: put it away and, if it is still in hand, take the next one."""
        if key is not None:
            self._done.add(key)
        self._drafts.pop(key, None)
        if self.current == key:
            self.current = None
            self.replaces = None
            self._take_next()

    def _new(self) -> Draft:
        return self._moved(Draft(self.workflow))

    def _moved(self, draft: Draft) -> Draft:
        return draft.moved_to(self.workflow).with_defaults(self._defaults.get(self.workflow.name, {}))

    def _know(self, card: DeviceCard) -> None:
        """Drop a draft that was put aside when another device comes under its key: it is somebody else's."""
        imei = card.identity.imei if card.identity else None
        if imei is None:
            return
        if card.key != self.current and self._imeis.get(card.key, imei) != imei:
            self._drafts.pop(card.key, None)
        self._imeis[card.key] = imei

    def _fill(self, card: DeviceCard) -> None:
        draft = self._drafts.get(card.key, self._new())
        self._drafts[card.key] = draft.filled_from(card.identity) if card.identity else draft

    def _take_next(self) -> bool:
        if self.current is None and not self.replaces and self._names():
            return self._take_named()
        if self._awaits_device:
            return self._take_awaited()
        if self.touched or self.replaces:
            return False
        held = self.cards.get(self.current or "")
        if held and held.state in _USABLE:
            return False
        found = next((card for card in self._fresh() if card.state in _USABLE), None)
        if found is None and held is None:
            found = next((card for card in self._fresh() if card.state is CardState.READING), None)
        if found is None or found.key == self.current:
            return False
        self.choose(found.key)
        return True

    def _names(self) -> list[str]:
        """The IMEIs that name a device which is not in hand yet: from a label, or from the record that was found."""
        entry = self.draft.entries.get("imei")
        found = [entry.text.reveal()] if entry and entry.origin is Origin.HISTORY else []
        return self._label("imei") or found

    def _take_named(self) -> bool:
        """Give the draft that names its device to it; a label to the only device there is, for it to be seen that it
        is another one's."""
        usable, names = [card for card in self.cards.values() if card.state in _USABLE], self._names()
        found = [card for card in usable if any(_says(card, "imei", name) for name in names)]
        fresh = [card for card in self._fresh() if card in usable]
        if not found and len(fresh) == 1 and self._label("imei") and not self._drafts.get(fresh[0].key):
            found = fresh
        return bool(found) and self._give_draft(found[0])

    @property
    def _awaits_device(self) -> bool:
        """Whether the draft in hand is somebody's to whom a device is still to come."""
        waits = self.workflow.moves and self.touched and not self.draft.text("imei")
        return waits and self.current is None and not self.replaces

    def _take_awaited(self) -> bool:
        """Give the draft to the only device there is."""
        fresh = [card for card in self._fresh() if card.state in _USABLE and not self._drafts.get(card.key)]
        return len(fresh) == 1 and self._give_draft(fresh[0])

    def hand_on(self, key: str) -> bool:
        """Give what was entered to another device that can be used and was not worked on yet; the one in hand was the
        old one. False where it is no such device."""
        card = self.cards[key]
        if key == self.current or card.state not in _USABLE or card not in self._fresh() or self._drafts.get(key):
            return False
        entered = {field: entry for field, entry in self.draft.entries.items() if entry.origin is not Origin.DEVICE}
        self._drafts.pop(self.current)
        self.choose(key)
        for field, entry in entered.items():
            self.edit(field, entry.text.reveal(), entry.origin)
        return True

    def _give_draft(self, card: DeviceCard) -> bool:
        """Give the draft that is no device's to one."""
        self.current = card.key
        self._drafts[card.key] = self._drafts.pop(None)
        self._fill(card)
        return True

    def _fresh(self) -> list[DeviceCard]:
        return [card for key, card in self.cards.items() if key not in self._done]


def _says(card: DeviceCard, key: str, text: str) -> bool:
    source, check = ROWS[key].read_from, ROWS[key].check
    said = card.identity.value(source) if card.identity and source else None
    return said is not None and check is not None and KINDS[check].same(said, text)
