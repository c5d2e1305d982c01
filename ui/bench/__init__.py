"""The bench: devices at the left, the form in the middle, what it means and the one action at the right.

`desk` holds which draft is in hand and `checks` what stands beside it; both know no widget. `page` puts the
panels together. Imports devices, form and the kit; knows nothing of the log and the settings.
"""
