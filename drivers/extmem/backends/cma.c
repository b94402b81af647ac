// SPDX-License-Identifier: GPL-2.0
/*
 * The backend of buffers that the DMA API takes from a reserved pool, a reusable
 * one (a CMA area) or one with no-map (a coherent pool). It takes the fixed buffer
 * of a region with buffer-size in attach(); without buffer-size, each map() takes
 * memory of its own.
 */
#include <linux/cleanup.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/extmem-backend.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/of_device.h>
#include <linux/of_reserved_mem.h>
#include <linux/slab.h>
#include <linux/xarray.h>

/* What is not free in the pool is not wanted from elsewhere, so try not hard. */
#define POOL_GFP (GFP_KERNEL | __GFP_NOWARN | __GFP_NORETRY)

struct extmem_cma_buffer {
	void *vaddr;
	dma_addr_t dma;
	size_t size;
};

/**
 * struct extmem_cma_pool - a region's access to its pool
 * @dev: Child of the region's owner that the buffers belong to. The owner has a
 *	device's own memory-region to offer to its driver, not to us.
 * @fixed: The buffer of a region with buffer-size.
 * @buffers: Of a region without, by the page number of their address.
 */
struct extmem_cma_pool {
	struct device dev;
	struct extmem_cma_buffer fixed;
	struct xarray buffers;
};

/*
 * The first device to ask for a coherent pool makes its bitmap, under no lock of
 * the kernel's: two at once would each have one, and be given the same memory.
 */
static DEFINE_MUTEX(first_use);

static void pool_release(struct device *dev)
{
	struct extmem_cma_pool *pool = container_of(dev, struct extmem_cma_pool, dev);

	of_node_put(dev->of_node);
	xa_destroy(&pool->buffers);
	kfree(pool);
}

static struct extmem_cma_pool *pool_alloc(struct device *owner)
{
	struct extmem_cma_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	struct device *dev;
	int ret;

	if (!pool)
		return ERR_PTR(-ENOMEM);
	xa_init(&pool->buffers);
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

static void pool_leave(struct extmem_cma_pool *pool)
{
	of_reserved_mem_device_release(&pool->dev);
	device_unregister(&pool->dev);
}

/* The DMA API has no cached buffers but these; they have a linear address. */
static bool is_cached(const struct extmem_desc *desc)
{
	return desc->policy == EXTMEM_WRITE_BACK;
}

static unsigned long buffer_attrs(const struct extmem_desc *desc)
{
	/* Behind an IOMMU, only what is contiguous comes from the pool. */
	return DMA_ATTR_FORCE_CONTIGUOUS |
	       (desc->policy == EXTMEM_WRITE_COMBINE ? DMA_ATTR_WRITE_COMBINE : 0);
}

static void *dma_alloc(struct device *dev, const struct extmem_desc *desc,
		       size_t size, dma_addr_t *dma)
{
	struct page *page;

	if (!is_cached(desc))
		return dma_alloc_attrs(dev, size, dma, POOL_GFP, buffer_attrs(desc));
	page = dma_alloc_pages(dev, size, dma, DMA_BIDIRECTIONAL, POOL_GFP);
	return page ? page_address(page) : NULL;
}

static void buffer_free(struct extmem_region *region, struct extmem_cma_buffer *buf)
{
	const struct extmem_desc *desc = &region->desc;
	struct extmem_cma_pool *pool = region->backend_data;

	if (is_cached(desc))
		dma_free_pages(&pool->dev, buf->size, virt_to_page(buf->vaddr),
			       buf->dma, DMA_BIDIRECTIONAL);
	else
		dma_free_attrs(&pool->dev, buf->size, buf->vaddr, buf->dma,
			       buffer_attrs(desc));
}

/* Not from the DMA address, which may be any bus's or IOMMU's. */
static phys_addr_t physical_address(const void *vaddr)
{
	if (is_vmalloc_addr(vaddr))
		return PFN_PHYS(vmalloc_to_pfn(vaddr));
	return virt_to_phys((void *)vaddr);
}

static bool is_in_pool(const struct extmem_desc *desc,
		       const struct extmem_cma_buffer *buf)
{
	phys_addr_t first = physical_address(buf->vaddr);
	phys_addr_t last = physical_address(buf->vaddr + buf->size - PAGE_SIZE);

	return first >= desc->base && last == first + buf->size - PAGE_SIZE &&
	       last - desc->base <= desc->size - PAGE_SIZE;
}

/* Zeroed, and from the pool: when that has none, the DMA API looks elsewhere. */
static int buffer_alloc(struct extmem_region *region, size_t size,
			struct extmem_cma_buffer *buf)
{
	const struct extmem_desc *desc = &region->desc;
	struct extmem_cma_pool *pool = region->backend_data;

