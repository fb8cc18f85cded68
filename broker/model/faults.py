"""What is wrong with the set-up of a command."""


class SetUpError(Exception):
    """A fault that whoever runs the command can mend: its text is one line, with what to do."""
