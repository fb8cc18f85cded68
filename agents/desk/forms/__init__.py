"""Forms: what a kind of message can say as questions on a page, and what was typed as a message again; all pure."""
