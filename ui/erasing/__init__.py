"""Taking a person out of the journal: find by an identifier, see what is known, erase. Reached from the log."""
