// SPDX-License-Identifier: GPL-2.0
/*
 * The backend of what is accessed uncached: registers, and memory of which every
 * single access has to reach it.
 */
#include <linux/extmem-backend.h>
#include <linux/io.h>
#include <linux/ioport.h>

/* System RAM is always claimed, so that ioremap() never meets any and never warns. */
static int extmem_ioremap_attach(struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->desc;

	if (request_mem_region(region->base, region->size, desc->name))
		return 0;
	return dev_err_probe(region->owner, -EBUSY,
			     "%s: %s: 0x%llx-0x%llx is claimed already; /proc/iomem says by whom: disable that driver or node, or this one\n",
			     desc->node, desc->reserved_by ? "memory-region" : "reg",
			     (u64)region->base, region->base + region->size - 1);
}

static void extmem_ioremap_detach(struct extmem_region *region)
{
	release_mem_region(region->base, region->size);
}

static int extmem_ioremap_map(struct extmem_region *region, u64 offset, size_t size,
			      struct iosys_map *map)
{
	void __iomem *vaddr;

	if (region->desc.nonposted)
		vaddr = ioremap_np(region->base + offset, size);
	else
		vaddr = ioremap(region->base + offset, size);
	if (!vaddr) {
		dev_err_ratelimited(region->owner,
				    "%s: cannot map 0x%zx bytes at 0x%llx: no room in the kernel's address space, or out of memory\n",
				    region->desc.node, size, region->base + offset);
		return -ENOMEM;
	}
	iosys_map_set_vaddr_iomem(map, vaddr);
	return 0;
}

static void extmem_ioremap_unmap(struct extmem_region *region, size_t size,
				 struct iosys_map *map)
{
	iounmap(map->vaddr_iomem);
}

static const struct extmem_backend_ops extmem_ioremap_ops = {
	.attach = extmem_ioremap_attach,
	.detach = extmem_ioremap_detach,
	.map = extmem_ioremap_map,
	.unmap = extmem_ioremap_unmap,
};

static struct extmem_backend extmem_ioremap = {
	.name = "ioremap",
	.ops = &extmem_ioremap_ops,
};
module_extmem_backend(extmem_ioremap);

MODULE_ALIAS("extmem-backend-ioremap");
MODULE_DESCRIPTION("extmem: uncached memory and registers");
MODULE_LICENSE("GPL");
