"""Cinterion, Gemalto, Thales (BGS2, EHS6, PLS8, MV31). Sources: Cinterion EHS6 AT Command Set 04.001 (^SCID
13.6, ^SCKS 13.7).
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Cinterion",
    match=r"cinterion|gemalto|thales|siemens",
    iccid=("AT^SCID",),
    sim_state=("AT^SCKS?",),
)
