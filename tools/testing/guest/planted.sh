# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# Plants $faults, from the kernel's command line, one after another (planted.c). A line
# says when each begins; what the kernel makes of it is for scripts/lib/planted.sh.

. ./lib.sh

debug=/sys/kernel/debug
hung=/proc/sys/kernel/hung_task_timeout_secs

# What leaks must be some seconds old before kmemleak tells of it.
scan()
{
	sleep 5
	echo scan >$debug/kmemleak
	sleep 1
	echo scan >$debug/kmemleak
	head -n 24 $debug/kmemleak | while IFS= read -r line; do say "$line"; done
}

plan 1
dmesg -n 8
insmod planted.ko || exit 1
# shellcheck disable=SC2154 # the kernel's command line
for fault in $(echo "$faults" | tr ',' ' '); do
	say "planted: $fault"
	# In seconds: for that one alone, or others that wait are in the reports after it.
	[ "$fault" != hung-task ] || echo 1 >$hung
	echo "$fault" >$debug/planted
	[ "$fault" != hung-task ] || echo 0 >$hung
	[ "$fault" != leak ] || scan
done
say "planted: end"
result 0 planted
finish
