"""The book of passkeys: whose device has which, by its public half."""

from dataclasses import dataclass
from datetime import datetime

from regulars.records.staff.models import StaffPasskey


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey; `uses` is the device's own counter (0 where it keeps none)."""

    id: int
    staff_id: int
    credential: bytes
    public_key: bytes
    uses: int
    label: str
    made_at: datetime
    used_at: datetime | None


def passkeys_of(staff_id: int) -> list[Passkey]:
    """Hers, oldest first."""
    return [_passkey(one) for one in StaffPasskey.objects.filter(staff_id=staff_id).order_by("id")]


def passkey_with(credential: bytes) -> Passkey | None:
    """The passkey of that credential, whoever's it is; None when nobody has it."""
    found = StaffPasskey.objects.filter(credential=credential).first()
    return _passkey(found) if found else None


def keep_passkey(staff_id: int, *, credential: bytes, public_key: bytes, uses: int, label: str, at: datetime) -> None:
    """It opens the door for her from now on."""
    StaffPasskey.objects.create(
        staff_id=staff_id, credential=credential, public_key=public_key, uses=uses, label=label, made_at=at
    )


def note_use(passkey_id: int, *, before: int, uses: int, at: datetime) -> bool:
    """It was used just now; False when somebody used it since the counter stood so, or it was taken away."""
    return bool(StaffPasskey.objects.filter(id=passkey_id, uses=before).update(uses=uses, used_at=at))


def hold_passkeys(staff_id: int) -> frozenset[int]:
    """The ids of hers, which nobody else takes away before this transaction has ended."""
    return frozenset(StaffPasskey.objects.select_for_update().filter(staff_id=staff_id).values_list("id", flat=True))


def drop_passkey(staff_id: int, passkey_id: int) -> bool:
    """That passkey of hers opens nothing any more; False when she has none such."""
    return bool(StaffPasskey.objects.filter(staff_id=staff_id, id=passkey_id).delete()[0])


def _passkey(one: StaffPasskey) -> Passkey:
    credential, public_key = bytes(one.credential), bytes(one.public_key)
    return Passkey(one.id, one.staff_id, credential, public_key, one.uses, one.label, one.made_at, one.used_at)
