"""Who works at the station now: signing in, the lock, and what a role may not do.

A station where nobody was entered is open: everyone may do everything, as before there were operators.
"""

from __future__ import annotations

import secrets
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from msgspec.structs import replace

from app.errors import WorkstationError
from app.journal.operators import Kept
from app.journal.outbox import Journal
from app.masked import Secret
from app.operators.people import LEAST, Operator, Right, Role
from app.operators.pin import hash_pin, is_pin, pin_problem, wait_s
from app.scanning.commands import BADGE

"""What the barcode of a badge begins with (app/operators: nobody's name or PIN is in it)."""
LONGEST_NAME = 60


class NotSignedIn(WorkstationError):
    """Nobody is signed in at a station that has operators."""

    code: ClassVar[str] = "operator.nobody"

    def __init__(self) -> None:
        super().__init__("Nobody is signed in.", remedy="Sign in with your PIN.")


class NotAllowed(WorkstationError):
    """The role of who is signed in does not have the right."""

    code: ClassVar[str] = "operator.not-allowed"

    def __init__(self, right: Right) -> None:
        self.right = right
        super().__init__(f"This takes a {LEAST[right]}.", remedy=f"Ask a {LEAST[right]} to enter a PIN.")


class PinRefused(WorkstationError):
    """A wrong PIN, or one entered while the wait after wrong ones lasts. `wait_s` is what is left of it."""

    code: ClassVar[str] = "operator.pin-refused"

    def __init__(self, summary: str, remedy: str, wait_s: float = 0.0) -> None:
        super().__init__(summary, remedy=remedy)
        self.wait_s = wait_s


class OperatorRefused(WorkstationError):
    """An operator cannot be entered or changed like this; nothing was changed."""

    code: ClassVar[str] = "operator.refused"


class OperatorsTampered(WorkstationError):
    """The list of operators was changed by another hand than this program's."""

    code: ClassVar[str] = "operator.tampered"

    def __init__(self) -> None:
        super().__init__(
            "This operator was changed outside the program and cannot sign in.",
            remedy="Have the administrator enter the operators anew: gate-station operators reset.",
        )


