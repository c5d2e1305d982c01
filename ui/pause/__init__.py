"""The queue stands because the gate refuses the station: the notice of it, and the page for a new token."""
