"""What holds for every test."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has its children ignore Ctrl-C; ours must heed it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