	buf->size = PAGE_ALIGN(size);
	buf->vaddr = dma_alloc(&pool->dev, desc, buf->size, &buf->dma);
	if (buf->vaddr && is_in_pool(desc, buf))
		return 0;
	if (buf->vaddr)
		buffer_free(region, buf);
	return -ENOMEM;
}

static const char *shortage_remedy(const struct extmem_desc *desc,
				   const struct device *dev)
{
	if (is_cached(desc) && PageHighMem(pfn_to_page(PHYS_PFN(desc->base))))
		return "it is high memory: move it down, or use \"write-combine\"";
	if (dev->bus_dma_limit)
		return "enlarge it, ask for less, or make the bus's dma-ranges reach it";
	return "enlarge it, or ask for less";
}

static int take_fixed_buffer(struct extmem_region *region,
			     struct extmem_cma_pool *pool)
{
	const struct extmem_desc *desc = &region->desc;

	/* dev_err_probe() is silent about this error. */
	if (desc->buffer_size > desc->size ||
	    buffer_alloc(region, desc->buffer_size, &pool->fixed)) {
		dev_err(region->owner,
			"%s: buffer-size: 0x%llx contiguous bytes are not free in %s (0x%llx bytes); %s\n",
			desc->node, desc->buffer_size, desc->reserved_by, desc->size,
			shortage_remedy(desc, &pool->dev));
		return -ENOMEM;
	}
	region->base = physical_address(pool->fixed.vaddr);
	region->size = desc->buffer_size;
	return 0;
}

static int extmem_cma_attach(struct extmem_region *region)
{
	struct extmem_cma_pool *pool = pool_alloc(region->owner);
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
		buffer_free(region, &pool->fixed);
	pool_leave(pool);
}

static unsigned long buffer_key(const void *vaddr)
{
	return (unsigned long)vaddr >> PAGE_SHIFT;
}

static int map_new_buffer(struct extmem_region *region, size_t size,
			  struct iosys_map *map)
{
	struct extmem_cma_pool *pool = region->backend_data;
	struct extmem_cma_buffer *buf = kzalloc(sizeof(*buf), GFP_KERNEL);
	int ret;

	if (!buf)
		return -ENOMEM;
	ret = buffer_alloc(region, size, buf);
	if (ret)
		goto err_free;
	ret = xa_insert(&pool->buffers, buffer_key(buf->vaddr), buf, GFP_KERNEL);
	if (ret)
		goto err_buffer;
	iosys_map_set_vaddr(map, buf->vaddr);
	return 0;

err_buffer:
	buffer_free(region, buf);
err_free:
	kfree(buf);
	return ret;
}

static int extmem_cma_map(struct extmem_region *region, u64 offset, size_t size,
			  struct iosys_map *map)
{
	struct extmem_cma_pool *pool = region->backend_data;

	if (!region->desc.buffer_size)
		return map_new_buffer(region, size, map);
	iosys_map_set_vaddr(map, pool->fixed.vaddr + offset);
	return 0;
}

static void extmem_cma_unmap(struct extmem_region *region, size_t size,
			     struct iosys_map *map)
{
	struct extmem_cma_pool *pool = region->backend_data;
	struct extmem_cma_buffer *buf;

	if (region->desc.buffer_size)
		return;
	buf = xa_erase(&pool->buffers, buffer_key(map->vaddr));
	if (WARN_ON(!buf))
		return;
	buffer_free(region, buf);
	kfree(buf);
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
static pgprot_t extmem_cma_pgprot(struct extmem_region *region, pgprot_t prot)
{
	struct extmem_cma_pool *pool = region->backend_data;

	if (region->desc.reservation == EXTMEM_COHERENT_POOL)
		return coherent_pool_pgprot(prot);
	if (is_cached(&region->desc) || dev_is_dma_coherent(&pool->dev))
		return prot;
	return region->desc.policy == EXTMEM_WRITE_COMBINE ? pgprot_writecombine(prot) :
							     pgprot_dmacoherent(prot);
}

static int extmem_cma_sync(struct extmem_region *region, const struct iosys_map *map,
			   u64 offset, size_t size, bool for_cpu)
{
	struct extmem_cma_pool *pool = region->backend_data;
	dma_addr_t dma = pool->fixed.dma + offset;

	if (for_cpu)
		dma_sync_single_for_cpu(&pool->dev, dma, size, DMA_BIDIRECTIONAL);
	else
		dma_sync_single_for_device(&pool->dev, dma, size, DMA_BIDIRECTIONAL);
	return 0;
}

static const struct extmem_backend_ops extmem_cma_ops = {
	.attach = extmem_cma_attach,
	.detach = extmem_cma_detach,
	.map = extmem_cma_map,
	.unmap = extmem_cma_unmap,
	.pgprot = extmem_cma_pgprot,
	.sync = extmem_cma_sync,
};

static struct extmem_backend extmem_cma = {
	.name = "cma",
	.ops = &extmem_cma_ops,
};
module_extmem_backend(extmem_cma);

MODULE_ALIAS("extmem-backend-cma");
MODULE_DESCRIPTION("extmem: buffers from reserved pools");
MODULE_LICENSE("GPL");
