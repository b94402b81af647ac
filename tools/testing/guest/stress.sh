# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox; lib.sh is sourced by who sources this
#
# What the tests that try to hurt the kernel share. That the kernel has nothing to
# report meanwhile is seen in its log, by scripts/lib/ktap.sh.

# attack NAME PROGRAM [ARG...]: what it prints are notes, its exit status is the result
attack()
{
	local name=$1 line status

	shift
	"$@" >/tmp/attack 2>&1
	status=$?
	while IFS= read -r line; do
		note "$line"
	done </tmp/attack
	result $status "$name"
}

# Catches: what nobody points to any more.
no_leaks()
{
	if [ ! -e /sys/kernel/debug/kmemleak ]; then
		skip kmemleak 'this kernel looks for no leaks: CONFIG_DEBUG_KMEMLEAK'
		return
	fi
	echo scan >/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >/sys/kernel/debug/kmemleak
	same kmemleak '' "$(cat /sys/kernel/debug/kmemleak)"
	result $? kmemleak
}

# What the kernel tells of each bind would fill the log.
dmesg -n 5
