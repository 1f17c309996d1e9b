"""Runs a program on a pseudo-terminal: terminal.py plain|editing PROGRAM ARGUMENT..."""

import fcntl
import os
import pty
import struct
import sys
import termios

editing = sys.argv[1] == "editing"
environment = dict(os.environ, TERM="xterm" if editing else "dumb", LC_ALL="C.UTF-8")
process, terminal = pty.fork()
if process == 0:
    os.execve(sys.argv[2], sys.argv[2:], environment)

fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
shown = b""


def wait_for(text, times=1):
    global shown
    while shown.count(text) < times:
        shown += os.read(terminal, 65536)


wait_for(b"connected")
with open(f"/proc/{process}/fdinfo/0") as info:
    flags = int(info.read().split("flags:")[1].split()[0], 8)
    assert not flags & os.O_NONBLOCK, "the terminal does not wait any more"

if editing:
    # Deletes a letter and completes the line; then recalls the line from the history and appends to it.
    os.write(terminal, "Gr\u00fc\u00dfex\x7f\n".encode())
    wait_for("< text   Gr\u00fc\u00dfe\r".encode())
    os.write(terminal, b"\x1b[A an alle\n")
    wait_for("< text   Gr\u00fc\u00dfe an alle\r".encode())
    wait_for("> text   Gr\u00fc\u00dfe an alle\r".encode())
else:
    # The terminal echoes the input, and the program prints it once more when it comes back. The escape would move the
    # cursor.
    os.write(terminal, "Gr\u00fc\u00dfe\n".encode())
    wait_for("Gr\u00fc\u00dfe".encode(), times=2)
    os.write(terminal, b"\x1b[2Jgone\n")
    wait_for(b"\\x1b[2Jgone")
os.write(terminal, b"\x03")
wait_for(b"closed: 1000 (normal)")
_, status = os.waitpid(process, 0)
sys.exit(os.waitstatus_to_exitcode(status))