class Shift:
    """Safe from any thread. All but `signed_in`, `name` and `may` read or write the journal and block."""

    def __init__(self, journal: Callable[[], Journal], now: Callable[[], datetime]) -> None:
        self._journal = journal
        self._now = now
        self._lock = threading.Lock()
        self._staffed = False
        self._signed_in: Operator | None = None
        self._helper: Operator | None = None

    # Who works

    @property
    def staffed(self) -> bool:
        """Whether this station has operators, so that somebody has to sign in."""
        return self._staffed

    @property
    def signed_in(self) -> Operator | None:
        return self._signed_in

    @property
    def helper(self) -> Operator | None:
        """Who lends their rights for a moment."""
        return self._helper

    @property
    def name(self) -> str:
        """Who is written to each record; "" where nobody is signed in."""
        return self._signed_in.name if self._signed_in else ""

    def begin(self) -> None:
        """Look whether there are operators. Called when the journal has been opened."""
        self._staffed = any(map(_counts, self._journal().operators()))

    def people(self) -> list[Operator]:
        """Those who work here, by name."""
        return [kept.operator for kept in self._journal().operators() if kept.genuine and kept.operator.active]

    def by_name(self, name: str) -> Operator:
        """Raises OperatorRefused where nobody is called so."""
        found = next((who for who in self.people() if who.name.casefold() == name.casefold()), None)
        if found is None:
            raise OperatorRefused(f"Nobody here is called {name}.", remedy="See: gate-station operators list")
        return found

    def sign_in(self, id: str, pin: Secret) -> Operator:
        """Raises PinRefused, OperatorsTampered."""
        who = self._proved(id, pin)
        self._journal().note("signed-in", {"operator": who.id})
        with self._lock:
            self._signed_in, self._helper = who, None
        return who

    def sign_out(self) -> None:
        with self._lock:
            who, self._signed_in, self._helper = self._signed_in, None, None
        if who is not None:
            self._journal().note("signed-out", {"operator": who.id})

    # What may be done

    def may(self, right: Right) -> bool:
        """Whether who works now, or who lends their rights, may do it."""
        return not self._staffed or self._holder(right) is not None

    def _holder(self, right: Right) -> Operator | None:
        here = (self._helper, self._signed_in)
        return next((who for who in here if who is not None and who.may(right)), None)

    def voucher(self) -> str:
        """The id of who may vouch for a value now: who lends their rights, or who is signed in; "" at a station without
        operators. Raises NotSignedIn, NotAllowed."""
        self.require(Right.OVERRIDE)
        holder = self._holder(Right.OVERRIDE)
        return holder.id if holder else ""

    def check_vouched(self, ids: Iterable[str]) -> None:
        """Raises NotAllowed where one of `ids` is nobody who may vouch for a value; none are asked for at a station
        without operators."""
        vouched = set(ids) if self._staffed else set()
        if vouched and not vouched <= {who.id for who in self.people() if who.may(Right.OVERRIDE)}:
            raise NotAllowed(Right.OVERRIDE)

    def require(self, right: Right) -> None:
        """Raises NotSignedIn, NotAllowed."""
        if self._staffed and self._signed_in is None:
            raise NotSignedIn
        if not self.may(right):
            raise NotAllowed(right)

    def lend(self, id: str, pin: Secret, right: Right) -> Operator:
        """Somebody with `right` stands by: until `give_back`, what they may do can be done here.

        Raises PinRefused, NotAllowed, OperatorsTampered.
        """
        who = self._proved(id, pin)
        if not who.may(right):
            raise NotAllowed(right)
        self._journal().note("lent", {"operator": who.id, "right": right.value, "to": self._id})
        with self._lock:
            self._helper = who
        return who

    def give_back(self) -> None:
        """End what `lend` began."""
        with self._lock:
            self._helper = None

    # Entering and changing people

    def enter(self, name: str, role: Role, pin: Secret) -> Operator:
        """Enter somebody; the first one is a supervisor. Raises OperatorRefused, NotAllowed, NotSignedIn."""
        everyone = self._journal().operators()
        if any(map(_counts, everyone)):
            self.require(Right.OPERATORS)
        elif role is not Role.SUPERVISOR:
            raise OperatorRefused(
                "The first operator has to be a supervisor.", remedy="Enter the supervisor first, then the others."
            )
        name = _good_name(name)
        # Somebody who comes back is the same one as before.
        back = next((kept.operator.id for kept in everyone if not _counts(kept) and _named(kept, name)), None)
        who = Operator(back or str(uuid.uuid4()), name, role)
        _refuse_taken(who, [kept for kept in everyone if kept.operator.id != back])
        self._keep(Kept(who, _hashed(pin)))
        with self._lock:
            first, self._staffed = not self._staffed, True
            if first:
                self._signed_in = who
        return who

    def change(self, who: Operator, pin: Secret | None = None) -> None:
        """Give an operator another name, role, badge, or PIN, or let one go. Raises OperatorRefused, NotAllowed,
        NotSignedIn."""
        self.require(Right.OPERATORS)
        everyone = {kept.operator.id: kept for kept in self._journal().operators()}
        before = everyone.get(who.id)
        if before is None or not before.genuine:
            raise OperatorsTampered
        others = [kept for id, kept in everyone.items() if id != who.id]
        if not (who.active and who.role is Role.SUPERVISOR) and not any(map(_leads, others)):
            raise OperatorRefused(
                "The last supervisor cannot go.", remedy="Make somebody else a supervisor first, then repeat."
            )
        who = replace(who, name=_good_name(who.name))
        _refuse_taken(who, others)
        self._keep(Kept(who, before.pin if pin is None else _hashed(pin)))
        with self._lock:
            if self._signed_in and self._signed_in.id == who.id:
                self._signed_in = who if who.active else None

    def new_badge(self, who: Operator) -> Operator:
        """Give an operator a new badge; the one before is worth nothing from now on."""
        changed = replace(who, badge=BADGE + secrets.token_hex(6).upper())
        self.change(changed)
        return changed

    def reset(self) -> int:
        """Let everybody go, so that the station is open and its operators can be entered anew; gives how many.

        For the administrator, on the command line: who can start it there can read the journal already.
        """
        here = list(filter(_counts, self._journal().operators()))
        for kept in here:
            gone = replace(kept.operator, active=False, badge="", name=kept.operator.name or kept.operator.id)
            self._keep(Kept(gone, kept.pin))
        self.begin()
        return len(here)

    def _keep(self, kept: Kept) -> None:
        self._journal().keep_operator(kept, by=self._id)

    @property
    def _id(self) -> str:
        return self._signed_in.id if self._signed_in else ""

    def _proved(self, id: str, pin: Secret) -> Operator:
        kept = next((each for each in self._journal().operators() if each.operator.id == id), None)
        if kept is None or not kept.genuine:
            raise OperatorsTampered
        if not kept.operator.active:
            raise PinRefused("This operator does not work here any more.", "Choose another one.")
        left = _left_s(kept, self._now())
        if left > 0:
            raise PinRefused("Too many wrong PINs.", f"Wait {left:.0f} s, then enter the PIN again.", left)
        if not is_pin(pin, kept.pin):
            self._journal().count_failures(id, kept.failures + 1)
            wait = wait_s(kept.failures + 1)
            remedy = f"Wait {wait:.0f} s, then enter it again." if wait else "Enter it again."
            raise PinRefused("The PIN is wrong.", remedy, wait)
        if kept.failures:
            self._journal().count_failures(id, 0)
        return kept.operator


def _left_s(kept: Kept, now: datetime) -> float:
    if kept.failed_at is None:
        return 0.0
    wait = timedelta(seconds=wait_s(kept.failures))
    # A clock that was set back must not lock somebody out for longer than the wait itself.
    return min(wait, kept.failed_at + wait - now).total_seconds()


def _counts(kept: Kept) -> bool:
    """Whether there is somebody because of this row: who works here, or who another hand put in or out."""
    return kept.operator.active or not kept.genuine


def _named(kept: Kept, name: str) -> bool:
    return kept.operator.name.casefold() == name.casefold()


def _leads(kept: Kept) -> bool:
    return kept.genuine and kept.operator.active and kept.operator.role is Role.SUPERVISOR


def _hashed(pin: Secret) -> Secret:
    if problem := pin_problem(pin):
        raise OperatorRefused(problem, remedy="Choose another PIN.")
    return hash_pin(pin)


def _good_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME or not tidy.isprintable():
        raise OperatorRefused(
            f"A name is 1 to {LONGEST_NAME} letters.", remedy="Enter the name that is to stand in each record."
        )
    return tidy


def _refuse_taken(who: Operator, others: list[Kept]) -> None:
    if any(_named(kept, who.name) for kept in others):
        raise OperatorRefused(
            "Somebody of this name has worked here already.", remedy="Enter a name that tells the two apart."
        )
