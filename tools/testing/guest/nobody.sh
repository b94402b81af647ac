# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Unprivileged probing (nobody.c): whatever extmem has in the file system, and every call of
# its devices, tried as uid 65534.

. ./lib.sh
. ./stress.sh

mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
# The initramfs is root's alone.
chmod 755 /
chmod 1777 /tmp

plan 8
say "nobody begins"
# Catches: a file that shows more than its mode says, can be written, or has an address.
attack files /guest/nobody files
# Catches: a device that anybody can open.
attack closed /guest/nobody closed
# Catches: a reader who writes, takes buffers, or learns where memory is.
attack readers /guest/nobody readers
attack writers /guest/nobody writers
# Catches: a file that gives more than what it was opened for, and a way to open it again.
attack handed_to_read /guest/nobody handed r
attack handed_to_write /guest/nobody handed w
attack handed_for_both /guest/nobody handed rw
# Catches: an address in a message that somebody without rights has caused.
attack log /guest/nobody log "nobody begins"
finish
