"""The desk: the page of an authority that has no system of its own (`samband desk`).

It runs at the authority, over the agency's side, the same on a broker on this machine as on Kafka.

`settings` says whose desk it is, where the broker and the database are.
`rights` are what somebody who works there may do.
`keys` wraps the keys that contents are sealed with, outside the database.
`store` keeps what came, what is written and what was sent; contents are sealed.
`rounds` is a thread that looks at the broker; `courier` is a desk's.
`bell` says when something waits with nobody there for it.
`intake` is that of the public's page.
`preview` tells what would become of a draft, `trial` asks the law for it.
`forms` are the kinds of messages as fields, a posted form as a message.
`texts` are the words of the pages, Swedish and English, as data.
`web` are the pages, in the frame that `broker.web` is.
`desk` is what every page is given.
`command` starts it.
"""
