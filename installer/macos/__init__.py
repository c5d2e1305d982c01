"""macOS: the application in a disk image, signed and notarized where an identity is given.

package.py makes it, dmg.py is its layout, smoke.py tries what was built. None of it has run on a Mac yet.
"""
