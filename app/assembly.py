"""Builds every part of one station and hands them to each other; the only module that knows them all."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import random
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from filelock import FileLock, Timeout

from app import seams
from app.credentials.audit_key import AUDIT, KEYRING_DEADLINE_S, AuditKey
from app.credentials.store import CredentialStore, TokenState
from app.credentials.vault import Vault, Where
from app.errors import WorkstationError
from app.gate.client import GateClient, Organization
from app.gate.errors import remedy_for
from app.gate.proxies import FindProxy, nowhere, proxies_for
from app.identifiers.identity import Identity
from app.identifiers.msisdn import load_plans
from app.journal.errors import JournalBusy, JournalError, JournalUnusable
from app.journal.outbox import Journal, no_key
from app.journal.reading import PERSON
from app.journal.records import Entry
from app.journal.salvage import Damage, Salvaged, is_sound, salvage, survey
from app.masked import Secret
from app.modem.line import open_line
from app.modem.pin import PinResult, enter_pin
from app.modem.places import renamed, slots
from app.modem.portless import PortlessWatch
from app.modem.ports import DeviceSeen, devices, seen_ports
from app.modem.probe import identify
from app.modem.sim_watch import sim_changed
from app.modem.trace import Trace
from app.operators.people import Right
from app.paths import Paths
from app.provisioning.consent import Consent, Ground
from app.provisioning.draft import Draft
from app.provisioning.fields import Kind
from app.provisioning.site import EVERYTHING, site
from app.provisioning.submission import Part, Settlement, Submission, make_submission
from app.provisioning.validation import Problem, Rules, Validation, validate
from app.provisioning.workflows import ANCHORS
from app.settings import ROWS, Settings, SettingsError
from app.work import erasing
from app.work.conflict import update_instead
from app.work.consent import Consents
from app.work.dispatch import LOOK_EVERY_S, Did, Dispatcher, Pace
from app.work.encryption import JOURNAL, Encryption, Wish
from app.work.entering import Corrected, NotReady, frozen
from app.work.erasing import Erased
from app.work.events import Event, JournalChanged, LinkChanged, LoopFailed, Publish
from app.work.intake import Intake
from app.work.retention import Retention
from app.work.shift import NotAllowed, Shift
from app.work.worker import Reader

if TYPE_CHECKING:
    from app.work.bundle import Files
    from app.work.doctor.surroundings import Surroundings

log = logging.getLogger(__name__)

SHAPES: Mapping[Kind, str] = {Kind.REGISTER: "gate.register_body", Kind.UPDATE: "gate.update_body"}


class InvalidDraft(WorkstationError):
    """A draft with errors was submitted; `problems` names each at its field. Nothing was kept."""

    code: ClassVar[str] = "draft.invalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("Some fields need a correction.", remedy="Correct the marked fields.")
        self.problems = problems


class NoToken(WorkstationError):
    """Nothing can be sent or asked without a token."""

    code: ClassVar[str] = "credentials.no-token"

    def __init__(self) -> None:
        super().__init__(
            "No token is kept at this station.", remedy="Enter one in Settings, or with: gate-station token set"
        )


@dataclass(frozen=True, slots=True)
class Drained:
    """Why `drain` ended before everything was final; `trouble` is what to tell."""

    no_token: bool = False
    trouble: WorkstationError | None = None


def _unheard(_: Event) -> None:
    """Where nobody listens for events."""


def _now() -> datetime:
    return datetime.now(UTC)


class Workstation:
    """One station. Making it is cheap and touches no file; `open()` makes the rest. Raises PolicyError.

    `validate` and `rules` are pure. Everything else blocks and belongs on a worker, never on the window's
    thread. `publish` receives the events of both loops, on their threads.
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        *,
        publish: Publish = _unheard,
        vault: Vault | None = None,
        look: Callable[[], list[DeviceSeen]] | None = None,
        find_proxy: FindProxy = nowhere,
        training: bool = False,
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.site = site(settings.policy)
        self.training = training
        self._publish = publish
        self._vault = vault
        # A station that was handed its vault (the training station) touches no keyring.
        self._owns_keyring = vault is None
        self._look = look or self._listed
        self._find_proxy = find_proxy
        self._portless = PortlessWatch()
        self._journal: Journal | None = None
        self.encryption = Encryption(
            paths,
            keyring=cache(self._journal_key) if self._owns_keyring else None,
            wish=lambda: self.settings.text("journal.encryption"),
        )
        self._making = threading.Lock()
        self._rounds = threading.Lock()
        self._round: _Round | None = None
        self.shift = Shift(lambda: self.journal, _now)
        self.consents = Consents(
            ground=lambda: Ground(self.settings.text("consent")),
            operator=lambda: self.operator,
            hours=lambda: self.settings.number("consent_hours"),
            note=self._note,
            publish=publish,
            clock=_now,
        )
        self.retention = Retention(
            self._purge,
            days=lambda: self.settings.number("retention_days"),
            now=_now,
        )
        self.intake = Intake(
            look=self.devices,
            consent=self.consents,
            reader=Reader(read=self._read_for_card, sim_changed=sim_changed, enter_pin=self._enter_pin),
            publish=publish,
            poll_s=settings.number("ports.poll_s"),
            sim_poll_s=settings.number("ports.sim_poll_s"),
            slots=slots(settings.texts("ports.slots")),
        )

    def open(self) -> None:
        """Open the journal and name the keyring entry; after a failure it may be called again.

        Raises JournalError: KeyMissing, KeyOutOfReach, PassphraseWanted and NoPassphrase are answered through
        `encryption`.
        """
        load_plans()
        self._made_vault()
        self._journal = self.encryption.open(self._opened_with)
        self.shift.begin()

    def _opened_with(self, key: Secret | None) -> Journal:
        return Journal.open(self.paths.journal, audit_key=self._audit_key(), key=key)

    def close(self) -> None:
        """Close the journal. Loops are ended before, through their `stop`."""
        if self._journal is not None:
            try:
                self.consents.end_shift("closed")
            except JournalError as trouble:
                # It ends with the program anyway; only the row that says so is missing.
                log.warning("the end of the shift was not written down: %s", trouble.code)
            self.encryption.close()

    def damage(self) -> Damage:
        """See what can be read of a damaged journal; nothing is changed. Raises JournalUnusable where nothing can."""
        with self.encryption.alone() as key:
            return survey(self.paths.journal, key)

    def repair(self) -> Salvaged | None:
        """Put what can be read of a damaged journal into a new one; None where it is sound. The station is not open.

        Raises JournalError: JournalBusy where another process delivers, JournalUnusable where nothing can be read.
        """
        self._made_vault()
        lock = FileLock(self.paths.delivery_lock, timeout=0)
        try:
            with lock, self.encryption.alone() as key:
                return self._repair(key)
        except Timeout as fault:
            raise JournalBusy("Another window uses the journal.", remedy="Close it, then repeat.") from fault

    def _repair(self, key: Secret | None) -> Salvaged | None:
        if not self.paths.journal.exists() or is_sound(self.paths.journal, key):
            return None
        salvaged = salvage(self.paths.journal, _now(), key)
        journal = self._opened_with(key)
        try:
            journal.align_jobs()
            journal.note("repaired", {"found": salvaged.found, "recovered": salvaged.recovered})
        finally:
            journal.close()
        return salvaged

    @property
    def journal(self) -> Journal:
        if self._journal is None:
            raise RuntimeError("the station is not open")
        return self._journal

    def _made_vault(self) -> Vault:
        with self._making:
            if self._vault is None:
                self._vault = Vault(CredentialStore(_station_id(self.paths.station)))
            return self._vault

    def _audit_key(self) -> Callable[[], Secret | None]:
        if not self._owns_keyring:
            return no_key
        store = CredentialStore(_station_id(self.paths.station), name=AUDIT, deadline_s=KEYRING_DEADLINE_S)
        return AuditKey(store, self.paths.audit_key_lock, monotonic=time.monotonic)

    def _journal_key(self) -> CredentialStore:
        return CredentialStore(_station_id(self.paths.station), name=JOURNAL)

    def set_passphrase(self, passphrase: Secret) -> None:
        """From now on the journal opens with `passphrase`, which is asked for at each start.

        Raises PassphraseWeak, CredentialsError, JournalError, SettingsNotKept.
        """
        self.encryption.set_passphrase(passphrase)
        self.change_settings({"journal.encryption": Wish.PASSPHRASE.value})

    def keep_journal(self, wish: str) -> None:
        """Keep the journal as `wish` from now on: `keyring` encrypts it, `plain` leaves it as it is and says no more.

        Raises CredentialsError, JournalError, SettingsError, SettingsNotKept.
        """
        if wish == Wish.KEYRING and self.is_open:
            self.encryption.keep_in_keyring()
        self.change_settings({"journal.encryption": Wish(wish).value})

    @property
    def is_open(self) -> bool:
        """Whether the journal is."""
        return self._journal is not None

    def surroundings(self) -> Surroundings:
        """What the doctor looks at. The station need not be open: the doctor may be asked why it does not open."""
        # The checks bring http, ssl and more along, which the window's start need not wait for.
        from app.work.doctor.surroundings import Surroundings

        return Surroundings(
            paths=self.paths,
            settings=self.settings,
            token_state=lambda: self._made_vault().status(),
            token=lambda: self._made_vault().load(),
            proxies=lambda: proxies_for(self.settings.text("gate.base_url"), self._find_proxy),
            encryption=self.encryption,
        )

    def bundle(self) -> Files:
        """The files of a bundle for support, by name. The station need not be open. Takes as long as the doctor."""
        from app.work.bundle import Sources, collect

        sources = Sources(
            surroundings=self.surroundings(),
            journal=self._facts,
            has_policy=self.settings.policy.path is not None,
            training=self.training,
        )
        return collect(sources)

    def _facts(self) -> Mapping[str, object]:
        if self._journal is None:
            raise JournalUnusable("The journal is not open.", remedy="Start the program again.")
        return self._journal.facts()

    @property
    def _kept(self) -> Vault:
        if self._vault is None:
            raise RuntimeError("the station is not open")
        return self._vault

    @property
    def operator(self) -> str:
        """Who is written to each record: who is signed in, else whom the settings name."""
        return self.shift.name or self.settings.text("operator")

    # Devices

    def devices(self) -> list[DeviceSeen]:
        """The devices plugged in now; opens nothing."""
        return self._look()

    def _listed(self) -> list[DeviceSeen]:
        extra = self.settings.texts("ports.extra")
        # A path that is not there is a device that is not plugged in, not one that fails.
        found = devices(seen_ports([port for port in extra if not port.startswith("/") or Path(port).exists()]))
        return [*found, *self._portless.look({device.place for device in found})]

    def read(self, port: str, *, timeout_s: float, stop: threading.Event, trace: Trace | None = None) -> Identity:
        """Read one port to its end; what goes wrong is in the identity's status and warnings."""
        return identify(port, deadline_s=timeout_s, stop=stop, trace=trace)

    def _read_for_card(
        self, port: str, *, stop: threading.Event, progress: Callable[[Identity], None], trace: Trace
    ) -> Identity:
        timeout_s = self.settings.number("ports.read_timeout_s")
        return identify(port, deadline_s=timeout_s, stop=stop, progress=progress, trace=trace)

    def _enter_pin(self, port: str, pin: Secret, *, confirmed: bool) -> PinResult:
        timeout_s = self.settings.number("ports.read_timeout_s")
        return enter_pin(open_line, port, pin, deadline_s=timeout_s, confirmed=confirmed)

    # Consent

    def _note(self, kind: str, detail: Mapping[str, object], /) -> str:
        return self.journal.note(kind, detail)

    def confirm_shift(self) -> None:
        """The operator has confirmed the words for this shift: what waits is read. Raises JournalError."""
        self.consents.confirm_shift()
        self.intake.reconsider()

    def consent_given(self, where: str, *, told: bool) -> Consent | None:
        """What a command rests on for which no window asks: `told` that it was given, it is written down; else None.

        Opens the station where that is to be written and it is not open. Raises JournalError.
        """
        if self.consents.ground is Ground.EMPLOYER_OWNED or not told:
            return self.consents.now(None)
        if self._journal is None:
            self.open()
        return self.consents.give({"where": where})

    # Drafts and submissions

    def rules(self) -> Rules:
        return Rules(
            lenient=self.settings.lenient,
            password_hash=self.settings.text("password_hash"),
            country=self.settings.text("number_country").upper(),
            anchors=self.settings.texts("update_anchors"),
            site=self.site,
        )

    def validate(self, draft: Draft, last_known: Mapping[str, str] | None = None) -> Validation:
        """Judge a draft as `submit` would; pure and quick, for every key typed."""
        return validate(draft, self.rules(), last_known)

    def last_known(self, draft: Draft) -> Mapping[str, str]:
        """What the gate last confirmed of the record that the draft's anchors find; empty for a registration."""
        values = self.validate(draft).values
        anchors = {key: values[key] for key in draft.workflow.anchors if key in values}
        return self.journal.last_known(anchors) if anchors else {}

    def record_of(self, field: str, text: str) -> Mapping[str, str]:
        """What the gate last confirmed of the record that had `text` in `field`, also if it has another one since."""
        return self.journal.last_known({field: text})

    def submit(
        self,
        draft: Draft,
        *,
        device: Mapping[str, str] | None = None,
        consent: Consent | None = None,
        replaces: str | None = None,
    ) -> Submission:
        """Freeze a draft and keep it; when this returns, it is on the disk and will be delivered.

        `device` is what was seen of it (port, manufacturer, model, revision), `consent` what it was read on; None
        where none was read. Of a job that is sent in several, all are kept and the first is given. Raises
        InvalidDraft, JournalError, NotAllowed.
        """
        return self.submit_job(draft, device=device, consent=consent, replaces=replaces)[0]

    def submit_job(
        self,
        draft: Draft,
        *,
        device: Mapping[str, str] | None = None,
        consent: Consent | None = None,
        replaces: str | None = None,
    ) -> tuple[Submission, ...]:
        """Freeze each send of a draft's job and keep them together, in the order they will be sent: one for most
        workflows, one a step where the workflow has `steps`. As `submit` otherwise.

        The correction of a step takes its place in the job.
        """
        validation = self.validate(draft, self.last_known(draft))
        if not validation.ready:
            raise InvalidDraft(validation.errors)
        self._check_overrides(draft)
        rests_on = str(consent or self.consents.without_device())

        def freeze(
            draft: Draft, validation: Validation, *, id: str, replaces: str | None, part: Part | None
        ) -> Submission:
            return make_submission(
                draft,
                validation,
                id=id,
                created_at=_now(),
                shape=self.settings.text(SHAPES[draft.workflow.kind]),
                password_hash=self.settings.text("password_hash"),
                operator=self.operator,
                consent=rests_on,
                device=device,
                replaces=replaces,
                part=part,
            )

        # The site's wishes are about the job as a whole, not about each of its sends.
        rules = dataclasses.replace(self.rules(), site=EVERYTHING)
        try:
            submissions = frozen(
                draft,
                validation,
                judge=lambda each: validate(each, rules),
                freeze=freeze,
                corrected=self._corrected(replaces),
            )
        except NotReady as fault:
            raise InvalidDraft(fault.problems) from fault
        self.journal.add_all(submissions)
        for submission in submissions:
            self._publish(JournalChanged(submission.id))
        self.wake()
        return submissions

    def voucher(self) -> str:
        """The id of who may vouch for a value now: who is signed in, or who lends their rights; "" at a station without
        operators. Raises NotSignedIn, NotAllowed."""
        self.shift.require(Right.OVERRIDE)
        here = (self.shift.helper, self.shift.signed_in)
        return next((who.id for who in here if who is not None and who.may(Right.OVERRIDE)), "")

    def _check_overrides(self, draft: Draft) -> None:
        if not draft.overrides or not self.shift.staffed:
            return
        may = {who.id for who in self.shift.people() if who.may(Right.OVERRIDE)}
        if not may.issuperset(override.by for override in draft.overrides.values()):
            raise NotAllowed(Right.OVERRIDE)

    def cancel(self, id: str) -> bool:
        """Take back a submission that was not sent, and the steps of its job that follow it. False where it may have
        arrived, is under way, or is final."""
        done = self.journal.cancel(id)
        if done:
            self._publish(JournalChanged())
            self.wake()
        return done

    def settle(self, id: str, how: Settlement) -> bool:
        """Note what the operator decided about a conflict; False where it is none. Nothing is sent."""
        done = self.journal.settle(id, how, by=self.operator)
        if done:
            self._publish(JournalChanged(id))
        return done

    def update_instead(self, entry: Entry) -> Draft:
        """The update that a registration in conflict comes to: what finds the record, and what differs from it."""
        known = self.journal.last_known({key: entry.fields[key] for key in ANCHORS if key in entry.fields})
        return update_instead(entry, known)

    def _corrected(self, replaces: str | None) -> Corrected | None:
        entry = self.journal.entry(replaces) if replaces else None
        if entry is None:
            return None
        job = self.journal.job(entry.part.job) if entry.part else []
        step = entry.part.step if entry.part else 0
        return Corrected(entry, [each for each in job if each.part and each.part.step > step and not each.state.final])

    # People

    def find_person(self, text: str, keys: Sequence[str] = PERSON) -> list[Entry]:
        """All submissions of the person whom the whole of `text` names, in one of `keys`; newest first."""
        return erasing.find(self.journal, text, keys)

    def erase_person(self, ids: Sequence[str]) -> Erased:
        """Take every personal value out of these submissions. Raises NotSignedIn, NotAllowed, NotErasable."""
        self.shift.require(Right.ERASE)
        erased = erasing.erase(self.journal, self.paths.journal, ids, operator=self.operator)
        self._publish(JournalChanged())
        return erased

    # The token

    def token_state(self) -> TokenState:
        return self._kept.status()

    def where_token(self) -> Where:
        """Where the token is, or would be kept."""
        return self._kept.where

    def set_token(self, token: Secret) -> Where:
        """Keep a token and say where; a queue held for the old one goes on. Raises CredentialsError, NotAllowed."""
        self.shift.require(Right.TOKEN)
        where = self._kept.save(token)
        self.journal.bump_token_generation()
        self.wake()
        return where

    def clear_token(self) -> None:
        """Forget the token. Raises CredentialsLocked, NotAllowed."""
        self.shift.require(Right.TOKEN)
        self._kept.clear()
        self.journal.bump_token_generation()

    def check_token(self, token: Secret | None = None) -> Organization:
        """Ask the gate whose token it is: `token`, or the kept one, whose success lifts a pause.

        Raises NoToken, GateError, CredentialsError.
        """
        asked = token or self._kept.load()
        if asked is None:
            raise NoToken
        gate = self._gate()
        try:
            organization = gate.organization(asked)
        finally:
            gate.close()
        if token is None:
            self.resume()
        return organization

    # Settings

    def change_settings(self, changes: Mapping[str, object]) -> None:
        """Check, keep and apply. Raises SettingsError, NotAllowed; then nothing has changed. Raises SettingsNotKept."""
        if not all(ROWS[key].personal for key in changes if key in ROWS):
            self.shift.require(Right.SETTINGS)
        self._apply(changes)

    def _apply(self, changes: Mapping[str, object]) -> None:
        changed = self.settings.changed(changes)
        try:
            changed.save(self.paths.settings)
        except OSError as fault:
            raise SettingsNotKept(self.paths.settings, fault) from fault
        self.settings = changed
        self.intake.poll_s = changed.number("ports.poll_s")
        self.intake.sim_poll_s = changed.number("ports.sim_poll_s")
        self.intake.name_slots(slots(changed.texts("ports.slots")))
        self.intake.reconsider()
        with self._rounds:
            if self._round:
                self._round.end()

    def name_place(self, place: str, name: str) -> None:
        """Call a place of the hub `name` from now on; "" takes its name away. Raises SlotRefused, SettingsError,
        SettingsNotKept, NotAllowed."""
        self.shift.require(Right.PLACES)
        if self.settings.overridden("ports.slots"):
            raise SettingsError(
                "The names of places are set for this run on the command line.",
                remedy="Start the program without --set ports.slots.",
            )
        self._apply({"ports.slots": renamed(self.settings.texts("ports.slots"), place, name)})

    def save_trace(self, key: str, file: Path) -> None:
        """Write what was said on a device's lines when it was read last, masked. Raises TraceNotKept, NotAllowed."""
        self.shift.require(Right.TRACE)
        text = self.intake.trace(key)
        if not text:
            raise TraceNotKept("Nothing was said to this device yet.", remedy="Read it again, then save its trace.")
        seams.blocking("writing a trace")
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as fault:
            raise TraceNotKept(
                f"The trace could not be written: {fault.strerror}.", remedy="Choose another folder.", detail=str(file)
            ) from fault

    # Delivery

    def deliver(self, stop: threading.Event) -> None:
        """The delivery loop until `stop` is set; a change of settings begins a new round.

        What the retention setting no longer keeps is removed between the rounds, of which there is one a day at least.
        """
        while not stop.is_set():
            self._clean_up()
            gate = self._gate()
            with self._rounds:
                self._round = current = _Round(self._dispatcher(gate), stop, self.retention.due)
            try:
                current.dispatcher.run(current)
            finally:
                with self._rounds:
                    self._round = None
                gate.close()

    def _purge(self, before: datetime) -> int:
        return self.journal.purge(before)

    def _clean_up(self) -> None:
        if self.retention.due():
            try:
                removed = self.retention.run()
            except WorkstationError as trouble:
                # What could not be removed today is no reason to send nothing.
                log.warning("removing what is too old: %s", trouble.code)
                self._publish(LoopFailed("retention", trouble.summary, trouble.remedy))
            else:
                if removed:
                    self._publish(JournalChanged())

    def wake(self) -> None:
        """Have the delivery loop look again now."""
        with self._rounds:
            if self._round:
                self._round.dispatcher.wake()

    def resume(self) -> None:
        """Lift a pause at the operator's word and try again."""
        if self.journal.resume_now():
            self._publish(LinkChanged())
            self._publish(JournalChanged())
        self.wake()

    def drain(self, ids: Collection[str], *, timeout_s: float | None, moved: Callable[[str], None]) -> Drained:
        """Deliver until `ids` is empty, nothing can be sent, or `timeout_s` has passed (None: no limit).

        `ids` is a live view: `moved(id)` is called for each of it that may have become final, and takes it out.
        Another process that delivers already is left to it, and watched.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        gate = self._gate()
        dispatcher = self._dispatcher(gate, publish=_unheard)
        try:
            while ids:
                step = dispatcher.run_once()
                if step.did is Did.DELIVERED and step.id:
                    moved(step.id)
                elif step.did is Did.NO_TOKEN:
                    return Drained(no_token=True, trouble=_told(step.message))
                elif pause := self.journal.link().pause:
                    return Drained(trouble=WorkstationError(pause.message, remedy=remedy_for(pause.code)))
                else:
                    for id_ in list(ids):
                        moved(id_)
                    if step.wait_s is None:
                        break
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    break
                if step.did is not Did.DELIVERED:
                    waits = [wait for wait in (step.wait_s, left, LOOK_EVERY_S) if wait is not None]
                    threading.Event().wait(min(waits))
        finally:
            dispatcher.release()
            gate.close()
        return Drained()

    def _gate(self) -> GateClient:
        return GateClient(
            self.settings.text("gate.base_url"),
            timeout_s=self.settings.number("gate.timeout_s"),
            extra_ca=self.settings.text("gate.extra_ca"),
            find_proxy=self._find_proxy,
        )

    def _dispatcher(self, gate: GateClient, publish: Publish | None = None) -> Dispatcher:
        return Dispatcher(
            self.journal,
            gate,
            pace=Pace(
                *(
                    self.settings.number(f"delivery.{key}")
                    for key in ("rate_per_s", "backoff_initial_s", "backoff_max_s")
                )
            ),
            lock_path=self.paths.delivery_lock,
            base_url=self.settings.text("gate.base_url"),
            token=self._kept.load,
            publish=publish or self._publish,
            now=_now,
            monotonic=time.monotonic,
            random=random.random,
        )


class SettingsNotKept(WorkstationError):
    """The settings file could not be written; the settings in force are the old ones."""

    code: ClassVar[str] = "settings.not-kept"

    def __init__(self, path: Path, fault: OSError) -> None:
        super().__init__(
            f"The settings could not be written: {fault.strerror}.",
            remedy="Check that there is room and that the folder can be written, then save again.",
            detail=str(path),
        )


class StationNotKept(JournalError):
    """The station's id can be neither read nor written; the journal beside it is not opened."""

    code: ClassVar[str] = "station.not-kept"

    def __init__(self, path: Path, fault: OSError) -> None:
        super().__init__(
            f"The station's id could not be kept: {fault.strerror}.",
            remedy="Check that the folder can be written and that there is room on the disk.",
            detail=str(path),
        )


