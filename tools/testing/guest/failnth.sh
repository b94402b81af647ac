# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# Each allocation and each copy of user memory fails once (failnth.c): of a region that
# is copied directly, of memory that is copied in one width, of registers, of a region
# with partitions, of a buffer of the DMA API's, of pools, of what others get from a region,
# and of drivers that use one. Then all that the kernel has in use for extmem is as it was
# (resources.sh).

. ./lib.sh
. ./stress.sh
. ./resources.sh

# find_bound NAME: sets $device and $bus, of a region or a user
find_bound()
{
	device=$1 bus=${driver%/*}/failnth-user
	[ -e "$class/$1" ] || return 0
	device=$(readlink "$class/$1/device")
	device=${device##*/} bus=$driver
}

# fresh NAME: bound anew, for the kernel maps a region when it is first read; and a user has
# used his region once
fresh()
{
	local bus device

	find_bound "$1"
	[ ! -e "$bus/$device" ] || echo "$device" >"$bus/unbind"
	echo "$device" >"$bus/bind"
	[ ! -e "$bus/$device/use" ] || echo 1 >"$bus/$device/use"
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
# These only come, are opened and go: all else is as of the others. None that pages are made
# for: where it has no memory for page tables then, arm64 has a BUG().
bound='handed-out cells'
attacked=$bound
# The drivers of user.c, which hold their regions: so they come last.
users='user-of-sram user-of-log user-of-pool'
wanted ddr-window phys_addr
if [ "$wanted_value" = - ]; then
	# Simulated, each page would be a point; and what others get of it is of no worth.
	attacked='' users=''
else
	regions="$regions ddr-window"
fi

# try NAME ARG...: failnth with these, of a region or a user, and a look at what is left of it
try()
{
	local name=$1

	shift
	fresh "$name"
	settled /tmp/before
	fails_once "$*" /guest/failnth "$@"
	as_before "$name"
	result $? "$*: all resources are as before"
}

# For who asks by rebind=y on the command line: Linux 6.12 itself warns where a device link had
# no memory.
# shellcheck disable=SC2086 # a list
set -- $regions $attacked $users ${rebind:+$users}
plan $((2 * $# + 3 + (${#users} > 0)))
inject_everywhere
result $? inject_everywhere
resources_are_seen
result $? resources_are_seen
for name in $regions; do
	try "$name" "$name"
done
for name in $attacked; do
	try "$name" "$name" bind
done
if [ "$users" ]; then
	insmod user.ko
	result $? 'users of regions'
fi
for name in $users; do
	try "$name" use "$name"
	[ -z "${rebind:-}" ] || try "$name" rebind "$name"
done
# The rest of the tests knows the board's own regions.
for name in $users $bound; do
	find_bound "$name"
	echo "$device" >"$bus/unbind"
done
note "in all: $points points were tried"
no_leaks
finish
