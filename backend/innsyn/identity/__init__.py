"""Who is here: the ID-porten login, sessions, persons and their identifiers."""
