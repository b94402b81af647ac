// SPDX-License-Identifier: GPL-2.0
/*
 * The backend of buffers that the DMA API takes from a reserved pool, a reusable
 * one (a CMA area) or one with no-map (a coherent pool). It takes the fixed buffer
 * of a region with buffer-size in attach(); without buffer-size, the region is a pool,
 * and each alloc() takes memory of its own.
 */
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/extmem-backend.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_device.h>
#include <linux/of_reserved_mem.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

/* What is not free in the pool is not wanted from elsewhere, so try not hard. */
#define POOL_GFP (GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY)

/**
 * struct extmem_cma_pool - a region's access to its pool
 * @dev: Child of the region's owner that the buffers belong to. The owner has a
 *	device's own memory-region to offer to its driver, not to us. Each buffer
 *	holds it, so that it outlives the region if they do.
 * @base: CPU address of the first byte of the pool.
 * @size: Bytes of it.
 * @reservation: What kind of pool it is.
 * @policy: That of the region.
 * @fixed: The buffer of a region with buffer-size.
 */
struct extmem_cma_pool {
	struct device dev;
	u64 base;
	u64 size;
	enum extmem_reservation reservation;
	enum extmem_policy policy;
	struct extmem_buffer fixed;
};

/*
 * The first device to ask for a coherent pool makes its bitmap, under no lock of
 * the kernel's: two at once would each have one, and be given the same memory.
 */
static DEFINE_MUTEX(first_use);

static struct extmem_cma_pool *to_pool(struct device *dev)
{
	return container_of(dev, struct extmem_cma_pool, dev);
}

static void pool_release(struct device *dev)
{
	of_reserved_mem_device_release(dev);
	of_node_put(dev->of_node);
	kfree(to_pool(dev));
}

static struct extmem_cma_pool *pool_alloc(struct device *owner,
					  const struct extmem_desc *desc)
{
	struct extmem_cma_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	struct device *dev;
	int ret;

	if (!pool)
		return ERR_PTR(-ENOMEM);
	pool->base = desc->base;
	pool->size = desc->size;
	pool->reservation = desc->reservation;
	pool->policy = desc->policy;
	dev = &pool->dev;
	device_initialize(dev);
	dev->parent = owner;
	dev->release = pool_release;
	dev->coherent_dma_mask = DMA_BIT_MASK(64);
	dev->dma_mask = &dev->coherent_dma_mask;
	device_set_of_node_from_dev(dev, owner);

	ret = dev_set_name(dev, "%s:pool", dev_name(owner));
	if (!ret)
		ret = device_add(dev);
	if (ret) {
		put_device(dev);
		return ERR_PTR(ret);
	}
	return pool;
}

static const char *no_pool_remedy(const struct extmem_desc *desc)
{
	if (desc->reservation == EXTMEM_REUSABLE_POOL && !IS_ENABLED(CONFIG_DMA_CMA))
		return "build the kernel with CONFIG_DMA_CMA";
	if (desc->reservation == EXTMEM_COHERENT_POOL &&
	    !IS_ENABLED(CONFIG_DMA_DECLARE_COHERENT))
		return "build the kernel with CONFIG_DMA_DECLARE_COHERENT";
	return "see the boot log about it";
}

static int pool_join(struct extmem_region *region, struct extmem_cma_pool *pool)
{
	const struct extmem_desc *desc = &region->desc;
	struct device_node *np = region->owner->of_node;
	int ret;

	ret = of_dma_configure(&pool->dev, np, true);
	if (ret)
		return dev_err_probe(region->owner, ret,
				     "%s: its DMA cannot be configured; see its bus's dma-ranges and its iommus\n",
				     desc->node);
	scoped_guard(mutex, &first_use)
		ret = of_reserved_mem_device_init_by_idx(&pool->dev, np, 0);
	if (ret)
		return dev_err_probe(region->owner, ret,
				     "%s: memory-region: the pool %s cannot be used; %s\n",
				     desc->node, desc->reserved_by,
				     no_pool_remedy(desc));
	return 0;
}

/* With buffers that are still used, all but the name stays until the last is free. */
static void pool_leave(struct extmem_cma_pool *pool)
{
	device_del(&pool->dev);
	/* Nobody else may hold the node of an overlay that is taken away. */
	of_node_put(pool->dev.of_node);
	pool->dev.of_node = NULL;
	put_device(&pool->dev);
}

