"""Listens to lifecycle events through libvirt's Python binding and its own event loop, one line for each.

Usage: python-events.py URI. Says "listening" when it is, ends when its standard input does.
"""
import sys
import libvirt

uri = sys.argv[1]
ended = False


def lifecycle(connection, domain, event, detail, opaque):
    print(f"{opaque} {domain.name()} {event} {detail}", flush=True)


def input_closed(watch, fd, events, opaque):
    global ended
    ended = True


libvirt.virEventRegisterDefaultImpl()
libvirt.virEventAddHandle(0, libvirt.VIR_EVENT_HANDLE_HANGUP, input_closed, None)
connection = libvirt.open(uri)
connection.domainEventRegisterAny(
    None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lifecycle, "lifecycle"
)
connection.setKeepAlive(5, 3)
print(f"listening alive={connection.isAlive()} type={connection.getType()}", flush=True)
while not ended:
    libvirt.virEventRunDefaultImpl()
connection.close()
