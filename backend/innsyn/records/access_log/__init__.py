"""The access log: own readings, helpers' and the health service's look-ups, as one log that can be understood.

Here and not in access/, because a look-up is understood beside the contacts of the record (records > access).
"""
