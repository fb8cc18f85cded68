"""The agency side: those who send to the broker and read their inboxes."""
