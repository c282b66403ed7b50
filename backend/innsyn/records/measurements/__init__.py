"""Measurements: blood pressure, weight, scores, habits: what was observed outside the laboratory."""
