# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# Each allocation and each copy of user memory fails once (failnth.c): of a region that
# is copied directly, of memory that is copied in one width, of registers, of a region
# with partitions, of a buffer of the DMA API's, of pools, and of drivers that use a region.
# Then all that the kernel has in use for extmem is as it was (resources.sh).

. ./lib.sh
. ./stress.sh
. ./resources.sh

# Catches: a test that injects nothing. By default the kernel spares who may wait for
# memory, and that is all of us; and it would tell of each failure.
inject_everywhere()
{
	local debug=/sys/kernel/debug

	echo N >$debug/failslab/ignore-gfp-wait &&
		echo N >$debug/fail_page_alloc/ignore-gfp-wait &&
		echo N >$debug/fail_page_alloc/ignore-gfp-highmem &&
		echo 0 >$debug/fail_page_alloc/min-order &&
		echo 0 >$debug/failslab/verbose &&
		echo 0 >$debug/fail_page_alloc/verbose &&
		echo 0 >$debug/fail_usercopy/verbose
}

# fresh NAME: bound anew, for the kernel maps a region when it is first read
fresh()
{
	local bus=$driver device=$1

	if [ -e "$class/$1" ]; then
		device=$(readlink "$class/$1/device")
		device=${device##*/}
	else
		bus=${driver%/*}/failnth-user
	fi
	[ ! -e "$bus/$device" ] || echo "$device" >"$bus/unbind"
	echo "$device" >"$bus/bind"
}

# Catches: what one of the failures has left behind, be it somebody's still or not.
as_before()
{
	local tries=5

	fresh "$1"
	# RCU frees some of it, when it comes to it.
	while [ $tries -gt 0 ]; do
		resources >/tmp/after
		cmp -s /tmp/before /tmp/after && return
		tries=$((tries - 1))
	done
	diff /tmp/before /tmp/after | while IFS= read -r line; do note "$line"; done
	return 1
}

# Catches: figures that are there, and are of nothing.
resources_are_seen()
{
	resources >/tmp/before
	grep -q '^slab objects of extmem in ' /tmp/before && grep -q '^dma-bufs: 0$' /tmp/before &&
		grep -q '^sram$' /tmp/before && return
	note "$(head -n 4 /tmp/before)"
	return 1
}

regions='sram fpga-regs nvram video pool'
# Simulated, each of its thousands of pages would be a point.
wanted ddr-window phys_addr
[ "$wanted_value" = - ] || regions="$regions ddr-window"
# The drivers of user.c, which hold their regions: so they come last. For who asks by users=y
# on the command line: Linux 6.12 itself warns where a device link had no memory.
drivers=
[ -z "${users:-}" ] || drivers='user-of-sram user-of-log user-of-pool'

# try NAME: it, and a look at what is left of it
try()
{
	fresh "$1"
	settled /tmp/before
	attack "$1" /guest/failnth "$1"
	tried=$(sed -n 's/^in all: \([0-9]*\) points.*/\1/p' /tmp/attack)
	points=$((points + ${tried:-0}))
	as_before "$1"
	result $? "$1: all resources are as before"
}

# shellcheck disable=SC2086 # a list
set -- $regions $drivers
plan $((2 * $# + ${drivers:+1 +} 3))
inject_everywhere
result $? inject_everywhere
resources_are_seen
result $? resources_are_seen
points=0
for name in $regions; do
	try "$name"
done
if [ "$drivers" ]; then
	insmod user.ko
	result $? 'users of regions'
fi
for name in $drivers; do
	try "$name"
done
note "in all: $points points were tried"
no_leaks
finish
