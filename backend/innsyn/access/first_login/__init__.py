"""The first login: terms to agree to, a language, and a look at whom the journal holds as nearest relative."""
