"""The training station: simulated devices and a local gate that behave as the real ones do, faults included.

Owns what stands in for the world outside: `devices` (modems and phones on loopback) and `gate` (the API on
loopback). Staff learn on it, the demonstration runs on it, and the tests use it as their peer. It may import
everything below it, but the simulated devices and the gate need the identifiers, masking and nothing else: a
stand-in that shared code with the reader or the client would share its mistakes.
"""
