"""What streams bring: events of web, app, till and meter, whose they are, and the keys they come with."""
