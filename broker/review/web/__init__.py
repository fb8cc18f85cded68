"""The pages of the auditors' room."""
