"""The doctor page: what the station stands on, one line a check, each with its fix. Shows the lines of app.work.doctor.

May import the kit, the doorway to background work and the doctor's words; the checks themselves and what they bring
along are loaded on the thread that runs them.
"""
