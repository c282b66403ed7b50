"""Test results: what was analysed, with its reference range, alone or as a panel."""
