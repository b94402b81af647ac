// SPDX-License-Identifier: GPL-2.0
/*
 * The backend of memory that behaves like memory: write-combined, written through
 * or written back.
 */
#include <linux/extmem-backend.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/libnvdimm.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

/*
 * System RAM has been claimed since boot: a carve-out that the kernel maps is kept
 * from others by its reservation and by extmem's index. memremap() gives it by its
 * address in the linear map; rules.c has seen to it that it is all RAM, and to be
 * mapped write-back.
 */
static int extmem_memremap_attach(struct extmem_region *region)
{
	int ret;

	region->backend_data = NULL;
	if (region_intersects(region->base, region->size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT)
		return 0;
	ret = extmem_claim(region);
	if (!ret)
		region->backend_data = region;	/* claimed */
	return ret;
}

static void extmem_memremap_detach(struct extmem_region *region)
{
	if (region->backend_data)
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
				    "%s: cannot map 0x%zx bytes at 0x%llx: no room in the kernel's address space, or out of memory\n",
				    region->desc.node, size, region->base + offset);
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
};

static struct extmem_backend extmem_memremap = {
	.name = "memremap",
	.ops = &extmem_memremap_ops,
};
module_extmem_backend(extmem_memremap);

MODULE_ALIAS("extmem-backend-memremap");
MODULE_DESCRIPTION("extmem: write-combined, write-through and write-back memory");
MODULE_LICENSE("GPL");
