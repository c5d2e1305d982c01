"""How the journal is kept: whether it is encrypted, where its key lies, and the ways back to it. Decision 007."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock

from filelock import FileLock, Timeout
from msgspec import Struct
from msgspec.structs import replace

from app.credentials.envelopes import put_in, take_out
from app.credentials.errors import CredentialsError, CredentialsUnavailable, KeyNotOpened, PassphraseWeak
from app.credentials.key_file import Kept, KeyFile, key_id
from app.credentials.recovery_code import make_code, read_code
from app.credentials.store import Store
from app.journal.driver import KEY_BYTES
from app.journal.errors import (
    JournalBusy,
    JournalError,
    JournalUnusable,
    KeyMissing,
    KeyOutOfReach,
    NoKeyring,
    NoPassphrase,
    NotEncrypted,
    PassphraseWanted,
)
from app.journal.outbox import Journal
from app.journal.sealing import Form, form_of, sweep
from app.masked import Secret
from app.paths import Paths
from app.work.keeping import Code, Standing, Way, Wish

log = logging.getLogger(__name__)

JOURNAL = "journal"
"""The name of the key's entry in the keyring."""

SHORTEST_PASSPHRASE = 12
TURN_S = 10.0
"""How long opening waits for another window that opens or encrypts the journal: one that hangs must not hold up all."""

_RECOVERY, _PASSPHRASE = "recovery code", "passphrase"
_BY_CODE = "Enter the recovery code, in the window or with: gate-station journal key recover. Nothing is lost."


class _Held(Struct, frozen=True):
    """The key in use, and where else it is kept."""

    key: Secret
    way: Way


