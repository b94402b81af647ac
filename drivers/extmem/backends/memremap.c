// SPDX-License-Identifier: GPL-2.0
/*
 * The backend of memory that behaves like memory: write-combined, written through
 * or written back.
 */
#include <linux/extmem-backend.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/libnvdimm.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/slab.h>

/*
 * System RAM has been claimed since boot: a carve-out that the kernel maps is kept
 * from others by its reservation and by extmem's index. memremap() gives it by its
 * address in the linear map; rules.c has seen to it that it is all RAM, and to be
 * mapped write-back.
 */
static bool is_claimed_since_boot(const struct extmem_region *region)
{
	return region_intersects(region->base, region->size, IORESOURCE_SYSTEM_RAM,
				 IORES_DESC_NONE) != REGION_DISJOINT;
}

static int extmem_memremap_attach(struct extmem_region *region)
{
	region->backend_data = NULL;
	return is_claimed_since_boot(region) ? 0 : extmem_claim(region);
}

#ifdef CONFIG_ZONE_DEVICE
/* As device-dax does: the pages are ordinary ones, and nobody's to free. */
static int extmem_memremap_make_pages(struct extmem_region *region)
{
	struct dev_pagemap *pagemap = kzalloc(sizeof(*pagemap), GFP_KERNEL);
	void *vaddr;

	if (!pagemap)
		return -ENOMEM;
	pagemap->type = MEMORY_DEVICE_GENERIC;
	pagemap->range.start = region->base;
	pagemap->range.end = region->base + region->size - 1;
	pagemap->nr_range = 1;
	vaddr = memremap_pages(pagemap, dev_to_node(region->owner));
	if (IS_ERR(vaddr)) {
		kfree(pagemap);
		return PTR_ERR(vaddr);
	}
	region->backend_data = pagemap;
	return 0;
}

static void unmake_pages(struct extmem_region *region)
{
	if (!region->backend_data)
		return;
	memunmap_pages(region->backend_data);
	kfree(region->backend_data);
}
#else
static void unmake_pages(struct extmem_region *region)
{
}
#endif

static void extmem_memremap_detach(struct extmem_region *region)
{
	unmake_pages(region);
	if (!is_claimed_since_boot(region))
		extmem_unclaim(region);
}

#ifdef CONFIG_RISCV
/* ioremap_wc() and with it MEMREMAP_WC is plain ioremap() there. */
static void *map_write_combine(phys_addr_t base, size_t size)
{
	pgprot_t prot = pgprot_writecombine(PAGE_KERNEL);

	return (void __force *)ioremap_prot(base, size, pgprot_val(prot));
}
#else
static void *map_write_combine(phys_addr_t base, size_t size)
{
	return memremap(base, size, MEMREMAP_WC);
}
#endif

static int extmem_memremap_map(struct extmem_region *region, u64 offset, size_t size,
			       struct iosys_map *map)
{
	phys_addr_t base = region->base + offset;
	void *vaddr = NULL;

	switch (region->desc.policy) {
	case EXTMEM_WRITE_COMBINE:
		vaddr = map_write_combine(base, size);
		break;
	case EXTMEM_WRITE_THROUGH:
		vaddr = memremap(base, size, MEMREMAP_WT);
		break;
	case EXTMEM_WRITE_BACK:
		vaddr = memremap(base, size, MEMREMAP_WB);
		break;
	case EXTMEM_UNCACHED:
		return -EOPNOTSUPP;
	}
	if (!vaddr) {
		dev_err_ratelimited(region->owner,
				    "%s: cannot map 0x%zx bytes: no room in the kernel's address space, or out of memory\n",
				    region->desc.node, size);
		return -ENOMEM;
	}
	iosys_map_set_vaddr(map, vaddr);
	return 0;
}

/* An address in the linear map is left alone. */
static void extmem_memremap_unmap(struct extmem_region *region, size_t size,
				  struct iosys_map *map)
{
	memunmap(map->vaddr);
}

static pgprot_t extmem_memremap_pgprot(struct extmem_region *region, pgprot_t prot)
{
	switch (region->desc.policy) {
	case EXTMEM_WRITE_COMBINE:
		return pgprot_writecombine(prot);
	case EXTMEM_WRITE_THROUGH:
		return pgprot_writethrough(prot);
	default:
		return prot;
	}
}

#ifdef CONFIG_RISCV
/* Not every machine has the instructions; without them, the calls do nothing. */
static bool can_sync(void)
{
	return riscv_cbom_block_size;
}
#else
static bool can_sync(void)
{
	return true;
}
#endif

/* Written back first even for the CPU, or who may only read could undo writes. */
static int extmem_memremap_sync(struct extmem_region *region, const struct iosys_map *map,
				u64 offset, size_t size, bool for_cpu)
{
	if (!IS_ENABLED(CONFIG_ARCH_HAS_PMEM_API) || !can_sync())
		return -EOPNOTSUPP;
	arch_wb_cache_pmem(map->vaddr, size);
	if (for_cpu)
		arch_invalidate_pmem(map->vaddr, size);
	return 0;
}

static const struct extmem_backend_ops extmem_memremap_ops = {
	.attach = extmem_memremap_attach,
	.detach = extmem_memremap_detach,
	.map = extmem_memremap_map,
	.unmap = extmem_memremap_unmap,
	.pgprot = extmem_memremap_pgprot,
	.sync = extmem_memremap_sync,
#ifdef CONFIG_ZONE_DEVICE
	.make_pages = extmem_memremap_make_pages,
#endif
};

static struct extmem_backend extmem_memremap = {
	.name = "memremap",
	.ops = &extmem_memremap_ops,
};
module_extmem_backend(extmem_memremap);

MODULE_ALIAS("extmem-backend-memremap");
MODULE_DESCRIPTION("extmem: write-combined, write-through and write-back memory");
MODULE_LICENSE("GPL");
