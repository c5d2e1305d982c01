"""Builds every part of one station and hands them to each other; the only module that knows them all."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from msgspec.structs import replace

from app.credentials.audit_key import AUDIT, KEYRING_DEADLINE_S, AuditKey
from app.credentials.store import CredentialStore, TokenState
from app.credentials.vault import Vault, Where
from app.gate.client import GateClient, Organization, load_transport
from app.gate.proxies import FindProxy, nowhere, proxy_for
from app.identifiers.identity import Identity
from app.identifiers.msisdn import load_plans
from app.journal.errors import JournalBusy, JournalError, JournalUnusable
from app.journal.outbox import Journal, no_key
from app.journal.reading import PERSON
from app.journal.records import Entry, Query
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
from app.provisioning.validation import Rules, Validation, validate
from app.provisioning.workflows import ANCHORS
from app.settings import ROWS, Settings, SettingsError
from app.updates.announcement import Release, release_keys
from app.updates.checking import UpdateCheck
from app.work import erasing
from app.work.conflict import update_instead
from app.work.consent import Consents
from app.work.delivering import Delivery, Drained, NoToken, drain
from app.work.dispatch import Dispatcher, Pace
from app.work.encryption import JOURNAL, Encryption
from app.work.entering import Corrected, InvalidDraft, frozen
from app.work.erasing import Erased
from app.work.events import Event, JournalChanged, LinkChanged, Publish
from app.work.first_run import is_first_run
from app.work.intake import Intake
from app.work.keeping import Wish
from app.work.receipt import Receipt, receipt
from app.work.retention import Retention
from app.work.shift import Shift
from app.work.station_id import station_id
from app.work.traces import save_trace
from app.work.worker import Reader

if TYPE_CHECKING:
    from app.work.bundle import Files
    from app.work.doctor.surroundings import Surroundings
    from app.work.export import Exported

log = logging.getLogger(__name__)

SHAPES: Mapping[Kind, str] = {Kind.REGISTER: "gate.register_body", Kind.UPDATE: "gate.update_body"}


def _unheard(_: Event) -> None:
    """Where nobody listens for events."""


def _now() -> datetime:
    return datetime.now(UTC)


class Workstation:
    """One station. Making it is cheap and touches no file; `open()` makes the rest. Raises PolicyError.

    `validate` and `rules` are pure. Everything else blocks and belongs on a worker, never on the window's
    thread. `publish` receives the events of both loops, on their threads. `release_keys` gives the public
    keys whose announcements of a new version are believed.
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
        release_keys: Callable[[], Sequence[bytes]] = release_keys,
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
        self._release_keys = release_keys
        self._portless = PortlessWatch()
        self._journal: Journal | None = None
        self.encryption = Encryption(
            paths,
            keyring=cache(self._journal_key) if self._owns_keyring else None,
            wish=lambda: self.settings.text("journal.encryption"),
        )
        self._making = threading.Lock()
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
        self._delivery = Delivery(
            self._gate, lambda gate: self._dispatcher(gate, self._publish), lambda: self.retention, publish
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
        # As the delivery takes it: where a file system has no locks, nothing stands in for one.
        lock = FileLock(self.paths.delivery_lock, timeout=0, fallback_to_soft=False)
        try:
            with lock, self.encryption.alone() as key:
                return self._repair(key)
        except Timeout as fault:
            raise JournalBusy("Another window uses the journal.", remedy="Close it, then repeat.") from fault
        except (OSError, NotImplementedError) as fault:
            # The second: filelock's word for a file system without locks.
            raise JournalUnusable(
                f"The journal {self.paths.journal} cannot be repaired here.",
                remedy="Check that the folder exists and that you may write to it.",
                detail=str(fault),
            ) from fault

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
                self._vault = Vault(CredentialStore(station_id(self.paths.station)))
            return self._vault

    def _audit_key(self) -> Callable[[], Secret | None]:
        if not self._owns_keyring:
            return no_key
        store = CredentialStore(station_id(self.paths.station), name=AUDIT, deadline_s=KEYRING_DEADLINE_S)
        return AuditKey(store, self.paths.audit_key_lock, monotonic=time.monotonic)

    def _journal_key(self) -> CredentialStore:
        return CredentialStore(station_id(self.paths.station), name=JOURNAL)

    def set_passphrase(self, passphrase: Secret) -> None:
        """From now on the journal opens with `passphrase`, which is asked for at each start.

        Raises NotSignedIn, NotAllowed, SettingsError, PassphraseWeak, CredentialsError, JournalError: then nothing has
        changed. Raises SettingsNotKept.
        """
        changed = self._kept_as(Wish.PASSPHRASE)
        self.encryption.set_passphrase(passphrase)
        self._apply(changed)

    def keep_journal(self, wish: str) -> None:
        """Keep the journal as `wish` from now on: `keyring` encrypts it, `plain` leaves it as it is and says no more.

        Raises NotSignedIn, NotAllowed, SettingsError, CredentialsError, JournalError: then nothing has changed. Raises
        SettingsNotKept.
        """
        changed = self._kept_as(Wish(wish))
        if wish == Wish.KEYRING and self.is_open:
            self.encryption.keep_in_keyring()
        self._apply(changed)

    def _kept_as(self, wish: Wish) -> Settings:
        self.shift.require(Right.JOURNAL)
        return self.settings.changed({"journal.encryption": wish.value})

    @property
    def is_open(self) -> bool:
        """Whether the journal is."""
        return self._journal is not None

    def is_first_run(self) -> bool:
        """Whether nobody has worked here or set anything yet. Raises JournalError."""
        return is_first_run(self.paths.settings, self.settings, self.journal)

    def surroundings(self) -> Surroundings:
        """What the doctor looks at. The station need not be open: the doctor may be asked why it does not open."""
        # The checks bring http, ssl and more along, which the window's start need not wait for.
        from app.work.doctor.surroundings import Surroundings

        return Surroundings(
            paths=self.paths,
            settings=self.settings,
            token_state=lambda: self._made_vault().status(),
            token=lambda: self._made_vault().load(),
            proxy=lambda: proxy_for(self.settings.text("gate.base_url"), self._find_proxy),
            encryption=self.encryption,
            updates=self._updates(),
        )

    def newer_release(self) -> Release | None:
        """The release that is newer than this program; None for none, where nobody is asked, and while training.

        The station need not be open. Blocks for some seconds. Raises UpdateError.
        """
        return None if self.training else self._updates().look()

    def _updates(self) -> UpdateCheck:
        return UpdateCheck(settings=self.settings, keys=self._release_keys(), now=_now, find_proxy=self._find_proxy)

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

    def receipt(self, id: str) -> Receipt | None:
        """The receipt of a submission as it stands now, noted in the audit trail; None where there is none. Blocks."""
        station = station_id(self.paths.station)
        return receipt(self.journal, id, _now(), operator=self.operator, station=station)

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
        if not draft.workflow.anchors:
            return {}
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
        self.shift.check_vouched(override.by for override in draft.overrides.values())
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
        rules = replace(self.rules(), site=EVERYTHING)
        submissions = frozen(
            draft,
            validation,
            judge=lambda each: validate(each, rules),
            freeze=freeze,
            corrected=self._corrected(replaces),
        )
        self.journal.add_all(submissions)
        for submission in submissions:
            self._publish(JournalChanged(submission.id))
        self.wake()
        return submissions

    def cancel(self, id: str) -> bool:
        """Take back a submission that was not sent, and the steps of its job that follow it. False where it may have
        arrived, is under way, or is final."""
        done = self.journal.cancel(id)
        if done:
            self._publish(JournalChanged())
            self.wake()
        return done

    def settle(self, id: str, how: Settlement) -> bool:
        """Note what the operator decided about a conflict; False where it is none. What waited for it goes on."""
        done = self.journal.settle(id, how, by=self.operator)
        if done:
            self._publish(JournalChanged(id))
            self.wake()
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
        self._apply(self.settings.changed(changes))

    def _apply(self, changed: Settings) -> None:
        changed.save(self.paths.settings)
        self.settings = changed
        self.intake.poll_s = changed.number("ports.poll_s")
        self.intake.sim_poll_s = changed.number("ports.sim_poll_s")
        self.intake.name_slots(slots(changed.texts("ports.slots")))
        self.intake.reconsider()
        self._delivery.renew()

    def name_place(self, place: str, name: str) -> None:
        """Call a place of the hub `name` from now on; "" takes its name away. Raises SlotRefused, SettingsError,
        SettingsNotKept, NotAllowed."""
        self.shift.require(Right.PLACES)
        if self.settings.overridden("ports.slots"):
            raise SettingsError(
                "The names of places are set for this run on the command line.",
                remedy="Start the program without --set ports.slots.",
            )
        named = renamed(self.settings.texts("ports.slots"), place, name)
        self._apply(self.settings.changed({"ports.slots": named}))

    def save_trace(self, key: str, file: Path) -> None:
        """Write what was said on a device's lines when it was read last, masked. Raises TraceNotKept, NotAllowed."""
        self.shift.require(Right.TRACE)
        save_trace(self.intake.trace(key), file)

    # The log

    def export(
        self, query: Query, file: Path, *, reveal: bool = False, force: bool = False, limit: int | None = None
    ) -> Exported:
        """Write what matches to a .csv or .xlsx file, masked unless `reveal`; `force`: also in place of an older one.
        Raises FileNotWritten, JournalError, NotSignedIn, NotAllowed."""
        from app.work.export import export

        self.shift.require(Right.EXPORT)
        return export(
            self.journal, query, file, reveal=reveal, force=force, operator=self.operator, now=_now, limit=limit
        )

    # Delivery

    def load_ahead(self) -> None:
        """Load what the first submission would wait for. At any time, from any thread."""
        load_transport()

    def deliver(self, stop: threading.Event) -> None:
        """The delivery loop until `stop` is set; a change of settings begins a new round."""
        self._delivery.run(stop)

    def wake(self) -> None:
        """Have the delivery loop look again now."""
        self._delivery.wake()

    def resume(self) -> None:
        """Lift a pause at the operator's word and try again."""
        if self.journal.resume_now():
            self._publish(LinkChanged())
            self._publish(JournalChanged())
        self.wake()

    def drain(self, ids: Collection[str], *, timeout_s: float | None, moved: Callable[[str], None]) -> Drained:
        """Deliver until `ids` is empty, nothing can be sent, or `timeout_s` has passed (None: no limit).

        `ids` is a live view: `moved(id)` is called for each of it that may have become final, and takes it out.
        """
        gate = self._gate()
        try:
            return drain(self.journal, self._dispatcher(gate, _unheard), ids, timeout_s=timeout_s, moved=moved)
        finally:
            gate.close()

    def _purge(self, before: datetime) -> int:
        return self.journal.purge(before)

    def _gate(self) -> GateClient:
        return GateClient(
            self.settings.text("gate.base_url"),
            timeout_s=self.settings.number("gate.timeout_s"),
            extra_ca=self.settings.text("gate.extra_ca"),
            find_proxy=self._find_proxy,
        )

    def _dispatcher(self, gate: GateClient, publish: Publish) -> Dispatcher:
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
            publish=publish,
            now=_now,
            monotonic=time.monotonic,
            random=random.random,
        )
