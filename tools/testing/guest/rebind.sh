# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# Each device is unbound and bound again 100 times, or $rounds from the kernel's command
# line, twice over: afterwards everything is as it was, and the second time has left
# nothing behind.

. ./lib.sh

rounds=${rounds:-100}
# kB that may be gone after the second time: well below a small object a round.
tolerance=64

# device_of REGION: sets device, the platform device that it hangs on
device_of()
{
	device=$(readlink -f "$class/$1/device")
	device=${device##*/}
}

# gone REGION...: neither in sysfs nor in /proc/iomem
gone()
{
	local name

	for name in "$@"; do
		[ ! -e "$class/$name" ] || { note "$name is still in sysfs"; return 1; }
		! grep -q " : $name\$" /proc/iomem || { note "$name is still in /proc/iomem"; return 1; }
	done
}

# once DEVICE: unbind and bind it, looking closely. Catches: a region or a claim that
# stays behind, or does not come back.
once()
{
	local name status=0

	of_device=
	for name in $names; do
		device_of "$name"
		[ "$device" != "$1" ] || of_device="$of_device $name"
	done
	[ "$of_device" ] || { note "$1: no region hangs on it"; return 1; }
	echo "$1" >"$driver/unbind" || return 1
	# shellcheck disable=SC2086 # a list
	gone $of_device || status=1
	echo "$1" >"$driver/bind" || return 1
	for name in $of_device; do
		compare "$name" || status=1
	done
	# shellcheck disable=SC2086 # a list
	claims $of_device || status=1
	return $status
}

# many DEVICE. Catches: what runs out (ids, minors, address space, a CMA area).
many()
{
	local i=0

	while [ $i -lt $rounds ]; do
		if ! echo "$1" >"$driver/unbind" || ! echo "$1" >"$driver/bind"; then
			note "$1: failed in round $i"
			return 1
		fi
		i=$((i + 1))
	done
}

bound_devices()
{
	local link

	for link in "$driver"/*; do
		[ -L "$link" ] && [ -e "$link/of_node" ] && echo "${link##*/}"
	done
}

# measure FILE: what a leak would change
measure()
{
	echo 3 >/proc/sys/vm/drop_caches
	# What is freed after a grace period, and address space that is freed lazily.
	sleep 2
	awk '/^(MemFree|SUnreclaim|CmaFree|VmallocUsed|Percpu):/ { print $1, $2 }' /proc/meminfo >"$1"
	echo "claims: $(wc -l </proc/iomem)" >>"$1"
}

# Catches: an object, a mapping, a claim or a page that is not given back.
nothing_lost()
{
	local key before after lost limit status=0

	while read -r key before; do
		after=$(sed -n "s/^$key //p" /tmp/after)
		case $key in
		MemFree: | CmaFree:)	lost=$((before - after)) ;;
		*)			lost=$((after - before)) ;;
		esac
		case $key in
		CmaFree: | claims:)	limit=0 ;;
		MemFree:)		limit=$((4 * tolerance)) ;;
		*)			limit=$tolerance ;;
		esac
		note "$key $before before, $after after"
		[ "$lost" -le "$limit" ] ||
			{ note "$key $lost lost, and no more than $limit may be"; status=1; }
	done </tmp/before
	return $status
}

# The kernel tells of each use of a pool, which makes hundreds of lines.
dmesg -n 5
devices=$(bound_devices)
# What udev keeps of each device that it has seen is not the kernel's, but counts as its memory.
# It takes longer over a device than the kernel, too.
[ ! -x /usr/bin/udevadm ] || /usr/bin/udevadm control --exit
# shellcheck disable=SC2086 # a list
set -- $devices
plan $(($# + 4))
for name in "$@"; do
	once "$name" && many "$name"
	result $? "$name"
done

measure /tmp/before
for name in "$@"; do
	many "$name"
done
measure /tmp/after
same 'the devices' "$devices" "$(bound_devices)"
result $? devices
status=0
for name in $names; do
	compare "$name" || status=1
done
result $status facts_afterwards
if grep -q ' kasan_quarantine_put$' /proc/kallsyms; then
	skip nothing_lost 'KASAN keeps for a while what was freed'
else
	nothing_lost
	result $? nothing_lost
fi
if [ -e /sys/kernel/debug/kmemleak ]; then
	echo scan >/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	same kmemleak '' "$(cat /sys/kernel/debug/kmemleak)"
	result $? kmemleak
else
	skip kmemleak 'this kernel looks for no leaks: CONFIG_DEBUG_KMEMLEAK'
fi
finish
