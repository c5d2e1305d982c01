"""The one form, generated from the field table and a workflow's row. Shows a draft, emits what was edited."""
