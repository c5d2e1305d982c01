"""What a bench says without being looked at: three tones, a flash for those who do not hear them, and a notice of the
system while the window is not in front."""
