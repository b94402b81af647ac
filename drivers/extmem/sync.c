// SPDX-License-Identifier: GPL-2.0
/*
 * What it takes for the CPU and a device to see each other's writes to a region.
 */
#include <linux/io.h>
#include <linux/kconfig.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>

#include <asm/barrier.h>

#include "internal.h"
#include "trace.h"

#define SYNC_CHUNK SZ_1M

/* Where the kernel has no cache maintenance for DMA, no device needs any. */
static bool is_coherent(const struct extmem_desc *desc)
{
	return desc->dma_coherent ||
	       !(IS_ENABLED(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE) ||
		 IS_ENABLED(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU));
}

/* Registers and uncached memory see the CPU's accesses one by one. */
static bool is_in_order(const struct extmem_desc *desc)
{
	return desc->policy == EXTMEM_UNCACHED && desc->type != EXTMEM_CMA;
}

/**
 * extmem_sync_is_needless() - whether devices and the CPU agree anyway
 * @region: the region
 */
bool extmem_sync_is_needless(const struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->root->desc;

	return !extmem_is_cached(desc) || is_coherent(desc);
}

static int sync_chunk(struct extmem_region *region, u64 offset, size_t size, bool for_cpu)
{
	struct extmem_region *root = region->root;
	struct extmem_window window;
	int ret;

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	if (!root->backend->ops->sync)
		return -EOPNOTSUPP;
	ret = extmem_window_open(region, offset, size, &window);
	if (ret)
		return ret;
	ret = root->backend->ops->sync(root, &window.map,
				       extmem_offset_in_root(region) + offset, size,
				       for_cpu);
	extmem_window_close(region, &window);
	return ret;
}

static int sync_caches(struct extmem_region *region, u64 offset, u64 length, bool for_cpu)
{
	while (length) {
		size_t size = min_t(u64, length, SYNC_CHUNK);
		int ret = sync_chunk(region, offset, size, for_cpu);

		if (ret)
			return ret;
		offset += size;
		length -= size;
		cond_resched();
		if (length && signal_pending(current))
			return -ERESTARTSYS;
	}
	return EXTMEM_SYNC_CACHE;
}

static int sync_range(struct extmem_region *region, u64 offset, u64 length, u32 flags)
{
	const struct extmem_desc *desc = &region->root->desc;
	bool to_device = flags & EXTMEM_SYNC_END && flags & EXTMEM_SYNC_WRITE;
	bool to_cpu = !(flags & EXTMEM_SYNC_END) && flags & EXTMEM_SYNC_READ;

	if (!extmem_has_memory(region))
		return -ENXIO;
	if (!extmem_is_there(region))
		return -ENODEV;
	if (is_in_order(desc) || !(to_device || to_cpu))
		return EXTMEM_SYNC_NOTHING;
	if (extmem_is_cached(desc) && !is_coherent(desc))
		return sync_caches(region, offset, length, to_cpu);
	mb();	/* all of the CPU's accesses so far, before all that follow */
	return EXTMEM_SYNC_BARRIER;
}

/**
 * extmem_sync() - begin or end the CPU's use of what a device uses, too
 * @region: the region; the caller is outside its gate
 * @offset: first byte
 * @length: bytes; the range lies in the region
 * @flags: of enum extmem_sync_flags
 *
 * Return: of enum extmem_sync_done, -EOPNOTSUPP where there is no way, -ENXIO for a
 * pool, -ERESTARTSYS, or -ENODEV.
 */
int extmem_sync(struct extmem_region *region, u64 offset, u64 length, u32 flags)
{
	int ret = sync_range(region, offset, length, flags);

	trace_extmem_sync(region, offset, length, flags, ret);
	return ret;
}

/**
 * extmem_persist() - see to it that the memory has all that was written to it
 * @region: the region; the caller is outside its gate
 * @offset: first byte
 * @length: bytes; the range lies in the region
 *
 * Devices that snoop see what is in the CPU's caches. It goes with the power all the
 * same.
 *
 * Return: 0 or more, or a negative errno as extmem_sync().
 */
int extmem_persist(struct extmem_region *region, u64 offset, u64 length)
{
	if (extmem_is_cached(&region->root->desc))
		return sync_caches(region, offset, length, false);
	return extmem_sync(region, offset, length, EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END);
}
