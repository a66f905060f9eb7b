"""Sends Ethernet frames into the two ends of a bridge and tells which came out at the other end.

For each line of input, a JSON list of [end, hex], answers with a JSON list of the numbers, the last
four bytes of a frame, that arrived. Ends are the interfaces named on the command line.
"""
import json
import os
import select
import socket
import struct
import sys
import time

EVERYTHING = 0x0003
OUTGOING = 4
QUIET_S = 0.12
LIMIT_S = 3

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # frames stay in their order
ends = {}
for name in sys.argv[1:]:
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING))
    end.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
    end.bind((name, EVERYTHING))
    end.setblocking(False)
    ends[name] = end


def drain(seen):
    for end in ends.values():
        while True:
            try:
                frame, where = end.recvfrom(65535)
            except BlockingIOError:
                break
            if where[2] != OUTGOING and len(frame) >= 18:
                seen.add(struct.unpack("!I", frame[-4:])[0])


for line in sys.stdin:
    seen = set()
    drain(set())
    for name, frame in json.loads(line):
        ends[name].send(bytes.fromhex(frame))
        drain(seen)
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        ready, _, _ = select.select(list(ends.values()), [], [], QUIET_S)
        if not ready:
            break
        drain(seen)
    print(json.dumps(sorted(seen)), flush=True)
