"""Searching in a terminology that is too large to stand in a form: medicines, diagnoses, procedures."""
