"""Scanning: what a scanned text means, from its own words, check digits and form.

Owns the reading of labels, of GS1 strings, of bare numbers, and the table of command barcodes. `reading.read` is the
one way in: a text and the station's rules in, a meaning out. Knows identifiers; knows no form, no device and no
window, so that a label means the same on every page. Pure: it never guesses silently, what can be two things is
handed out as a question.
"""