/* The DMA API has no cached buffers but these; they have a linear address. */
static bool is_cached(const struct extmem_cma_pool *pool)
{
	return pool->policy == EXTMEM_WRITE_BACK;
}

static unsigned long buffer_attrs(const struct extmem_cma_pool *pool)
{
	/* Behind an IOMMU, only what is contiguous comes from the pool. */
	return DMA_ATTR_FORCE_CONTIGUOUS |
	       (pool->policy == EXTMEM_WRITE_COMBINE ? DMA_ATTR_WRITE_COMBINE : 0);
}

static void *dma_alloc(struct extmem_cma_pool *pool, size_t size, dma_addr_t *dma)
{
	struct page *page;

	if (!is_cached(pool))
		return dma_alloc_attrs(&pool->dev, size, dma, POOL_GFP, buffer_attrs(pool));
	page = dma_alloc_pages(&pool->dev, size, dma, DMA_BIDIRECTIONAL, POOL_GFP);
	return page ? page_address(page) : NULL;
}

static void dma_free(struct extmem_cma_pool *pool, struct extmem_buffer *buf)
{
	if (is_cached(pool))
		dma_free_pages(&pool->dev, buf->size, virt_to_page(buf->vaddr),
			       buf->dma, DMA_BIDIRECTIONAL);
	else
		dma_free_attrs(&pool->dev, buf->size, buf->vaddr, buf->dma,
			       buffer_attrs(pool));
}

/* Not from the DMA address, which may be any bus's or IOMMU's. */
static phys_addr_t physical_address(const void *vaddr)
{
	if (is_vmalloc_addr(vaddr))
		return PFN_PHYS(vmalloc_to_pfn(vaddr));
	return virt_to_phys((void *)vaddr);
}

static bool is_in_pool(const struct extmem_cma_pool *pool,
		       const struct extmem_buffer *buf)
{
	phys_addr_t last = physical_address(buf->vaddr + buf->size - PAGE_SIZE);

	return buf->base >= pool->base && last == buf->base + buf->size - PAGE_SIZE &&
	       last - pool->base <= pool->size - PAGE_SIZE;
}

/*
 * The DMA API zeroes a cached buffer in the CPU's caches. Whoever sees the memory itself,
 * be it a device or who empties the caches, would find what was there before.
 */
static void write_zeroes_back(struct extmem_cma_pool *pool, struct extmem_buffer *buf)
{
	if (is_cached(pool))
		dma_sync_single_for_device(&pool->dev, buf->dma, buf->size,
					   DMA_BIDIRECTIONAL);
}

/* Zeroed, and from the pool: when that has none, the DMA API looks elsewhere. */
static int take_buffer(struct extmem_cma_pool *pool, struct extmem_buffer *buf)
{
	buf->vaddr = dma_alloc(pool, buf->size, &buf->dma);
	if (!buf->vaddr)
		return fatal_signal_pending(current) ? -EINTR : -ENOMEM;
	buf->base = physical_address(buf->vaddr);
	if (!is_in_pool(pool, buf)) {
		dma_free(pool, buf);
		return -ENOMEM;
	}
	write_zeroes_back(pool, buf);
	buf->dev = &pool->dev;
	buf->has_pages = pool->reservation == EXTMEM_REUSABLE_POOL;
	return 0;
}

static const char *shortage_remedy(const struct extmem_cma_pool *pool)
{
	if (is_cached(pool) && PageHighMem(pfn_to_page(PHYS_PFN(pool->base))))
		return "it is high memory: move it down, or use \"write-combine\"";
	if (pool->dev.bus_dma_limit)
		return "enlarge it, ask for less, or make the bus's dma-ranges reach it";
	return "enlarge it, or ask for less";
}

static int take_fixed_buffer(struct extmem_region *region,
			     struct extmem_cma_pool *pool)
{
	const struct extmem_desc *desc = &region->desc;

	int ret = -ENOMEM;

	pool->fixed.size = PAGE_ALIGN(desc->buffer_size);
	if (desc->buffer_size <= desc->size)
		ret = take_buffer(pool, &pool->fixed);
	if (ret) {
		/* dev_err_probe() is silent about this error. */
		dev_err(region->owner,
			"%s: buffer-size: 0x%llx contiguous bytes are not free in %s (0x%llx bytes); %s\n",
			desc->node, desc->buffer_size, desc->reserved_by, desc->size,
			shortage_remedy(pool));
		return ret;
	}
	region->base = pool->fixed.base;
	region->size = desc->buffer_size;
	return 0;
}

