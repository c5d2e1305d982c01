"""The .deb, for Debian 12 and Ubuntu 22.04 or newer: package.py makes it, smoke.py tries it.

slim.py leaves the system's libraries to the system, icu.py shortens Qt's tables of languages; control.py says what
dpkg reads, documents.py what people read; files/ holds what is shipped as it stands.
"""
