"""Vaccinations: given, or not given with the reason."""
