# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Calls at random on all regions (fuzz.c), half of them while they are unbound and bound.
# From the kernel's command line: $calls and $seed.

. ./lib.sh
. ./stress.sh

# Buffers can be elsewhere in their pools afterwards, or not there, for others had the
# memory: with nobody left who has any, they come back to where they were.
# Catches: memory of a pool that nobody gives back.
buffers_come_back()
{
	local device status=0

	for device in $buffers; do
		[ ! -e "$driver/$device" ] || echo "$device" >"$driver/unbind" || status=1
	done
	for device in $buffers; do
		echo "$device" >"$driver/bind" || { note "$device: it cannot be bound"; status=1; }
	done
	return $status
}

buffers=
for name in $names; do
	wanted "$name" type
	[ "$wanted_value" = cma ] || continue
	device=$(readlink -f "$class/$name/device")
	buffers="$buffers ${device##*/}"
done

half=$((${calls:-20000} / 2))
plan 4
# shellcheck disable=SC2086 # a list
attack calls /guest/fuzz $half "${seed:-1}" $names
# shellcheck disable=SC2086 # a list
attack calls_while_unbound /guest/fuzz $half "${seed:-1}" -u $names
buffers_come_back
result $? buffers_come_back
no_leaks
finish
