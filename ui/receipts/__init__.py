"""Receipts and labels of submissions, as PDF or printed. Printing again sends nothing again."""
