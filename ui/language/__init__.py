"""The window's languages: English is the source, the others are tables under resources/languages/."""
