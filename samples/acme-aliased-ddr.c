// SPDX-License-Identifier: GPL-2.0
/*
 * An example: the backend of a SoC vendor. Acme's DDR answers at two addresses,
 * through the cache at the one that the DT gives, and past it 1 GiB higher. The
 * page tables have no say in it, so that extmem's own backends would map the cached
 * address and call it uncached.
 */
#include <linux/extmem-backend.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/sizes.h>

#define ALIAS SZ_1G

/* Both addresses, or another driver could map the same bytes in another way. */
static int acme_attach(struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->desc;
	int ret;

	if (desc->policy != EXTMEM_UNCACHED && desc->policy != EXTMEM_WRITE_BACK)
		return dev_err_probe(region->owner, -EOPNOTSUPP,
				     "%s: cache-policy: use \"uncached\" or \"write-back\", this memory has no other\n",
				     desc->node);
	ret = extmem_claim(region);
	if (ret)
		return ret;
	if (request_mem_region(region->base + ALIAS, region->size, desc->name))
		return 0;
	extmem_unclaim(region);
	return dev_err_probe(region->owner, -EBUSY,
			     "%s: reg: its alias at 0x%llx is claimed already; /proc/iomem says by whom\n",
			     desc->node, (u64)region->base + ALIAS);
}

static void acme_detach(struct extmem_region *region)
{
	release_mem_region(region->base + ALIAS, region->size);
	extmem_unclaim(region);
}

static int acme_map(struct extmem_region *region, u64 offset, size_t size,
		    struct iosys_map *map)
{
	phys_addr_t base = region->base + offset;
	void __iomem *io;
	void *vaddr;

	if (region->desc.policy == EXTMEM_UNCACHED) {
		io = ioremap(base + ALIAS, size);
		if (!io)
			return -ENOMEM;
		iosys_map_set_vaddr_iomem(map, io);
	} else {
		vaddr = memremap(base, size, MEMREMAP_WB);
		if (!vaddr)
			return -ENOMEM;
		iosys_map_set_vaddr(map, vaddr);
	}
	return 0;
}

static void acme_unmap(struct extmem_region *region, size_t size,
		       struct iosys_map *map)
{
	if (map->is_iomem)
		iounmap(map->vaddr_iomem);
	else
		memunmap(map->vaddr);
}

static const struct extmem_backend_ops acme_ops = {
	.attach = acme_attach,
	.detach = acme_detach,
	.map = acme_map,
	.unmap = acme_unmap,
};

static struct extmem_backend acme_aliased_ddr = {
	.name = "acme-aliased-ddr",
	.compatible = "acme,aliased-ddr",
	.ops = &acme_ops,
};
module_extmem_backend(acme_aliased_ddr);

MODULE_DESCRIPTION("extmem: DDR of Acme's that answers at two addresses");
MODULE_LICENSE("GPL");
