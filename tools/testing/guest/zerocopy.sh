# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Disks, rings, pipes and sockets move a region's bytes, or are refused (zerocopy.c). The
# host compares what is on the disk then.

. ./lib.sh
. ./stress.sh

mkdir /tmp/disk
for disk in /sys/block/vd*; do
	[ "$(cat "$disk/serial")" != zerocopy ] || mount -t ext4 "/dev/${disk##*/}" /tmp/disk
done
grep -q ' /tmp/disk ' /proc/mounts || note 'no disk'
ip link set lo up 2>/dev/null || ifconfig lo up

yes= no=
for name in $names; do
	wanted "$name" direct_io
	case $name:$wanted_value in
	*.*) ;;
	log-*:yes) ;;	# it has no room for it
	*:yes) yes="$yes $name" ;;
	pool:* | ring-pool:*) ;;
	*) no="$no $name" ;;
	esac
done
# Before Linux 6.5 a ring registers no buffer of a file's mapping, whosever it is. What is not
# registered moves all the same, and others can hold pages.
jobs='direct uring splice tcp' unbind=unbind
release=$(uname -r)
minor=${release#*.}
minor=${minor%%[!0-9]*}
if [ "${release%%.*}" -lt 6 ] || { [ "${release%%.*}" = 6 ] && [ "$minor" -lt 5 ]; }; then
	jobs='direct ring splice tcp' unbind=unbind-pipe
fi
old=$(echo "$jobs" | grep -cw ring)

# shellcheck disable=SC2086 # lists
set -- $yes $no
plan $(($# + (4 + old) * $(echo "$yes" | wc -w) + 2))
for name in $yes; do
	for job in $jobs; do
		attack "$job.$name" /guest/zerocopy "$job" "$name" /tmp/disk/in "/tmp/disk/$job.$name"
	done
	[ "$old" = 0 ] || skip "uring.$name" 'before Linux 6.5 no ring registers a mapping of a file'
	attack "$unbind.$name" /guest/zerocopy $unbind "$name"
done
for name in $no; do
	attack "refused.$name" /guest/zerocopy refused "$name" /tmp/disk/in /tmp/disk/refused
done
# Catches: a how-to that does not work.
cat /tmp/disk/in >/dev/extmem/capture
attack tutorial.capture /guest/tutorial_capture /dev/extmem/capture /tmp/disk/tutorial.capture 1048576
# Catches: another region's bytes, or none, because nothing came to the disk.
umount /tmp/disk
result $? umount
finish
