"""What goes wrong, said the same way everywhere: RFC 9457 problems.

A rule raises an error that carries its facts; this room alone knows which HTTP status and code it
becomes. A problem never repeats what the caller sent, and never shows SQL, a path or a traceback.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.responses import Response

from app.http.trail import request_id
from app.words.say import say

CONTENT_TYPE = "application/problem+json"
DOCS = "/docs/problems#"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One field that is wrong: where it came in, a JSON pointer to it, and why."""

    code: str
    detail: str
    pointer: str = ""
    place: str = "body"  # body, query, path, header, cookie

    def shown(self) -> dict[str, str]:
        """Return the member of `errors` that this becomes."""
        return {
            "in": self.place,
            "pointer": self.pointer,
            "code": self.code,
            "detail": self.detail,
        }


@dataclass(kw_only=True)
class Problem(Exception):
    """An answer that is not the one asked for. Raise it anywhere inside a request."""

    status: int
    code: str
    detail: str
    errors: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail}"


def body_of(problem: Problem, *, locale: str = "en") -> dict[str, Any]:
    """Return the members of the problem document."""
    known: dict[str, Any] = {
        "type": DOCS + problem.code,
        "title": say(locale, f"status.{problem.status}"),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "request_id": request_id(),
    }
    if problem.errors:
        known["errors"] = [fault.shown() for fault in problem.errors]
    return {**problem.facts, **known}


def answer(problem: Problem, *, locale: str = "en") -> Response:
    """Return the HTTP answer of a problem."""
    return Response(
        orjson.dumps(body_of(problem, locale=locale)),
        status_code=problem.status,
        media_type=CONTENT_TYPE,
        headers=dict(problem.headers),
    )


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """Return a problem as an answer, for a door that answers rather than raises.

    `more` may hold `errors`, `headers` and `facts`, as `Problem` has them.
    """
    return answer(Problem(status=status, code=code, detail=detail, **more))


@dataclass(frozen=True, kw_only=True)
class Told:
    """How one class of error is told; its own sentence is the detail, unless one is named here."""

    status: int
    code: str
    detail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


AGAIN_SOON = {"Retry-After": "1"}

