"""The kinds of entries, in the order that a citizen meets them. A kind is named as its folder and its path."""

from enum import StrEnum


class Kind(StrEnum):
    """One kind of entry."""

    LAB_RESULTS = "lab_results"
    MEASUREMENTS = "measurements"
    IMAGING = "imaging"
    MEDICATIONS = "medications"
    NOTES = "notes"
    ALLERGIES = "allergies"
    DIAGNOSES = "diagnoses"
    VACCINATIONS = "vaccinations"
    PROCEDURES = "procedures"
    ENCOUNTERS = "encounters"
    REFERRALS = "referrals"
    CARE_PLANS = "care_plans"
    CARE_TEAM = "care_team"
