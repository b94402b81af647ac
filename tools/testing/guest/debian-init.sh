#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# The init of a Debian kernel's initramfs (scripts/lib/debian.sh): it loads what the kernel
# has as modules and needs to see its disks, and starts debian-boot.sh in Debian's root.

/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do
	insmod "/modules/$module"
done </modules/order

# disk SERIAL: sets disk to the one that has it, which may take its time to come
disk()
{
	local serial tries=0

	while [ $tries -lt 100 ]; do
		for serial in /sys/block/vd*/serial; do
			[ "$(cat "$serial" 2>/dev/null)" = "$1" ] || continue
			disk=${serial%/serial}
			disk=/dev/${disk##*/}
			return
		done
		tries=$((tries + 1))
		sleep 0.1
	done
	echo "extmem-guest: there is no disk with the serial number $1"
	poweroff -f
}

disk root
mount -t ext4 "$disk" /root || poweroff -f
# Each kernel's package is a disk of its own, /boot and /lib/modules.
disk kernel
mkdir -p /root/kernel /root/guest "/root/usr/lib/modules/$(uname -r)"
mount -t ext4 "$disk" /root/kernel || poweroff -f
mount -o bind /root/kernel/boot /root/boot
mount -o bind "/root/kernel/lib/modules/$(uname -r)" "/root/usr/lib/modules/$(uname -r)"
mount -t tmpfs -o mode=755 tmpfs /root/guest
cp -a /guest/. /root/guest/
# Programs that come with the guest, where Debian's root has no such file.
[ ! -d /usr ] || cp -a /usr /root/guest/programs
mkdir /root/guest/bin
cp /bin/busybox /root/guest/bin/
for dir in proc sys dev; do
	mount -o move /$dir /root/$dir
done
exec switch_root /root /bin/sh /guest/debian-boot.sh
