"""The auditors' room: pages for those who review what the broker has decided, or run it (`samband review`).

It only reads the broker's tables, and holds no key of the broker's; it writes a log of its own, with its own keys.

`settings` says where the broker's records are, who logs in how. `rights` is what somebody may do.
`room` is what every page is given; `store` keeps users and sessions.
`views` is the one place where whatever somebody looks at is written down; `telling` is when an authority is told of it.
`sampling` draws what is reviewed, which anybody can draw again; `campaign` is a review from plan to signed summary.
`whatif` asks another law of what was decided, before it is installed.
`subject` is all that was exchanged about one person; `extract` is what of it is handed out.
`figures` counts, as the yearly report does, over other months.
`texts` are the words of the pages, Swedish next to English, as data.
`web` are the pages, in the frame that `broker.web` is.
"""
