"""Makes the kernel forget every connection of this network namespace."""
import socket
import struct

NETFILTER = 12
DELETE = (1 << 8) | 2  # of connections
REQUEST_AND_ANSWER = 5

kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETFILTER)
kernel.bind((0, 0))
kernel.send(struct.pack("=IHHIIBBH", 20, DELETE, REQUEST_AND_ANSWER, 1, 0, 0, 0, 0))
error = struct.unpack("=i", kernel.recv(4096)[16:20])[0]
if error:
    raise OSError(-error, "cannot forget connections")
