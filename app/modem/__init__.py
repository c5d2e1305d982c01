"""Phones and modems on serial ports: which ports there are, and what a device says of itself.

Owns the ports and the devices they belong to (ports.py; usb.py and portless.py for devices without one), the AT
language (at.py, command_line.py, finals.py, urcs.py: pure), an open line (line.py, port_errors.py), asking and
answering (session.py, allowed.py), what answers mean (replies/), makers' differences (vendors/) and the order of
questions (probe.py, reading.py). May import `identifiers`, which judges what was read, and what lies below. Knows
nothing of forms, the gate or the journal.
"""
