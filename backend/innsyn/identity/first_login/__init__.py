"""The first login: terms that have a version, and whom the journal holds as nearest relative."""
