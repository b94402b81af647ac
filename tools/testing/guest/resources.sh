# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC3043,SC2154 # busybox; who sources this has lib.sh
#
# What the kernel has in use for extmem, and how its allocations are made to fail. Sourced by
# failnth.sh and loadnth.sh.

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

# fails_once NAME PROGRAM ARG...: as attack, of failnth or loadnth; its points are added to $points
fails_once()
{
	local tried

	attack "$@"
	tried=$(sed -n 's/^in all: \([0-9]*\) points.*/\1/p' /tmp/attack)
	points=$((${points:-0} + ${tried:-0}))
}

# The objects that a function of extmem has allocated, on its way or itself, a line for each
# cache and function: those of devres and of the core of devices, too. With slub_debug=U each
# cache knows.
# What was freed is in KASAN's quarantine until the cache is shrunk. A cache has the last sixteen
# functions of each, so it does not know all: on UML, whose stacks are full of others, few.
# What kmemleak and DEBUG_OBJECTS know of an object they keep in caches of their own, and
# for the next one. An area of addresses that was given back stays until there are many,
# which /proc/vmallocinfo knows, and the cache does not. And sysfs numbers its files in turn, so
# that those of a device are in more nodes of a tree, or in less, each time that it is bound.
# Of what extmem_init() was on the way of, while the kernel started, each bind from a shell
# leaves one node of sysfs less: it takes away what came then, and comes by another way.
slab_objects()
{
	local cache

	for cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$cache" 2>/dev/null
	done
	for cache in /sys/kernel/debug/slab/*; do
		case ${cache##*/} in
		kmemleak_* | debug_objects_cache | vmap_area | radix_tree_node)	continue ;;
		esac
		awk -v cache="${cache##*/}" '
			/^ *[0-9]+ / { count = $1; who = $2 }
			/extmem_/ && count {
				ours = NF > 1 ? $2 : $1
				sub(/\+0x.*/, "", who)
				sub(/\+0x.*/, "", ours)
				if (ours != "extmem_init")
					sum[who " for " ours] += count
				count = 0
			}
			END {
				for (one in sum)
					print "slab objects of extmem in " cache ": " sum[one] " by " one
			}' "$cache/alloc_traces" 2>/dev/null
	done | sort
}

# As many as the DMA API has mapped or allocated for anybody, with DMA_API_DEBUG.
dma_entries()
{
	local debug=/sys/kernel/debug/dma-api

	[ -e $debug/num_free_entries ] || { echo none; return; }
	echo $(($(cat $debug/nr_total_entries) - $(cat $debug/num_free_entries)))
}

pools()
{
	local file

	for file in "$class"/*/pool_in_use; do
		[ ! -e "$file" ] || echo "$file: $(cat "$file")"
	done
}

# A line each, which must be the same before and after.
resources()
{
	sync
	sleep 1
	slab_objects
	echo "vmalloc areas of extmem: $(grep -c extmem /proc/vmallocinfo)"
	echo "DMA entries: $(dma_entries)"
	echo "dma-bufs: $(sed -n 's/^Total \([0-9]*\) objects.*/\1/p' /sys/kernel/debug/dma_buf/bufinfo)"
	pools
	ls /sys/class/extmem /dev/extmem
	for module in /sys/module/extmem*/refcnt; do
		[ ! -e "$module" ] || echo "$module: $(cat "$module")"
	done
	cat /proc/iomem
}

# settled FILE: what it is when nothing has changed for seconds, for RCU frees memory late.
settled()
{
	local tries=10

	resources >"$1"
	while [ $tries -gt 0 ]; do
		resources >"$1.next"
		cmp -s "$1" "$1.next" && return
		mv "$1.next" "$1"
		tries=$((tries - 1))
	done
}
