# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043 # busybox
#
# Every file of every region says what the board's DTS says, and no other region is there.

. ./lib.sh

# Catches: a region that is missing, or one of a disabled node.
same_regions()
{
	same 'the regions' "$(echo "$names" | words)" "$(regions | words)"
}

# Catches: an address that everybody may read.
private_addresses()
{
	local name status=0

	for name in $names; do
		wanted "$name" phys_addr
		[ "$wanted_value" != - ] || continue
		same "$name/phys_addr for root alone" "$class/$name/phys_addr" \
			"$(find "$class/$name/phys_addr" -perm 400 2>&1)" || status=1
	done
	return $status
}

# shellcheck disable=SC2086 # a list
set -- $names
plan $(($# + 3))
same_regions
result $? regions
for name in "$@"; do
	# Catches: a fact that was not read from the DTS, or not from the memory.
	compare "$name"
	result $? "$name"
done
private_addresses
result $? phys_addr_is_for_root
# Catches: a claim that is missing, of another range, or under another name; a claim
# of System RAM, or a second one for a partition.
claims "$@"
result $? proc_iomem
finish
