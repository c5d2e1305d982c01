"""What is registered and updated, and how a form becomes a submission. Pure: no file, no network, no clock.

Owns the field table, the workflow table, drafts, validation, frozen submissions and the outcomes an attempt
can have. May import identifiers (the checks that fields name) and what lies below; knows nothing of how a
value was read, kept or sent, so that each of those can change alone.
"""
