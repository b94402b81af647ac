// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of a region in /proc/iomem, under the region's name.
 */
#include <linux/export.h>
#include <linux/ioport.h>

#include "internal.h"

/**
 * extmem_claim() - claim the memory of a region, so that nobody else does
 * @region: the region, whose backend is in its attach()
 *
 * Not for System RAM, which is claimed since boot: there a region is kept from
 * others by its reservation. Says why in the log when it fails.
 *
 * Return: 0, or -EBUSY when somebody has it.
 */
int extmem_claim(struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->desc;

	if (request_mem_region(region->base, region->size, desc->name))
		return 0;
	return dev_err_probe(region->owner, -EBUSY,
			     "%s: %s: 0x%llx-0x%llx is claimed already; /proc/iomem says by whom: disable that driver or node, or this one\n",
			     desc->node, desc->reserved_by ? "memory-region" : "reg",
			     (u64)region->base, region->base + region->size - 1);
}
EXPORT_SYMBOL_GPL(extmem_claim);

/**
 * extmem_unclaim() - undo extmem_claim()
 * @region: the region, whose backend is in its detach()
 */
void extmem_unclaim(struct extmem_region *region)
{
	release_mem_region(region->base, region->size);
}
EXPORT_SYMBOL_GPL(extmem_unclaim);
