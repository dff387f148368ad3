"""Whether a parcel comes later than was promised. Pure."""

from orders_core.parcels.parcel import Parcel, ParcelStatus


def is_late_now(parcel: Parcel) -> bool:
    """Say whether a parcel is expected later than promised, and is not here yet."""
    promised, expected = parcel.promised_at, parcel.expected_at
    is_here = parcel.status is ParcelStatus.DELIVERED
    return not is_here and promised is not None and expected is not None and expected > promised
