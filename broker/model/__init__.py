"""What all rooms speak: the words, the envelope, the parts of a message, decisions and receipts."""
