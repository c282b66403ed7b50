"""Queueing what somebody is to be told of, in the transaction that makes it readable for them."""
