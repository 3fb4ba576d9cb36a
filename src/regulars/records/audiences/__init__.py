"""A segment frozen on a day, with the arm each person was drawn into."""
