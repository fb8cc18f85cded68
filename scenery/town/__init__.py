"""The sample town: the police area Stockholm Syd and its neighbours, the autumn of 2026.

Authorities are real, except the schools and private parties, whose names begin with "Exempel"; every person is
synthetic.
`python -m scenery.town` writes the three files beside this one: `messages.jsonl`, `authorities.json` and
`expected.jsonl`, where the author says of each line what the law makes of it.
"""
