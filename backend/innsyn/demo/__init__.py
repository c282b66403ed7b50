"""Everything on one machine: PostgreSQL, a stand-in journal and ID-porten, the worker and the web.

`innsyn demo` starts them in the order they need each other, tells when one can log in, and ends all of them
together. Each is a process of its own, as in production, where only the database and the stand-ins differ.
"""