class TraceNotKept(WorkstationError):
    """A trace was asked for and there is none, or its file could not be written."""

    code: ClassVar[str] = "trace.not-kept"


class _Round(threading.Event):
    """One run of the delivery loop with one set of settings: set by itself, with the loop's own `stop`, or when it is
    `over` for another reason."""

    def __init__(self, dispatcher: Dispatcher, outer: threading.Event, over: Callable[[], bool]) -> None:
        super().__init__()
        self.dispatcher = dispatcher
        self._outer, self._over = outer, over

    def is_set(self) -> bool:
        return super().is_set() or self._outer.is_set() or self._over()

    def end(self) -> None:
        self.set()
        self.dispatcher.wake()


def _told(message: str) -> WorkstationError:
    return WorkstationError(message, remedy="") if message else NoToken()


def _station_id(path: Path) -> str:
    """The id in `path`, made at the first start. Two that start at once agree on one. Raises StationNotKept."""
    try:
        if not path.exists():
            _make_station_id(path)
        return str(json.loads(path.read_text(encoding="utf-8"))["id"])
    except OSError as fault:
        raise StationNotKept(path, fault) from fault


def _make_station_id(path: Path) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"id": str(uuid.uuid4())}, file)
        # Unlike a rename, a link never replaces what another process has made meanwhile.
        with suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()
