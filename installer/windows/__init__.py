"""Windows: setup.exe (NSIS, for one user) and an MSI (for the computer), out of the frozen folder.

package.py makes both; app.nsi and msi.py are what they do. wine.py is Windows on Linux, for builds and tests only, and
smoke.py tries what was built there; real.py tries it on a real Windows.
"""
