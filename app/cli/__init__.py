"""The command line: one module a command over the same Workstation as the window.

Data goes to stdout, messages to stderr. Needs no display and imports no Qt, so that it runs on a server and
starts at once. May import everything below it; nothing imports it but the entry point.
"""
