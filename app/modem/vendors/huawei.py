"""Huawei (E-series sticks, K-series, ME909). Sources: HUAWEI ME909s AT Command Interface Specification (^ICCID
5.8, ^SYSINFO 10.1); recorded logs of E1550, E1752, E173, K3520, K3715. The value may be quoted and swapped.
"""

from app.modem.vendors.profile import Profile

PROFILE = Profile(
    name="Huawei",
    match=r"huawei",
    iccid=("AT^ICCID?", "AT^ICCID"),
    sim_state=("AT^SYSINFO",),
)
