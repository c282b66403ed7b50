"""Diagnoses: what a health professional has concluded, and whether it still holds."""
