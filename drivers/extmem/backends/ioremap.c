// SPDX-License-Identifier: GPL-2.0
/*
 * The backend of what is accessed uncached: registers, and memory of which every
 * single access has to reach it.
 */
#include <linux/extmem-backend.h>
#include <linux/io.h>
#include <linux/pgtable.h>

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
				    "%s: cannot map 0x%zx bytes: no room in the kernel's address space, or out of memory\n",
				    region->desc.node, size);
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

/* pgprot_noncached() would be ioremap_np() on arm64, and is ioremap() elsewhere. */
static pgprot_t extmem_ioremap_pgprot(struct extmem_region *region, pgprot_t prot)
{
	return region->desc.nonposted ? pgprot_noncached(prot) : pgprot_device(prot);
}

static const struct extmem_backend_ops extmem_ioremap_ops = {
	/* System RAM cannot be claimed, so that ioremap() never meets any and warns. */
	.attach = extmem_claim,
	.detach = extmem_unclaim,
	.map = extmem_ioremap_map,
	.unmap = extmem_ioremap_unmap,
	.pgprot = extmem_ioremap_pgprot,
};

static struct extmem_backend extmem_ioremap = {
	.name = "ioremap",
	.ops = &extmem_ioremap_ops,
};
module_extmem_backend(extmem_ioremap);

MODULE_ALIAS("extmem-backend-ioremap");
MODULE_DESCRIPTION("extmem: uncached memory and registers");
MODULE_LICENSE("GPL");
