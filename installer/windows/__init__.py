"""Windows: setup.exe (NSIS, for one user) and an MSI (for the computer), out of the frozen folder.

package.py makes both; app.nsi and msi.py are what they do. smoke.py tries the setup on a Windows. wine.py is Windows on
Linux, for builds and tests only, where wine_smoke.py tries both.
"""
