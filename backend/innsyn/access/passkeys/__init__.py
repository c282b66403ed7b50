"""The citizen's own passkeys: which there are, a new one, one less."""
