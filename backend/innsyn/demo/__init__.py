"""Everything on one machine: PostgreSQL, NATS, a stand-in journal and ID-porten, the relay, the worker and the web.

`innsyn demo` starts them in the order they need each other, tells when one can log in, and ends all of them
together. Each is a process of its own, as in production, where only the database, the stream and the stand-ins differ.
"""