class Encryption:
    """The key of one station's journal. Every method blocks, some for as long as a keyring asks its owner.

    `keyring` is None for a station that touches none: its journal is in clear. `paths.journal_lock` is held while the
    journal is opened and while its file or its key changes, so that two processes never make two keys, and none opens
    a file that is about to be replaced. Safe from any thread.
    """

    def __init__(self, paths: Paths, *, keyring: Callable[[], Store] | None, wish: Callable[[], str]) -> None:
        self._path = paths.journal
        self._file = KeyFile(paths.journal_key)
        self._lock_path = paths.journal_lock
        self._keyring = keyring
        self._wish = wish
        self._one_at_a_time = Lock()
        self._held: _Held | None = None
        self._journal: Journal | None = None
        self._fresh = False
        self._trouble = ""

    # Opening

    def open(self, make: Callable[[Secret | None], Journal]) -> Journal:
        """Find or make the key and have the journal opened with it; `make` opens or creates it.

        Raises KeyMissing, KeyOutOfReach, PassphraseWanted, NoPassphrase, NoKeyring, KeyFileUnusable, and what `make`
        raises.
        """
        self.close()
        with self._turn():
            sweep(self._path)
            form = form_of(self._path)
            held = self._existing(form) if self._has_key(form) else self._for_new(form)
            journal = make(held.key if held else None)
            self._held, self._journal, self._fresh = held, journal, form is Form.ABSENT
        try:
            self._follow_the_wish(journal)
        except BaseException:
            self.close()
            raise
        return journal

    def close(self) -> None:
        """Close the journal; the key is held, should it be opened again."""
        journal, self._journal = self._journal, None
        if journal is not None:
            journal.close()

    @contextmanager
    def alone(self) -> Iterator[Secret | None]:
        """The key of the journal that is there, None for one in clear; nothing is made, and nobody opens the journal
        within the block. For those who look at the file or replace it. Raises as `open` does."""
        with self._turn():
            held = self._held
            if self._journal is None:
                form = form_of(self._path)
                held = self._existing(form) if self._has_key(form) else None
            yield held.key if held else None

    def _has_key(self, form: Form) -> bool:
        # A journal that is gone while its key is sealed here may come back: no other key takes that one's place.
        kept = self._file.read()
        return form is Form.SEALED or (form is Form.ABSENT and bool(kept.recovery or kept.passphrase))

    def _existing(self, form: Form) -> _Held | None:
        if self._held is not None:
            return self._held
        kept, trouble = self._file.read(), None
        if self._keyring is not None and not (kept.passphrase and self._wish() == Wish.PASSPHRASE):
            try:
                found = self._keyring().load()
            except CredentialsError as error:
                trouble = error
            else:
                if found is not None and kept.key_id in {"", key_id(found)}:
                    return _Held(found, Way.KEYRING)
        if kept.passphrase is not None:
            raise PassphraseWanted(
                "The journal opens with its passphrase.",
                remedy="Enter it, or the recovery code. On the command line: at a terminal or by --passphrase-stdin.",
            )
        if trouble is not None:
            raise KeyOutOfReach(
                f"The journal is encrypted, and its key cannot be asked for. {trouble.summary}",
                remedy=f"{trouble.remedy} Or: {_BY_CODE}",
                detail=trouble.detail,
            )
        if kept == Kept() and form is Form.SEALED:
            # Neither key nor file of one: more likely a damaged journal in clear. Opening it tells.
            return None
        if kept.recovery is None:
            raise KeyMissing(
                "The key of this journal is not in the keyring, and no recovery code was made for it.",
                remedy="Restore the keyring of this computer from a backup. The journal is as it was.",
            )
        raise KeyMissing("The key of this journal is not in the keyring.", remedy=_BY_CODE)

    def _for_new(self, form: Form) -> _Held | None:
        wish = self._wish()
        if form is Form.PLAIN or self._keyring is None or wish == Wish.PLAIN:
            return None
        if wish == Wish.PASSPHRASE:
            raise NoPassphrase(
                "The journal is to be encrypted with a passphrase, and there is none yet.",
                remedy="Choose one. On the command line: gate-station journal key passphrase",
            )
        try:
            key = self._keyring_key()
        except CredentialsError as error:
            if wish == Wish.AUTO:
                self._trouble = error.summary
                return None
            raise NoKeyring(
                f"No journal was made: the settings ask for its key in the keyring. {error.summary}",
                remedy=f"{error.remedy} Or set journal.encryption to passphrase or plain.",
                detail=error.detail,
            ) from error
        # Written before the journal: from now on it is known that there is a key.
        self._file.write(self._envelopes_of(key))
        return _Held(key, Way.KEYRING)

    def _follow_the_wish(self, journal: Journal) -> None:
        """Tell the trail how a new journal is kept; take an old one to the keyring where the setting says so."""
        if self._keyring is None:
            return
        way = self._held.way if self._held else Way.PLAIN
        if self._fresh:
            journal.note("encryption", {"made": way.value, "wish": self._wish(), "why": self._trouble})
        elif self._wish() == Wish.KEYRING and way is not Way.KEYRING:
            try:
                self.keep_in_keyring()
            except (CredentialsError, JournalError) as error:
                log.warning("the key is not in the keyring: %s: %s", error.code, error.detail or error.summary)
                self._trouble = error.summary

    # How it stands, and what can be done about it

    def standing(self) -> Standing:
        """How the journal is kept now. Raises KeyFileUnusable, JournalUnusable."""
        with self._turn():
            kept = self._file.read()
            way = self._held.way if self._held else Way.PLAIN
            if self._journal is None:
                way = {Form.ABSENT: Way.NONE, Form.PLAIN: Way.PLAIN, Form.SEALED: Way.CLOSED}[form_of(self._path)]
        code = (Code.KEPT if kept.confirmed else Code.UNCONFIRMED) if kept.recovery else Code.NONE
        unchosen = way is Way.PLAIN and self._wish() != Wish.PLAIN and self._keyring is not None
        return Standing(way, code, self._fresh, unchosen, self._trouble)

    def encrypt(self) -> None:
        """Encrypt the open journal, if it is in clear, with a key in the keyring.

        Raises CredentialsError, JournalError.
        """
        with self._turn():
            if self._held is None:
                self._seal(_Held(self._keyring_key(), Way.KEYRING))

    def keep_in_keyring(self) -> None:
        """Have the key in the keyring; a journal in clear is encrypted. Raises CredentialsError, JournalError."""
        self.encrypt()
        with self._turn():
            self._keep_in_keyring()

    def set_passphrase(self, passphrase: Secret) -> None:
        """From now on the journal opens with `passphrase`, and the keyring holds no key; one in clear is encrypted.

        Where none is open, the next one to be made is. Raises PassphraseWeak, CredentialsError, JournalError.
        """
        if len(passphrase.reveal()) < SHORTEST_PASSPHRASE:
            raise PassphraseWeak(
                f"The passphrase has fewer than {SHORTEST_PASSPHRASE} characters.",
                remedy="Take a longer one; four words that do not belong together are good.",
            )
        with self._turn():
            key = self._held.key if self._held else Secret(secrets.token_hex(KEY_BYTES))
            self._file.write(replace(self._envelopes_of(key), passphrase=put_in(key, passphrase, _PASSPHRASE)))
            if self._held is None and self._journal is not None:
                self._seal(_Held(key, Way.PASSPHRASE))
            else:
                self._held = _Held(key, Way.PASSPHRASE)
                self._note({"kept": Way.PASSPHRASE.value})
            if self._keyring is not None:
                # Where no keyring can be reached there is none to take it from.
                with suppress(CredentialsUnavailable):
                    self._keyring().clear()

    def unlock(self, passphrase: Secret) -> None:
        """Hold the key for the next `open`. Raises KeyNotOpened, KeyFileUnusable."""
        with self._turn():
            envelope = self._file.read().passphrase
            if envelope is None:
                raise KeyNotOpened("This journal has no passphrase.", remedy=_BY_CODE)
            self._held = _Held(take_out(envelope, passphrase, _PASSPHRASE), Way.PASSPHRASE)

    def recover(self, code: Secret) -> Way:
        """Take the key out by the recovery code, hold it for the next `open`, and put it back into the keyring.

        Gives where the key now is: SESSION where no keyring took it. Raises CodeMisspelt, KeyNotOpened,
        KeyFileUnusable.
        """
        with self._turn():
            self._held = _Held(self._by_code(code), Way.SESSION)
            if self._wish() != Wish.PASSPHRASE:
                try:
                    self._keep_in_keyring()
                except CredentialsError as error:
                    self._trouble = error.summary
            self._note({"recovered": self._held.way.value})
            return self._held.way

    def new_code(self) -> Secret:
        """Make a recovery code in place of the one before, which opens nothing any more. It is kept nowhere in clear.

        Raises NotEncrypted, KeyFileUnusable, JournalError.
        """
        with self._turn():
            return self._new_code()

    def first_code(self) -> Secret | None:
        """As `new_code` where there is none yet, else None; of several that ask at once one gets it."""
        with self._turn():
            return None if self._held is None or self._file.read().recovery else self._new_code()

    def confirm(self, code: Secret) -> None:
        """Somebody has written `code` down. Raises KeyNotOpened where another was made meanwhile."""
        with self._turn():
            self._by_code(code)
            self._file.write(replace(self._file.read(), confirmed=True))

    # Below

    def _new_code(self) -> Secret:
        if self._held is None:
            raise NotEncrypted(
                "The journal is not encrypted: there is nothing to recover.",
                remedy="Encrypt it first: gate-station journal key encrypt",
            )
        key, code = self._held.key, make_code()
        kept = replace(self._envelopes_of(key), recovery=put_in(key, code, _RECOVERY), confirmed=False)
        self._file.write(kept)
        self._note({"made": _RECOVERY})
        return code

    def _by_code(self, code: Secret) -> Secret:
        typed, envelope = read_code(code), self._file.read().recovery
        if envelope is None:
            raise KeyNotOpened("No recovery code was made for this journal.", remedy="Nothing was changed.")
        return take_out(envelope, typed, _RECOVERY)

    def _keyring_key(self) -> Secret:
        """The key in the keyring; the first time it is made. Raises CredentialsError."""
        if self._keyring is None:
            raise NotEncrypted("This station uses no keyring.", remedy="")
        store = self._keyring()
        if (kept := store.load()) is not None:
            return kept
        made = Secret(secrets.token_hex(KEY_BYTES))
        store.save(made)
        return made

    def _keep_in_keyring(self) -> None:
        if self._held is not None and self._keyring is not None:
            if self._held.way is not Way.KEYRING:
                self._keyring().save(self._held.key)
            self._held, self._trouble = _Held(self._held.key, Way.KEYRING), ""

    def _envelopes_of(self, key: Secret) -> Kept:
        """What the file holds of `key`; that of another key opens nothing of this journal."""
        kept = self._file.read()
        return kept if kept.key_id == key_id(key) else Kept(key_id(key))

    def _seal(self, held: _Held) -> None:
        if self._journal is None:
            raise NotEncrypted("The journal is not open.", remedy="Open it first.")
        self._file.write(self._envelopes_of(held.key))
        self._journal.seal(held.key)
        self._held, self._trouble = held, ""
        self._note({"sealed": held.way.value})

    def _note(self, detail: dict[str, str]) -> None:
        if self._journal is not None:
            self._journal.note("encryption", detail)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        lock = FileLock(self._lock_path, timeout=TURN_S, fallback_to_soft=False)
        with self._one_at_a_time:
            try:
                lock.acquire()
            except Timeout as fault:
                raise JournalBusy(
                    "Another window opens or encrypts the journal.", remedy="Wait until it has, then repeat."
                ) from fault
            except (OSError, NotImplementedError) as fault:
                raise JournalUnusable(
                    f"The journal {self._path} cannot be opened.",
                    remedy="Check that the folder exists and that you may write to it.",
                    detail=str(fault),
                ) from fault
            try:
                yield
            finally:
                lock.release()
