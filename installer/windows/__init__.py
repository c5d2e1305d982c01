"""Windows: setup.exe (NSIS, for one user) out of the frozen folder.

package.py makes it; app.nsi is what it does. wine.py is Windows on Linux, for builds and tests only.
"""
