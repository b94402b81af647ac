# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
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

# Catches: a cost that grows with the number of regions.
flat()
{
	costs '[0-9a-f]*\.cell' | awk -v count="$count" '
		{ us[NR] = $1; sum += $1 }
		END {
			quarter = int(NR / 4)
			for (i = 1; i <= quarter; i++) {
				first += us[i]
				last += us[NR + 1 - i]
			}
			printf "%d cells took %d us, %.1f us each; the first quarter %.1f, the last %.1f\n",
				NR, sum, sum / NR, first / quarter, last / quarter
			exit NR != count || last > 2 * first
		}' >/tmp/costs
	set -- $?
	note "$(cat /tmp/costs)"
	return "$1"
}

# Catches: a probe that maps or clears the memory.
terabyte()
{
	local cost

	[ -d "$class"/terabyte ] || { note 'it is not there'; return 1; }
	same 'its size' 0x10000000000 "$(cat "$class"/terabyte/size)" || return 1
	cost=$(costs '[0-9a-f]*\.tera')
	note "1 TiB took $cost us"
	[ "${cost:-999999}" -lt 20000 ]
}

# Enough of it: else it tells of each device's shutdown, too.
echo N >/sys/module/kernel/parameters/initcall_debug
plan 5
all_ready
result $? all_ready
wanted "${names%%"$newline"*}" phys_addr
if [ "$wanted_value" != - ]; then
	own_addresses
	result $? own_addresses
else
	skip own_addresses 'simulated memory has no address'
fi
neighbours
result $? neighbours
flat
result $? cost_is_flat
if [ -d /proc/device-tree/many ] && ls -d /proc/device-tree/many/tera@* >/dev/null 2>&1; then
	terabyte
	result $? terabyte
else
	skip terabyte 'this CPU has no such addresses'
fi
finish
