"""A batch on a hub: many devices, one job, with or without an order (F7)."""
