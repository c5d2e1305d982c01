"""What an answer says: pure functions from a Reply to a value, one module a kind of value.

May import at.py and `identifiers` (which judge what an IMEI or an ICCID is). A value is taken only where both
its label and its shape fit; an error, an announcement or the answer to another command is no value.
"""
