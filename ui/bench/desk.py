"""Which device and which draft are in hand. Knows no widget, so that its rules can be read and tested alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.masked import Identifier
from app.provisioning.draft import Draft, Origin
from app.provisioning.workflows import Workflow
from app.work.events import CardState, DeviceCard

_USABLE = frozenset({CardState.READY, CardState.PARTLY})
_BY_ITSELF = frozenset({Origin.DEVICE, Origin.DEFAULT})


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
    def touched(self) -> bool:
        """Whether the draft in hand holds anything that did not come from the device."""
        return any(entry.origin not in _BY_ITSELF for entry in self.draft.entries.values())

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

    def edit(self, field: str, text: str, origin: Origin = Origin.TYPED) -> None:
        self._drafts[self.current] = self.draft.with_text(field, text, origin)

    def correct(self, draft: Draft, replaces: str) -> None:
        """Take a refused submission in hand again."""
        self.current = None
        self.workflow = draft.workflow
        self.replaces = replaces
        self._drafts[None] = draft

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

    def _fresh(self) -> list[DeviceCard]:
        return [card for key, card in self.cards.items() if key not in self._done]
