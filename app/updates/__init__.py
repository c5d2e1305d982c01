"""Whether there is a newer version: a signed announcement is fetched and believed only where its signature is right.

Owns the announcement (what it holds, how it is signed) and the check. May import gate, for its way through proxies and
certificates, and what lies below. Nothing here downloads or installs a program: `look()` gives a Release, and who asked
shows its page. That is the seam for an updater such as WinSparkle or Sparkle: it takes a Release in the place of the
browser (ui/updates.py hands one to `opened`); see decisions/011-updates.md.
"""
