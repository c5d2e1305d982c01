"""The API token and the key of the audit trail, in the keyring of the operating system.

Owns where a secret is kept and what is said when it cannot be: `Vault` is the way in. Never a file: where no
keyring works, the secret lives in memory for the session and that is said plainly.
May import errors, masked and seams only, because a secret must not reach settings, logs or paths. keyring is
imported inside functions: it costs a third of the start-up time, and only this package may meet its errors.
"""
