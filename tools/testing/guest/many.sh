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

# Prints what each region costs: a figure to be read, not a limit. Catches: a cell
# that was probed twice, or not by us.
cost()
{
	local quarter=$(((count + 3) / 4))

	costs '[0-9a-f]*\.cell' >/tmp/costs
	note "$count regions of 4 KiB: median $(median </tmp/costs) us each;" \
		"of the first quarter $(head -n $quarter /tmp/costs | median)," \
		"of the last $(tail -n $quarter /tmp/costs | median)"
	same 'the cells that tell their cost' "$count" "$(wc -l </tmp/costs)"
}

# A while after the last user, not at once: up to ten seconds of an emulated machine.
clock_goes_off()
{
	local i=0

	while [ "$(cat "$class"/clocked/state)" = ready ] && [ $i -lt 100 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	same 'its state' suspended "$(cat "$class"/clocked/state)"
}

# Catches: a region that does not get its clock, or has it on for nobody.
clocked()
{
	clock_goes_off || return 1
	exec 3<"/dev/extmem/clocked"
	same 'its state while it is open' ready "$(cat "$class"/clocked/state)" || return 1
	exec 3<&-
	clock_goes_off
}

# In kB; stacks and the like are in it, too.
vmalloc_used()
{
	sed -n 's/^VmallocUsed: *\([0-9]*\) kB/\1/p' /proc/meminfo
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
	local device before used

	[ -d "$class"/terabyte ] || { note 'it is not there'; return 1; }
	same 'its size' 0x10000000000 "$(cat "$class"/terabyte/size)" || return 1
	before=$(vmalloc_used)
	for device in $(cd "$driver" && echo *.tera); do
		rebinds "$device" || return 1
	done
	note "1 TiB: median $(costs '[0-9a-f]*\.tera' | median) us;" \
		"4 KiB: $(costs '[0-9a-f]*\.cell' | median) us"
	used=$(($(vmalloc_used) - before))
	note "address space that the kernel uses more: $used kB"
	[ $used -lt 1048576 ]
}

plan 6
all_ready
result $? all_ready
neighbours
result $? neighbours
wanted "${names%%"$newline"*}" phys_addr
if [ "$wanted_value" = - ]; then
	echo N >/sys/module/kernel/parameters/initcall_debug
	for name in own_addresses clocked cost terabyte; do
		skip $name 'simulated memory has no address, its cost proves nothing, and its machine has no clocks'
	done
	finish
fi
own_addresses
result $? own_addresses
clocked
result $? clocked
cost
result $? cost
if ls -d /proc/device-tree/many/tera@* >/dev/null 2>&1; then
	terabyte
	result $? terabyte
else
	skip terabyte 'this CPU has no such addresses'
fi
# Enough of it: else it tells of each device's shutdown, too.
echo N >/sys/module/kernel/parameters/initcall_debug
finish
