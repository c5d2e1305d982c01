"""The log as a spreadsheet: what the log shows now, masked, with a row in the audit trail. Reached from the log."""
