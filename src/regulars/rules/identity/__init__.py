"""Names, phones, mails: cleaning and keys for finding."""
