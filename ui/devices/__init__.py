"""The panel of devices at the left of the bench: one card a device. Shows cards, emits what was chosen."""
