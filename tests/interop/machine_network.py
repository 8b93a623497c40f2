"""A network of one's own, for tests of what a virtual machine finds at 169.254.169.254: only loopback is there, and what this
program puts at that address. It needs the unshare command and a kernel that lets users make such networks.
"""
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading

METADATA = "169.254.169.254"
INSIDE = "LEAFSEAL_TEST_NETWORK"
SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8914, 0x8916, 1


def enter():
    """Runs this very program again, in a network of its own. False where that cannot be had."""
    if os.environ.get(INSIDE):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
            fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
            address = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(METADATA))
            fcntl.ioctl(control, SIOCSIFADDR, struct.pack("16s16s8x", b"lo:1", address))
        return True
    unshare = shutil.which("unshare")
    if not unshare or subprocess.run([unshare, "-rn", "true"], capture_output=True).returncode != 0:
        return False
    os.environ[INSIDE] = "1"
    os.execv(unshare, [unshare, "-rn", sys.executable, *sys.argv])


def serve(port):
    """Connections to the metadata address reach this port of loopback."""
    listener = socket.create_server((METADATA, 80))

    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def accept():
        while True:
            client = listener.accept()[0]
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=pump, args=(client, server), daemon=True).start()
            threading.Thread(target=pump, args=(server, client), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
