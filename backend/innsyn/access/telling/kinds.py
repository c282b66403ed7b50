"""What somebody can be told of, in the words that they choose by."""

from enum import StrEnum
from typing import Final


class Told(StrEnum):
    """One kind of notice. Stored, and part of the keys of texts: never renamed."""

    RESULT = "result"
    DOCUMENT = "document"
    APPOINTMENT = "appointment"
    PRESCRIPTION = "prescription"
    # Anything else that is new in the journal.
    OTHER = "other"
    MESSAGE = "message"
    FORM = "form"
    REMINDER = "reminder"
    # Access that somebody has given, taken up or given back.
    ACCESS = "access"


# Named as records.kinds.Kind; what is not here is Told.OTHER.
OF_ENTRIES: Final = {
    "lab_results": Told.RESULT,
    "imaging": Told.RESULT,
    "notes": Told.DOCUMENT,
    "referrals": Told.DOCUMENT,
    "care_plans": Told.DOCUMENT,
    "encounters": Told.APPOINTMENT,
    "medications": Told.PRESCRIPTION,
}
ENTRIES: Final = (Told.RESULT, Told.DOCUMENT, Told.APPOINTMENT, Told.PRESCRIPTION, Told.OTHER)
