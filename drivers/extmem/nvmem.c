// SPDX-License-Identifier: GPL-2.0
/*
 * A region whose node has a nvmem-layout, as the nvmem device that the layout is of: what
 * is in it, such as a MAC address, reaches other drivers by the cells that they name.
 *
 * The nvmem device is a child of the region's, so that whoever keeps one of its cells
 * longer than the region is there finds the gate closed.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/nvmem-provider.h>
#include <linux/of.h>

#include "internal.h"

static int check_cell(const struct extmem_region *region, unsigned int offset, size_t bytes)
{
	if (offset <= region->size && bytes <= region->size - offset)
		return 0;
	dev_err_ratelimited(region->owner,
			    "%s: nvmem-layout: 0x%zx bytes at 0x%x lie outside the region (0x%llx); make the cell fit\n",
			    region->desc.node, bytes, offset, region->size);
	return -EINVAL;
}

static int read_region(struct extmem_region *region, unsigned int offset, void *to,
		       size_t bytes)
{
	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	return extmem_io_get(region, extmem_units(&region->desc, offset, bytes), offset, to,
			     bytes);
}

static int write_region(struct extmem_region *region, unsigned int offset, void *from,
			size_t bytes)
{
	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	return extmem_io_put(region, extmem_units(&region->desc, offset, bytes), offset, from,
			     bytes);
}

/* It is on for each access by itself: a cell is read once, as a rule. */
static int extmem_nvmem_read(void *data, unsigned int offset, void *to, size_t bytes)
{
	struct extmem_region *region = data;
	int ret = check_cell(region, offset, bytes);

	if (ret || !bytes)
		return ret;
	ret = extmem_power_get(region);
	if (ret)
		return ret;
	ret = read_region(region, offset, to, bytes);
	extmem_power_put(region);
	return ret;
}

static int extmem_nvmem_write(void *data, unsigned int offset, void *from, size_t bytes)
{
	struct extmem_region *region = data;
	int ret = check_cell(region, offset, bytes);

	if (ret || !bytes)
		return ret;
	ret = extmem_power_get(region);
	if (ret)
		return ret;
	ret = write_region(region, offset, from, bytes);
	extmem_power_put(region);
	return ret;
}

static void unregister(void *nvmem)
{
	nvmem_unregister(nvmem);
}

static int provide(struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->desc;
	int width = desc->policy == EXTMEM_UNCACHED && desc->io_width ? desc->io_width : 1;
	struct nvmem_config config = {
		.dev = &region->dev,
		.name = desc->name,
		.id = NVMEM_DEVID_NONE,
		.owner = THIS_MODULE,
		.root_only = true,
		.ignore_wp = true,
		.read_only = !extmem_is_writable(region),
		.of_node = extmem_of_nvmem_node(region->owner->of_node),
		.reg_read = extmem_nvmem_read,
		.reg_write = extmem_nvmem_write,
		.size = region->size,
		.word_size = width,
		.stride = width,
		.priv = region,
	};
	struct nvmem_device *nvmem = nvmem_register(&config);

	of_node_put(config.of_node);	/* the region's device holds it, or its parent */
	if (IS_ERR(nvmem))
		return PTR_ERR(nvmem);
	return devm_add_action_or_reset(region->owner, unregister, nvmem);
}

/**
 * extmem_nvmem_add() - have other drivers read the cells in a region
 * @region: the region, which is being probed; no partition
 *
 * The log says so when it fails. The region is there all the same.
 */
void extmem_nvmem_add(struct extmem_region *region)
{
	int ret = provide(region);

	if (ret == -EOPNOTSUPP)
		dev_err(region->owner,
			"%s: nvmem-layout: this kernel has no cells; use one with CONFIG_NVMEM and CONFIG_NVMEM_LAYOUTS\n",
			region->desc.node);
	else if (ret)
		dev_err(region->owner,
			"%s: nvmem-layout: its cells cannot be read: %pe; for -EEXIST, give it another label\n",
			region->desc.node, ERR_PTR(ret));
}
