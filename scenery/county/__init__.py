"""A generated county: a month of messages in realistic proportions, and what the law makes of each.

`python -m scenery.county --county 01 --days 30 --seed 7 --out DIR` writes `messages.jsonl`, `authorities.json` and
`expected.jsonl`. The same seed gives the same bytes. Authorities are real, except schools and private parties, whose
names begin with "Exempel"; every person is synthetic.

Stories tell what happens (`stories_*`, `scenes*`), `month` sets the time, `generate` merges them into one stream. What
is expected of a line never comes from the broker: the modules `oracle*` read the contract and the statutes for
themselves, one function a ground or kind, and raise `Unclear` where the contract leaves an outcome open.
"""
