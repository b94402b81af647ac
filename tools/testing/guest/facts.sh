# SPDX-License-Identifier: GPL-2.0
#
# Every file of every region says what the board's DTS says, and no other region is there.

. /guest/lib.sh

# Catches: a region that is missing, or one of a disabled node.
same_regions()
{
	same 'the regions' "$(echo $(expected_names | sort))" "$(echo $(regions))"
}

# Catches: an address that everybody may read.
private_addresses()
{
	local name status=0

	for name in $(expected_names); do
		same "mode of $name/phys_addr" 400 "$(stat -c %a "$class/$name/phys_addr")" || status=1
	done
	return $status
}

# Catches: a claim that is missing, of another range, or under another name; a
# claim of System RAM, or a second one for a partition.
claims()
{
	local name wanted found status=0

	for name in $(expected_names); do
		wanted=$(expected_value "$name" '(iomem)')
		found=no
		! claimed "$name" || found=yes
		same "'$(claim "$name")' in /proc/iomem" "$wanted" "$found" || status=1
	done
	return $status
}

plan $(($(expected_names | wc -l) + 3))
same_regions
result $? regions
for name in $(expected_names); do
	compare "$name"
	result $? "$name"
done
private_addresses
result $? phys_addr_is_for_root
claims
result $? proc_iomem
finish
