# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A folder that stands in for /sys and /dev, laid out as the kernel does it.
#
#	fake_tree DIR		a board with a few regions: DIR/sys and DIR/dev
#	fake_region DIR NAME TYPE POLICY SIZE ADDRESS BACKEND ACCESS [PARENT]
#	fake_pool DIR NAME	makes a pool of it
#
# A device node is a file of the region's size. It has no ioctls, and grows when it is
# written behind its end; a read-only one cannot be written even by root.

fake_fact()
{
	echo "$2" >"$1"
}

fake_region()
{
	local top=$1 name=$2 type=$3 policy=$4 size=$5 address=$6 backend=$7 access=$8
	local parent=${9:-} at

	if [ "$parent" ]; then
		at=$(readlink -f "$top/sys/class/extmem/$parent")/$name
		mkdir -p "$at"
		ln -s "../../$parent" "$at/device"
	else
		at=$top/sys/devices/platform/${address#0x}.$name/extmem/$name
		mkdir -p "$at"
		ln -s "../../../${address#0x}.$name" "$at/device"
	fi
	ln -s "$(realpath --relative-to="$top/sys/class/extmem" "$at")" "$top/sys/class/extmem/$name"
	ln -s "$(realpath --relative-to="$at" "$top/sys/class/extmem")" "$at/subsystem"
	fake_fact "$at/type" "$type"
	fake_fact "$at/cache_policy" "$policy"
	fake_fact "$at/cache_policy_effective" "$policy"
	fake_fact "$at/size" "$size"
	fake_fact "$at/phys_addr" "$address"
	fake_fact "$at/backend" "$backend"
	fake_fact "$at/access" "$access"
	fake_fact "$at/direct_io" no
	fake_fact "$at/numa_node" -1
	fake_fact "$at/open_count" 0
	fake_fact "$at/state" ready
	fake_fact "$at/dev" 240:0
	fake_fact "$at/uevent" "DEVNAME=extmem/$name"
	truncate -s $((size)) "$top/dev/extmem/$name"
	chmod 600 "$top/dev/extmem/$name"
}

fake_pool()
{
	local at=$1/sys/class/extmem/$2

	fake_fact "$at/pool_in_use" 65536
	fake_fact "$at/pool_high_water" 131072
	fake_fact "$at/pool_allocations" 3
	fake_fact "$at/pool_failures" 0
}

fake_tree()
{
	mkdir -p "$1/sys/class/extmem" "$1/dev/extmem"
	fake_region "$1" sram ram write-combine 0x100000 0x90000000 memremap rw
	fake_region "$1" nvram nvram write-back 0x40000 0x90100000 memremap rw
	fake_region "$1" nvram.journal nvram write-back 0x20000 0x90120000 memremap rw nvram
	fake_region "$1" nvram.env nvram write-back 0x10000 0x90100000 memremap rw nvram
	fake_region "$1" fpga-regs mmio uncached 0x1000 0x9010000 ioremap rw
	fake_region "$1" rom rom write-combine 0x10000 0x4000000 memremap ro
	fake_region "$1" pool cma write-back 0x800000 0x56000000 cma rw
	# A region whose name looks like a partition's, and is none.
	fake_region "$1" sram.like ram write-back 0x1800 0xa0000000 memremap rw
	fake_pool "$1" pool
	yes "extmem: this is the board's ROM." | head -c 65536 >"$1/dev/extmem/rom" || true
	yes 'what the sram has' | head -c 1048576 >"$1/dev/extmem/sram" || true
}
