// SPDX-License-Identifier: GPL-2.0
/*
 * What users have done with a region, counted by each CPU for itself, so that nobody
 * waits for it.
 */
#include <linux/percpu.h>

#include "internal.h"

/**
 * extmem_stats_new() - begin to count
 * @region: the region or partition
 *
 * Return: 0 or -ENOMEM.
 */
int extmem_stats_new(struct extmem_region *region)
{
	int cpu;

	region->stats = alloc_percpu(struct extmem_stats);
	if (!region->stats)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(region->stats, cpu)->syncp);
	return 0;
}

/**
 * extmem_stats_free() - undo extmem_stats_new(), if it was
 * @region: the region or partition, which nobody uses any more
 */
void extmem_stats_free(struct extmem_region *region)
{
	free_percpu(region->stats);
}

/**
 * extmem_stats_sum() - what has been counted so far
 * @region: the region or partition
 * @which: what
 *
 * Return: the sum over the CPUs.
 */
u64 extmem_stats_sum(const struct extmem_region *region, enum extmem_counter which)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct extmem_stats *stats = per_cpu_ptr(region->stats, cpu);
		unsigned int start;
		u64 count;

		do {
			start = u64_stats_fetch_begin(&stats->syncp);
			count = u64_stats_read(&stats->counts[which]);
		} while (u64_stats_fetch_retry(&stats->syncp, start));
		sum += count;
	}
	return sum;
}
