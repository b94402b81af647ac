# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2015 # busybox
#
# Many regions at once (guest_many of scripts/lib/guest.sh makes the tree), and what
# each costs at boot by the kernel's own clock (initcall_debug).

. ./lib.sh

count=$(cat /guest/count)

# Catches: a table that is full, ids that run out, a name that is made wrongly.
all_ready()
{
	same 'the cells' "$count" "$(regions | grep -c '^cell')" || return 1
	same 'the cells that are ready' "$count" "$(cat "$class"/cell*/state | grep -c '^ready$')"
}

# Catches: two regions that were given each other's memory.
own_addresses()
{
	same 'different addresses' "$count" "$(cat "$class"/cell*/phys_addr | sort -u | wc -l)"
}

# Catches: the board's own regions not coming up beside them.
neighbours()
{
	local name status=0

	for name in $names; do
		compare "$name" || status=1
	done
	return $status
}

# The microseconds that each probe of DEVICES (a regular expression) took, in order.
costs()
{
	dmesg | sed -n "s/.*probe of \($1\) returned 0 after \([0-9]*\) usecs.*/\2/p"
}

# The middle one of the numbers on stdin: interrupts make a few of them too large.
median()
{
	sort -n >/tmp/sorted
	sed -n "$((($(wc -l </tmp/sorted) + 1) / 2))p" /tmp/sorted
}

# Catches: a cost that grows with the number of regions.
flat()
{
	local quarter=$(((count + 3) / 4)) first last

	costs '[0-9a-f]*\.cell' >/tmp/costs
	same 'the cells that tell their cost' "$count" "$(wc -l </tmp/costs)" || return 1
	first=$(head -n $quarter /tmp/costs | median)
	last=$(tail -n $quarter /tmp/costs | median)
	note "$count regions of 4 KiB: median $(median </tmp/costs) us each;" \
		"of the first quarter $first, of the last $last"
	[ $((2 * last)) -le $((3 * first)) ]
}

# rebinds DEVICE: do that five times
rebinds()
{
	for _ in 1 2 3 4 5; do
		echo "$1" >"$driver/unbind" && echo "$1" >"$driver/bind" || return 1
	done
}

# Catches: a probe that maps or clears the memory.
terabyte()
{
	local device cost cell

	[ -d "$class"/terabyte ] || { note 'it is not there'; return 1; }
	same 'its size' 0x10000000000 "$(cat "$class"/terabyte/size)" || return 1
	for device in $(cd "$driver" && echo *.tera); do
		rebinds "$device" || return 1
	done
	cost=$(costs '[0-9a-f]*\.tera' | median)
	cell=$(costs '[0-9a-f]*\.cell' | median)
	note "1 TiB: median $cost us; 4 KiB: $cell us"
	[ "$cost" -le $((2 * cell)) ]
}

plan 5
all_ready
result $? all_ready
neighbours
result $? neighbours
wanted "${names%%"$newline"*}" phys_addr
if [ "$wanted_value" = - ]; then
	echo N >/sys/module/kernel/parameters/initcall_debug
	for name in own_addresses cost_is_flat terabyte; do
		skip $name 'simulated memory has no address, and its cost proves nothing'
	done
	finish
fi
own_addresses
result $? own_addresses
flat
result $? cost_is_flat
if ls -d /proc/device-tree/many/tera@* >/dev/null 2>&1; then
	terabyte
	result $? terabyte
else
	skip terabyte 'this CPU has no such addresses'
fi
# Enough of it: else it tells of each device's shutdown, too.
echo N >/sys/module/kernel/parameters/initcall_debug
finish
