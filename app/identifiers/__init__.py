"""Identifiers of devices, SIM cards and networks: what they mean, whether they can be right, how they read aloud.

Owns one module a kind (check and group), the verdict a check gives, the record of one device's identifiers
and the table of networks. May import `resources` (the network tables are data) and what lies below
(masking); knows nothing of modems, forms or the gate, so that the reader, the form and the command line
judge one text alike. Pure: no port, no clock, no network.
"""
