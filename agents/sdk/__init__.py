"""An authority reached by Säker digital kommunikation: it keeps the message client that it has (`samband sdk`).

What comes for it from Samband goes to its function addresses; what it answers becomes a draft at its desk, or where it
is structured a message. The access point is somebody else's: here is the client of a message service (API MT/MK).

`xml` reads what others send. `message`, `kvittens` are the published formats. `client` is the way to the service.
`settings` says whose it is. `addressbook` is who can be reached, as the common address book has it.
`structured` is a message of Samband as XML. `compose` writes a line of the inbox as a message of SDK, `arrivals` makes
a draft of what comes. `state` keeps what has been handed over. `bridge` does it, in turns. `texts` are its words.
`command` starts it.
"""
