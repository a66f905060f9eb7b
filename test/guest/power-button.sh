#!/bin/sh
# What acpid runs when the power button is pressed.
echo "vireo-guest power button" >/dev/console
sync
poweroff -f
