"""The two loops and the one errand between them: devices in, submissions made, submissions out.

Introduces modem, gate, journal and credentials to each other, which do not know one another. Tells the world
through `publish(event)`, a plain callable; knows neither window nor command line.
"""
