"""Evidence archives as a stranger gets them: a folder or ZIP file, with a page that verifies it without a network."""
