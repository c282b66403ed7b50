"""What the page of each kind shows, as the Struct that its projection wrote."""

from collections.abc import Mapping
from typing import Final

import msgspec

from innsyn.records.allergies.views import Allergy
from innsyn.records.care_plans.views import Plan
from innsyn.records.care_team.views import Team
from innsyn.records.diagnoses.views import Diagnosis
from innsyn.records.encounters.views import Contact
from innsyn.records.imaging.views import Imaging
from innsyn.records.kinds import Kind
from innsyn.records.lab_results.views import LabResult
from innsyn.records.measurements.views import Measurement
from innsyn.records.medications.views import Medication
from innsyn.records.notes.views import Note
from innsyn.records.procedures.views import ProcedureDone
from innsyn.records.referrals.views import Referral
from innsyn.records.vaccinations.views import Vaccination

DETAILS: Final[Mapping[Kind, type[msgspec.Struct]]] = {
    Kind.LAB_RESULTS: LabResult,
    Kind.MEASUREMENTS: Measurement,
    Kind.IMAGING: Imaging,
    Kind.MEDICATIONS: Medication,
    Kind.NOTES: Note,
    Kind.ALLERGIES: Allergy,
    Kind.DIAGNOSES: Diagnosis,
    Kind.VACCINATIONS: Vaccination,
    Kind.PROCEDURES: ProcedureDone,
    Kind.ENCOUNTERS: Contact,
    Kind.REFERRALS: Referral,
    Kind.CARE_PLANS: Plan,
    Kind.CARE_TEAM: Team,
}
