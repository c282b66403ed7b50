"""Imaging: reports of radiology, and the examinations that they are about."""
