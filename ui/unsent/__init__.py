"""What a shift leaves behind: on the screen, and on a sheet to hand over."""
