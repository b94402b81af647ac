# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Each line of /guest/messages is in the kernel log, once and as it stands, and names
# a node that became no region. (That the others came up is what facts.sh sees.)

. ./lib.sh

dmesg | sed -n 's/^\[[^]]*\] *//p' >/tmp/dmesg
plan "$(grep -c '^/' /guest/messages)"
grep '^/' /guest/messages | while IFS= read -r line; do
	number=$(grep -cF -- ": $line" /tmp/dmesg)
	echo "$number $line"
done >/tmp/found
while IFS= read -r line; do
	wanted=${line#* }
	node=${wanted%%: *}
	same "how often the log has '$wanted'" 1 "${line%% *}" ||
		grep -F -- "$node: " /tmp/dmesg | while IFS= read -r other; do note "log: $other"; done
	[ "${line%% *}" = 1 ]
	result $? "$(echo "$node" | tr / _)"
done </tmp/found
finish
