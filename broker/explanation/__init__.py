"""Explains what was decided: for the command line, for the auditors' pages.

`record` takes a recorded decision apart: what was decided of each item, what each ground found, the texts behind.
`missing` tells what would let an item go, `reasons` why a ground does not carry, `questions` what a human is asked.
`again` asks a recorded decision again, under the law of today or of another bundle; `changes` counts what
came otherwise.
`law` is what the law's table says of kinds, `words` are the texts in which all this is said, `details` why a line could
not be used, in Swedish.
"""
