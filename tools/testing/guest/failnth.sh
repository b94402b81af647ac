# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash # busybox
#
# Each allocation and each copy of user memory fails once (failnth.c): of a region that
# is copied directly, of memory that is copied in one width, of registers, of a region
# with partitions, of a buffer of the DMA API's, of pools.

. ./lib.sh
. ./stress.sh

# Catches: a test that injects nothing. By default the kernel spares who may wait for
# memory, and that is all of us; and it would tell of each failure.
inject_everywhere()
{
	local debug=/sys/kernel/debug

	echo N >$debug/failslab/ignore-gfp-wait &&
		echo N >$debug/fail_page_alloc/ignore-gfp-wait &&
		echo N >$debug/fail_page_alloc/ignore-gfp-highmem &&
		echo 0 >$debug/fail_page_alloc/min-order &&
		echo 0 >$debug/failslab/verbose &&
		echo 0 >$debug/fail_page_alloc/verbose &&
		echo 0 >$debug/fail_usercopy/verbose
}

regions='sram fpga-regs nvram video pool'
# Simulated, each of its thousands of pages would be a point.
wanted ddr-window phys_addr
[ "$wanted_value" = - ] || regions="$regions ddr-window"
# shellcheck disable=SC2086 # a list
set -- $regions
plan $(($# + 2))
inject_everywhere
result $? inject_everywhere
for name in "$@"; do
	attack "$name" /guest/failnth "$name"
done
no_leaks
finish
