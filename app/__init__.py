"""Gate Station without its window: from a cable to the gate.

    cable                                                         operator
      |                                                              | edits
    PortSeen --> probe --> Identity ------------------> Draft <------+
    modem/ports  modem/    identifiers/                 provisioning/draft
                 probe     (each value + the command     | validation: all problems at once, by field
                           behind it)                    v
                                              Submission (frozen bytes, own id, time)
                                                         | one transaction
                                                         v
                       journal/outbox --> work/dispatch --> gate/client --> HTTP API
                             ^                                   |
                             +------------- Outcome -------------+

Facts go forward as frozen records. A submission is in the journal before its first byte leaves, and its outcome
is there before a screen says so: the journal is the truth, the screen shows the journal.

Imports go one way (kept by .importlinter): cli -> training -> assembly -> work -> modem | gate | journal |
credentials -> provisioning | scanning -> identifiers -> settings | logs | paths -> errors | masked | seams.
Nothing here imports Qt.
"""

__version__ = "0.1.0"
