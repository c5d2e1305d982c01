"""Speed and memory, each against its own reference, measured side by side in one run: `python3 dev.py bench [NAME]...`.

A ratio says how much the program adds to what cannot be avoided: the device's own latency, an empty PySide6
window, an idle event loop; or how it compares with another reader on the same simulated device.
"""
