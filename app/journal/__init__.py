"""What was entered, what became of it, and the proof of both: one SQLite file that is the station's truth.

Owns the schema, the submissions with their states and attempts, the state of the link to the gate, the
lease of the one deliverer and the audit chain. `Journal` in outbox.py is the way in. May import provisioning
(the shapes it keeps) and what lies below; knows nothing of the network, of serial ports or of the keyring,
because what is on disk must not depend on how it got there. The database driver is met in driver.py alone.
"""
