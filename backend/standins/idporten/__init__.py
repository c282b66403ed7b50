"""A stand-in for ID-porten: a real OpenID provider on this machine, for synthetic people only.

It answers as ID-porten does (same endpoints, claims, lifetimes and refusals; see `metadata.py`) and leaves
out what Innsyn does not use: refresh tokens, signed request objects, client secrets.

The protocol is Authlib's: its server side has had many eyes, and a provider written by the same hands as
the client would share the client's mistakes. Authlib's server is made for Flask, so this is a Flask
application, wrapped with asgiref and served by uvicorn, which the application uses as well: one process to
start and to stop. asgiref runs every request on one and the same thread, so that what is kept in memory
needs no locks.

Everything is forgotten when it stops, the signing key too. `python -m standins.idporten.rotate ISSUER` changes
the key while it runs.
"""
