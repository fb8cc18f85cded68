"""The auditors' room: pages for those who review what the broker has decided, or run it (`samband review`).

It only reads the broker's tables, and holds no key of the broker's.

`settings` says where the broker's records are, who logs in how. `rights` is what somebody may do.
`room` is what every page is given; `store` keeps users and sessions.
`views` is the one place where whatever somebody looks at is written down.
`texts` are the words of the pages, Swedish next to English, as data.
`web` are the pages, in the frame that `broker.web` is.
"""
