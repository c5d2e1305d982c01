"""How the journal is kept, in the window: its recovery code, a lost key, a passphrase, the choice where no keyring
works. `keeper.py` decides which panel is shown; the panels ask and tell."""
