// SPDX-License-Identifier: GPL-2.0
/*
 * Contiguous memory as a device sees it: a scatterlist that is mapped for its DMA.
 */
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include "internal.h"

/* What one entry can hold is less than 4 GiB. */
#define SEGMENT SZ_1G

/**
 * extmem_dmatable_make() - describe memory
 * @table: filled; extmem_dmatable_free() when nothing maps it any more
 * @base: CPU address of the first byte
 * @size: bytes; both whole pages
 * @has_pages: it is ordinary memory, in the linear map
 *
 * Return: 0 or -ENOMEM.
 */
int extmem_dmatable_make(struct extmem_dmatable *table, phys_addr_t base, u64 size,
			 bool has_pages)
{
	struct scatterlist *sg;
	unsigned int i;
	int ret;

	ret = sg_alloc_table(&table->sgt, DIV_ROUND_UP_ULL(size, SEGMENT),
			     GFP_KERNEL_ACCOUNT);
	if (ret)
		return ret;
	table->base = base;
	table->has_pages = has_pages;
	table->direction = DMA_NONE;
	for_each_sgtable_sg(&table->sgt, sg, i) {
		unsigned int len = min_t(u64, size, SEGMENT);

		sg_set_page(sg, has_pages ? pfn_to_page(PHYS_PFN(base)) : NULL, len, 0);
		base += len;
		size -= len;
	}
	return 0;
}

/**
 * extmem_dmatable_free() - undo extmem_dmatable_make()
 * @table: the table
 */
void extmem_dmatable_free(struct extmem_dmatable *table)
{
	sg_free_table(&table->sgt);
}

static void unmap_resources(struct device *dev, struct extmem_dmatable *table,
			    enum dma_data_direction direction, unsigned int count)
{
	struct scatterlist *sg;
	unsigned int i;

	for_each_sg(table->sgt.sgl, sg, count, i)
		dma_unmap_resource(dev, sg_dma_address(sg), sg_dma_len(sg), direction,
				   DMA_ATTR_SKIP_CPU_SYNC);
}

/*
 * Memory without pages is a device's, as far as the DMA API knows, and it sees to no caches
 * there. It is told so, or it would take two devices with one window for a mistake.
 */
static int map_resources(struct device *dev, struct extmem_dmatable *table,
			 enum dma_data_direction direction)
{
	phys_addr_t base = table->base;
	struct scatterlist *sg;
	unsigned int i;

	for_each_sgtable_sg(&table->sgt, sg, i) {
		dma_addr_t dma = dma_map_resource(dev, base, sg->length, direction,
						  DMA_ATTR_SKIP_CPU_SYNC);

		if (dma_mapping_error(dev, dma)) {
			unmap_resources(dev, table, direction, i);
			return -EIO;
		}
		sg_dma_address(sg) = dma;
		sg_dma_len(sg) = sg->length;
		base += sg->length;
	}
	table->sgt.nents = table->sgt.orig_nents;
	return 0;
}

/**
 * extmem_dmatable_map() - map it for a device
 * @dev: the device
 * @table: the table, which is not mapped
 * @direction: of what the device does
 * @cached: the CPU has it in its caches, which are to be seen to
 *
 * Return: 0 or a negative errno.
 */
int extmem_dmatable_map(struct device *dev, struct extmem_dmatable *table,
			enum dma_data_direction direction, bool cached)
{
	int ret;

	table->attrs = cached ? 0 : DMA_ATTR_SKIP_CPU_SYNC;
	ret = table->has_pages ?
	      dma_map_sgtable(dev, &table->sgt, direction, table->attrs) :
	      map_resources(dev, table, direction);
	if (!ret)
		table->direction = direction;
	return ret;
}

/**
 * extmem_dmatable_unmap() - undo extmem_dmatable_map()
 * @dev: as there
 * @table: as there
 */
void extmem_dmatable_unmap(struct device *dev, struct extmem_dmatable *table)
{
	if (table->has_pages)
		dma_unmap_sgtable(dev, &table->sgt, table->direction, table->attrs);
	else
		unmap_resources(dev, table, table->direction, table->sgt.orig_nents);
	table->direction = DMA_NONE;
}
