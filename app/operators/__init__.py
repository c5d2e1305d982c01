"""The people who work at a station: who they are, what each may do, and how one proves to be one. Pure.

Imports errors and masked only; the journal keeps them, work/shift.py knows who works now.
"""