static int extmem_cma_attach(struct extmem_region *region)
{
	struct extmem_cma_pool *pool = pool_alloc(region->owner, &region->desc);
	int ret;

	if (IS_ERR(pool))
		return PTR_ERR(pool);
	region->backend_data = pool;
	ret = pool_join(region, pool);
	if (!ret && region->desc.buffer_size)
		ret = take_fixed_buffer(region, pool);
	if (ret)
		pool_leave(pool);
	return ret;
}

static void extmem_cma_detach(struct extmem_region *region)
{
	struct extmem_cma_pool *pool = region->backend_data;

	if (region->desc.buffer_size)
		dma_free(pool, &pool->fixed);
	pool_leave(pool);
}

static int extmem_cma_map(struct extmem_region *region, u64 offset, size_t size,
			  struct iosys_map *map)
{
	struct extmem_cma_pool *pool = region->backend_data;

	iosys_map_set_vaddr(map, pool->fixed.vaddr + offset);
	return 0;
}

static void extmem_cma_unmap(struct extmem_region *region, size_t size,
			     struct iosys_map *map)
{
}

static int extmem_cma_alloc(struct extmem_region *region, struct extmem_buffer *buf)
{
	struct extmem_cma_pool *pool = region->backend_data;
	int ret = take_buffer(pool, buf);

	if (!ret)
		get_device(&pool->dev);
	return ret;
}

static void extmem_cma_free(struct extmem_buffer *buf)
{
	struct extmem_cma_pool *pool = to_pool(buf->dev);

	dma_free(pool, buf);
	put_device(&pool->dev);
}

/* The kernel has these by memremap(), whose write-combine is ioremap() on riscv. */
static pgprot_t coherent_pool_pgprot(pgprot_t prot)
{
	return IS_ENABLED(CONFIG_RISCV) ? pgprot_noncached(prot) :
					  pgprot_writecombine(prot);
}

/*
 * As the DMA API would have it. Not dma_mmap_attrs() itself: it fills the page tables
 * before the kernel knows of the mapping, so that an unbind meanwhile would miss it.
 */
static pgprot_t pool_pgprot(struct extmem_cma_pool *pool, pgprot_t prot)
{
	if (pool->reservation == EXTMEM_COHERENT_POOL)
		return coherent_pool_pgprot(prot);
	if (is_cached(pool) || dev_is_dma_coherent(&pool->dev))
		return prot;
	return pool->policy == EXTMEM_WRITE_COMBINE ? pgprot_writecombine(prot) :
						      pgprot_dmacoherent(prot);
}

static pgprot_t extmem_cma_pgprot(struct extmem_region *region, pgprot_t prot)
{
	return pool_pgprot(region->backend_data, prot);
}

static pgprot_t extmem_cma_buffer_pgprot(struct extmem_buffer *buf, pgprot_t prot)
{
	return pool_pgprot(to_pool(buf->dev), prot);
}

/* Written back first even for the CPU, or who may only read could undo writes. */
static int extmem_cma_sync(struct extmem_region *region, const struct iosys_map *map,
			   u64 offset, size_t size, bool for_cpu)
{
	struct extmem_cma_pool *pool = region->backend_data;
	dma_addr_t dma = pool->fixed.dma + offset;

	dma_sync_single_for_device(&pool->dev, dma, size, DMA_BIDIRECTIONAL);
	if (for_cpu)
		dma_sync_single_for_cpu(&pool->dev, dma, size, DMA_BIDIRECTIONAL);
	return 0;
}

static const struct extmem_backend_ops extmem_cma_ops = {
	.attach = extmem_cma_attach,
	.detach = extmem_cma_detach,
	.map = extmem_cma_map,
	.unmap = extmem_cma_unmap,
	.pgprot = extmem_cma_pgprot,
	.sync = extmem_cma_sync,
	.alloc = extmem_cma_alloc,
	.free = extmem_cma_free,
	.buffer_pgprot = extmem_cma_buffer_pgprot,
};

static struct extmem_backend extmem_cma = {
	.name = "cma",
	.ops = &extmem_cma_ops,
};
module_extmem_backend(extmem_cma);

MODULE_ALIAS("extmem-backend-cma");
MODULE_DESCRIPTION("extmem: buffers from reserved pools");
MODULE_LICENSE("GPL");
