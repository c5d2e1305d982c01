"""The bench: devices at the left, the form in the middle, what it means and the one action at the right.

`desk` holds which draft is in hand, `checks` what stands beside it and `next_step` what the button says; they
know no widget. `panels` arranges, `sending` and `recall` carry to the station and back, `page` connects them.
Imports devices, form and the kit; knows nothing of the log and the settings.
"""