# By the error's name, so that rooms above this one need not be known here; of an error's ancestors
# the nearest counts. A test finds errors of the core that nobody wrote a line for.
TABLE: Mapping[str, Told] = {
    "CoreError": Told(status=422, code="refused"),
    "BadId": Told(status=422, code="bad_id"),
    "NotFound": Told(status=404, code="not_found"),
    "UnknownCurrency": Told(status=422, code="unknown_currency"),
    "NotAnAmount": Told(status=422, code="not_an_amount"),
    "TooManyDecimals": Told(status=422, code="too_many_decimals"),
    "OrdersError": Told(status=409, code="refused"),
    "IllegalMove": Told(status=409, code="bad_transition"),
    "NothingShort": Told(status=409, code="nothing_short"),
    "NotOffered": Told(status=409, code="not_offered"),
    "BadWait": Told(status=422, code="bad_wait"),
    "CannotSwap": Told(status=409, code="cannot_swap"),
    "NotHeldThere": Told(status=409, code="not_held"),
    "NotReturnable": Told(status=409, code="not_returnable"),
    "NotAwaited": Told(status=422, code="not_awaited"),
    "IllegalReturn": Told(status=409, code="bad_transition"),
    "BadAddress": Told(status=422, code="bad_address"),
    "AddressFixed": Told(status=409, code="address_fixed"),
    "BadInvoice": Told(status=422, code="bad_invoice"),
    "InvoiceClosed": Told(status=409, code="invoice_closed"),
    "PaymentConflict": Told(status=409, code="payment_conflict"),
    "RefundConflict": Told(status=409, code="refund_conflict"),
    "NoSuchUnits": Told(status=409, code="no_such_units"),
    "NotHeld": Told(status=409, code="no_such_units"),
    "NothingLeft": Told(status=409, code="nothing_left"),
    "CannotPlace": Told(status=409, code="cannot_place"),
    "SoldOut": Told(status=409, code="out_of_stock"),
    "UnknownSku": Told(status=422, code="unknown_sku"),
    "MixedCurrencies": Told(status=422, code="mixed_currencies"),
    "NotTogether": Told(status=409, code="not_together"),
    "NoPrice": Told(status=422, code="no_price"),
    "UnknownPriceList": Told(status=422, code="unknown_price_list"),
    "CatalogError": Told(status=422, code="refused"),
    "LastToSell": Told(status=409, code="last_to_sell"),
    "CurrencyFixed": Told(status=409, code="currency_fixed"),
    "DefaultTaken": Told(status=409, code="default_taken"),
    "NeverValid": Told(status=422, code="never_valid"),
    "ReleasePast": Told(status=422, code="release_past"),
    "DepositTooHigh": Told(status=422, code="deposit_too_high"),
    "PreorderElsewhere": Told(status=409, code="preorder_elsewhere"),
    "PreorderPromised": Told(status=409, code="preorder_promised"),
    "PreorderSetsLimit": Told(status=409, code="preorder_sets_limit"),
    "FileRefused": Told(status=422, code="file_refused"),
    "RowRefused": Told(status=422, code="row_refused"),
    "BadSnapshot": Told(status=422, code="bad_snapshot"),
    "LabelInUse": Told(status=409, code="label_in_use"),
    "BadPush": Told(status=422, code="bad_push"),
    "BadSignature": Told(status=401, code="bad_signature"),
    "ParcelTaken": Told(status=409, code="parcel_taken"),
    "NothingMoves": Told(status=422, code="nothing_moves"),
    "BelowReserved": Told(status=409, code="below_reserved"),
    "NotEnough": Told(status=409, code="out_of_stock"),
    "BookingError": Told(status=422, code="refused"),
    "BadTerm": Told(status=422, code="bad_term"),
    "BookingEnded": Told(status=409, code="reservation_ended"),
    "BookingLost": Told(status=409, code="reservation_lost"),
    "LockTimeout": Told(status=503, code="busy", headers=AGAIN_SOON),
    "LeaseError": Told(status=409, code="refused"),
    "LeaseHeld": Told(status=409, code="lease_held"),
    "LeaseLost": Told(status=409, code="lease_lost"),
    "CountingError": Told(status=409, code="refused"),
    "AlreadyCounting": Told(status=409, code="already_counting"),
    "CountEnded": Told(status=409, code="count_ended"),
    "TransferError": Told(status=409, code="refused"),
    "GoesNowhere": Told(status=422, code="goes_nowhere"),
    "TransferEnded": Told(status=409, code="transfer_ended"),
    "NotAPicture": Told(status=422, code="not_a_picture"),
    "NotNow": Told(status=409, code="not_now"),
    "CaseError": Told(status=409, code="refused"),
    "CaseMoved": Told(status=409, code="case_moved"),
    "OtherCaseOpen": Told(status=409, code="other_case_open"),
    "AlreadySent": Told(status=409, code="already_sent"),
    "KeyMismatch": Told(status=422, code="idempotency_mismatch"),
    "ChoiceLocked": Told(status=409, code="choice_locked"),
    "BadLink": Told(status=404, code="no_such_link"),
    "StaysShown": Told(status=409, code="stays_shown"),
    "TokenOver": Told(status=401, code="token_over"),
    "TooManyLogins": Told(status=503, code="busy", headers=AGAIN_SOON),
    "PersonError": Told(status=422, code="bad_person"),
    "BadNotify": Told(status=422, code="bad_notify"),
    "StillInProgress": Told(status=409, code="in_progress", headers=AGAIN_SOON),
    "HeldUp": Told(status=503, code="busy", headers=AGAIN_SOON),
    "OutcomeUnknown": Told(status=503, code="outcome_unknown", headers=AGAIN_SOON),
    "ReferenceTaken": Told(status=409, code="reference_taken"),
    "Unplaceable": Told(status=422, code="cannot_place"),
    "CampaignMoved": Told(status=409, code="campaign_moved"),
    "CampaignUnready": Told(status=422, code="campaign_unready"),
    "CampaignError": Told(status=422, code="refused"),
    "StepTooEarly": Told(status=409, code="step_too_early"),
    "CannotUnplug": Told(status=409, code="cannot_unplug"),
    "BadCell": Told(status=422, code="bad_table"),
    "BadColumn": Told(status=422, code="bad_table"),
    "BadSheet": Told(status=422, code="bad_table"),
    "FaultyTable": Told(status=422, code="faulty_table"),
    "ExamplesFail": Told(status=422, code="faulty_table"),
    "TooTangled": Told(status=422, code="faulty_table"),
    "MissingInput": Told(status=422, code="missing_input"),
    "UnknownNotice": Told(status=404, code="unknown_notice"),
    "EngineUnreachable": Told(
        status=503,
        code="database_unavailable",
        detail="the database is not reachable",  # its own sentence names the host
        headers=AGAIN_SOON,
    ),
}


def told(error: Exception) -> Problem | None:
    """Return the problem that a known error becomes, or None for one nobody foresaw."""
    for ancestor in type(error).__mro__:
        if rule := TABLE.get(ancestor.__name__):
            detail = rule.detail or str(error)
            return Problem(
                status=rule.status,
                code=rule.code,
                detail=detail,
                headers=rule.headers,
                facts=getattr(error, "facts", {}),
            )
    return None
