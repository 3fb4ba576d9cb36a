"""Files and lists of people that left the house: who took them, what for, until when, and what marks each."""
