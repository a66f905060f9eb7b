"""Sends packets from guests, from outside and from the host itself, and tells where each came out.

    network_packets.py PID END...

PID is a process in the network namespace whose interfaces END are. For each line of input, a JSON
list of [place, hex], answers with a JSON list of [number, place, hex]: the last four bytes of a
packet are its number. At an END a packet is an Ethernet frame. `host` is this namespace: sent from
there, as `host:DEVICE` or `host`, it is an IP packet; taken there, what the firewall let in, without
IPv6's header.
"""
import ctypes
import json
import os
import select
import socket
import struct
import sys
import time

EVERYTHING = 0x0003
OUTGOING = 4
QUIET_S = 0.25
LIMIT_S = 5
BINDTODEVICE = 25
RCVBUFFORCE = 33
IPV6_HDRINCL = 36
PROTOCOLS = (1, 6, 17, 253)
PROTOCOLS6 = (58, 6, 17, 253)

libc = ctypes.CDLL(None, use_errno=True)


def enter(path):
    place = os.open(path, os.O_RDONLY)
    if libc.setns(place, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns " + path)
    os.close(place)


def ready(one):
    one.setsockopt(socket.SOL_SOCKET, RCVBUFFORCE, 64 << 20)
    one.setblocking(False)
    return one


pid, names = sys.argv[1], sys.argv[2:]
places = {}
own = os.open("/proc/self/ns/net", os.O_RDONLY)
enter("/proc/%s/ns/net" % pid)
for name in names:
    end = ready(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING)))
    end.bind((name, EVERYTHING))
    places[end] = name
if libc.setns(own, 0) != 0:
    raise OSError(ctypes.get_errno(), "setns")
for family, protocols in ((socket.AF_INET, PROTOCOLS), (socket.AF_INET6, PROTOCOLS6)):
    for protocol in protocols:
        places[ready(socket.socket(family, socket.SOCK_RAW, protocol))] = "host"
ends = {name: end for end, name in places.items()}


def send_from_host(packet, device):
    version = packet[0] >> 4
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    with socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_RAW) as out:
        if version == 4:
            out.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
            out.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            target = (socket.inet_ntop(family, packet[16:20]), 0)
        else:
            target = (socket.inet_ntop(family, packet[24:40]), 0)
        if device:
            out.setsockopt(socket.SOL_SOCKET, BINDTODEVICE, device.encode())
        try:
            out.sendto(packet, target)
        except PermissionError:
            pass  # the firewall's word


def drain(seen):
    for end, name in places.items():
        while True:
            try:
                packet, where = end.recvfrom(65535)
            except BlockingIOError:
                break
            if name != "host" and where[2] == OUTGOING:
                continue
            if len(packet) >= 12:
                seen.append([struct.unpack("!I", packet[-4:])[0], name, packet.hex()])


for line in sys.stdin:
    seen = []
    drain([])
    for place, data in json.loads(line):
        if place.startswith("host"):
            send_from_host(bytes.fromhex(data), place[5:])
        else:
            ends[place].send(bytes.fromhex(data))
        drain(seen)
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        there, _, _ = select.select(list(places), [], [], QUIET_S)
        if not there:
            break
        drain(seen)
    print(json.dumps(seen), flush=True)
