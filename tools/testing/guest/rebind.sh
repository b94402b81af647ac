# SPDX-License-Identifier: GPL-2.0
#
# Each device is unbound and bound again 100 times, twice over: afterwards everything
# is as it was, and the second time has left nothing behind.

. /guest/lib.sh

rounds=100
# kB that slab and free memory may differ after hundreds of rounds: less than one
# object of the smallest size a round.
tolerance=128

# gone REGION: neither in sysfs nor in /proc/iomem
gone()
{
	[ ! -e "$class/$1" ] || { note "$1 is still in sysfs"; return 1; }
	! grep -q " : $1\$" /proc/iomem || { note "$1 is still in /proc/iomem"; return 1; }
}

# once DEVICE: unbind and bind it, looking closely. Catches: a region or a claim that
# stays behind, a claim that does not come back.
once()
{
	local name names=''

	for name in $(regions); do
		[ "$(device_of "$name")" != "$1" ] || names="$names $name"
	done
	[ "$names" ] || { note "$1: no region hangs on it"; return 1; }
	echo "$1" >$driver/unbind || return 1
	for name in $names; do
		gone "$name" || return 1
	done
	echo "$1" >$driver/bind || return 1
	for name in $names; do
		compare "$name" || return 1
		[ "$(expected_value "$name" '(iomem)')" = no ] || claimed "$name" ||
			{ note "$name: no claim after bind"; return 1; }
	done
}

# many DEVICE. Catches: what runs out (ids, minors, address space, a CMA area).
many()
{
	local i=0

	while [ $i -lt $rounds ]; do
		echo "$1" >$driver/unbind && echo "$1" >$driver/bind ||
			{ note "$1: failed in round $i"; return 1; }
		i=$((i + 1))
	done
}

devices()
{
	local link

	for link in $driver/*; do
		[ -L "$link" ] && [ -e "$link/of_node" ] && echo "${link##*/}"
	done
}

# memory FILE: what a leak would change
memory()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	awk '/^(MemFree|SUnreclaim|CmaFree|VmallocUsed|Percpu):/ { print $1, $2 }' /proc/meminfo >"$1"
	grep -c . /proc/vmallocinfo | sed 's/^/mappings: /' >>"$1"
	wc -l </proc/iomem | sed 's/^/claims: /' >>"$1"
}

# grown BEFORE AFTER
grown()
{
	local key before after limit status=0

	while read -r key before; do
		after=$(sed -n "s/^$key //p" "$2")
		case $key in
		CmaFree: | mappings: | claims:)	limit=0 ;;
		*)				limit=$tolerance ;;
		esac
		case $key in
		MemFree: | CmaFree:)	set -- "$1" "$2" $((before - after)) ;;
		*)			set -- "$1" "$2" $((after - before)) ;;
		esac
		note "$key $before before, $after after"
		[ "$3" -le "$limit" ] || { note "$key $3 lost, and no more than $limit may be"; status=1; }
	done <"$1"
	return $status
}

count=$(devices | wc -l)
plan $((count + 4))
for device in $(devices); do
	once "$device" && many "$device"
	result $? "$device"
done

memory /tmp/before
for device in $(devices); do
	many "$device"
done
memory /tmp/after
same devices "$count" "$(devices | wc -l)"
result $? devices
status=0
for name in $(expected_names); do
	compare "$name" || status=1
done
result $status facts_afterwards
grown /tmp/before /tmp/after
result $? nothing_lost
if [ -e /sys/kernel/debug/kmemleak ]; then
	echo scan >/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	same kmemleak '' "$(cat /sys/kernel/debug/kmemleak)"
	result $? kmemleak
else
	skip kmemleak 'this kernel has none'
fi
finish
