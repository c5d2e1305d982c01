"""Sheets of barcodes for the bench: drawn, saved as PDF, printed. Knows labels and codes, not what they stand for."""
