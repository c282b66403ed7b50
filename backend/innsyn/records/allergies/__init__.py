"""Allergies and critical information: what everybody who treats this person must know."""
