"""Turns this tree into installers: `installer/build.py windows`. No part of the program itself.

metadata.py says what the program is called, everywhere; qtfilter.py which files of Qt it needs; lock.py which
packages; app.spec freezes it; one folder a system makes the package out of the frozen folder. smoke.py tries what was
made, sign_update.py signs the announcement of it; RELEASING.md has them in their order.
"""
