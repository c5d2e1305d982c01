"""The real program, killed, suspended and set in another time at random moments, at a gate and on a network that fail
in every way: `python3 dev.py soak [ROUNDS] [SEED]`.

troubles.py has the table of what goes wrong, rounds.py does it, history.py judges what the program said and kept
against what the gate saw.
"""
