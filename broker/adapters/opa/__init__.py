"""Open Policy Agent: the law in process and on a server."""
