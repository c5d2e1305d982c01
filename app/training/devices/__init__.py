"""Simulated modems and phones: what each answers, byte by byte, served on loopback TCP.

Owns the personalities (frozen tables of answers), the pure `SimulatedModem` (bytes in, bytes with delays out)
and the `Hub`, which serves any number of them where pyserial opens `socket://127.0.0.1:PORT`. May import the
identifiers' plain records and masking; not the reader, whose peer it is.
"""
