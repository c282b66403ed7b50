"""Passkeys: a device is unlocked by its owner, where that person has logged in with ID-porten lately."""
