"""The frame of the pages: what the desk has in common with the auditors' room, which it knows as a `Site`.

`site` is what a place is asked for by the frame, `settings` what each is told in a file.
`access` says who may open a page, `security` keeps pages from being turned against their reader.
`user` is who comes, `people` keeps them with their sessions in the `database`.
`claims` reads what an identity provider says of them.
`login` lets them in.
`words` are the texts of a place, which come on top of the frame's own.
`render` makes a page of its template, `app` puts the pages together, `serve` serves them.
`faults` is what can go wrong.
"""
