"""A passkey is made on somebody's device, and opens the door (Web Authentication, W3C, level 3).

The device asks for a finger, a face or a PIN before it answers, so a passkey is what she has and what she is: it opens
the door by itself, and after a password in place of a code.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from regulars.journeys.sign_in import same_person
from regulars.records.access_log.actions import note_deed, note_denial
from regulars.records.staff.access import SignedIn, asker_of, signed_in
from regulars.records.staff.factors import factors_of, roles_asked
from regulars.records.staff.passkeys import (
    drop_passkey,
    hold_passkeys,
    keep_passkey,
    note_use,
    passkey_with,
    passkeys_of,
)
from regulars.records.staff.tries import forgive, take_turn
from regulars.rules.permission.asking import Asker
from regulars.rules.permission.errors import BadInput, Denied, NotThere

VERIFIED: Final = UserVerificationRequirement.REQUIRED
#: What the library says of an answer that does not hold, and what its readers raise over one that is no answer at all.
BROKEN: Final = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Site:
    """Who we are to the browser: the domain a passkey is bound to, and the origins it may be used from."""

    domain: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser hands to the device (JSON), and the challenge its answer must be to."""

    options: str
    challenge: bytes


def ask_for_new(
    staff: SignedIn, password: str, *, site: Site, name: str, address: str, at: datetime
) -> Asked:  # fmt: skip
    """What makes a new passkey on her device; BadInput for a wrong password: a browser left open is not the person."""
    same_person(staff, password, address, at)
    known = [PublicKeyCredentialDescriptor(id=one.credential) for one in passkeys_of(staff.id)]
    options = generate_registration_options(
        rp_id=site.domain,
        rp_name=name,
        user_id=f"staff {staff.id}".encode(),
        user_name=staff.username,
        user_display_name=staff.full_name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=known,
    )
    return Asked(options_to_json(options), options.challenge)


def keep_new(staff: SignedIn, answer: str, *, challenge: bytes, site: Site, label: str, at: datetime) -> None:
    """The new passkey opens the door from now on; BadInput `passkey_not_made` for an answer that does not hold."""
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.domain,
            expected_origin=list(site.origins), require_user_verification=True,
        )  # fmt: skip
    except BROKEN as error:
        raise BadInput("passkey_not_made") from error
    if passkey_with(made.credential_id) is not None:
        raise BadInput("passkey_not_made")
    with transaction.atomic():
        keep_passkey(
            staff.id, credential=made.credential_id, public_key=made.credential_public_key, uses=made.sign_count,
            label=label, at=at,
        )  # fmt: skip
        _note(staff, "passkey made")


def ask_to_sign_in(site: Site) -> Asked:
    """What any passkey of ours can answer; it says nothing about who has one."""
    options = generate_authentication_options(rp_id=site.domain, user_verification=VERIFIED)
    return Asked(options_to_json(options), options.challenge)


def enter(answer: str, *, challenge: bytes, site: Site, address: str, at: datetime) -> SignedIn | None:
    """Who this is; None when the answer does not hold or the passkey is nobody's. Denied `too_many_tries`."""
    take_turn(at=at, address=address)
    staff = _proved(answer, challenge, site, at)
    if staff is None:
        note_denial(Asker("", "stranger", "none", "none"), door="sign_in", because="wrong passkey")
        return None
    forgive(at=at, address=address)
    return staff


def put_away(staff: SignedIn, passkey_id: int, password: str, *, address: str, at: datetime) -> None:
    """That passkey of hers opens nothing any more; NotThere when she has none such, BadInput for a wrong password,
    Denied where her role must have a second step and this is the last."""
    same_person(staff, password, address, at)
    with transaction.atomic():
        others = hold_passkeys(staff.id) - {passkey_id}
        if not others and must_keep_one(staff):
            raise Denied("second_factor_is_asked")
        if not drop_passkey(staff.id, passkey_id):
            raise NotThere("passkey_not_there")
        _note(staff, "passkey taken away")


def must_keep_one(staff: SignedIn) -> bool:
    """Whether her role asks for a second step, and she has no app beside her passkeys."""
    return bool(roles_asked() & set(staff.roles)) and factors_of(staff.id).app_since is None


def _proved(answer: str, challenge: bytes, site: Site, at: datetime) -> SignedIn | None:
    """The library refuses a counter that did not grow: then there are two of the device. Of two answers that come at
    once with the same count, one is counted."""
    try:
        known = passkey_with(parse_authentication_credential_json(answer).raw_id)
        if known is None:
            return None
        proof = verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.domain,
            expected_origin=list(site.origins), credential_public_key=known.public_key,
            credential_current_sign_count=known.uses, require_user_verification=True,
        )  # fmt: skip
    except BROKEN:
        return None
    counted = note_use(known.id, before=known.uses, uses=proof.new_sign_count, at=at)
    return signed_in(known.staff_id) if counted else None


def _note(staff: SignedIn, what: str) -> None:
    note_deed(
        asker_of(staff, staff.roles[0]), deed="right", subject="staff", detail={"who": staff.username, "what": what}
    )
