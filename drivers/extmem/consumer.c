// SPDX-License-Identifier: GPL-2.0
/*
 * Regions for other drivers: from the phandle in a device's node to the memory, and back.
 *
 * Who has a region is linked to its platform device, and so is unbound before the region
 * is. The device lock of the region's is held while the link is made: unbinding holds it,
 * from the time when it has found that there are no links, till the region is gone.
 *
 * A partition can go while its region stays. The link says nothing of that, so who has it
 * is in a list.
 */
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/extmem.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "internal.h"

/**
 * struct consumer_claim - a range that a driver has claimed
 * @sibling: in extmem.claims
 * @range: the range
 */
struct consumer_claim {
	struct list_head sibling;
	struct extmem_range range;
};

static DEFINE_MUTEX(consumers_lock);	/* guards the consumers of all regions */

static bool is_big_endian(const struct extmem_desc *desc)
{
	return desc->type == EXTMEM_MMIO && extmem_units(desc, 0, 1).big_endian;
}

/* He has it on from here on, and may keep addresses of it. */
static int switch_on(struct extmem_region *region)
{
	int ret = extmem_power_get(region);

	if (!ret)
		extmem_power_fix_view(region, 1);
	return ret;
}

static void switch_off(struct extmem_region *region)
{
	extmem_power_fix_view(region, -1);
	extmem_power_put(region);
}

/* Takes over the reference to the region. */
static struct extmem *make_handle(struct device *dev, struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->desc;
	struct extmem *mem = kzalloc(sizeof(*mem), GFP_KERNEL);
	int ret = mem ? switch_on(region) : -ENOMEM;

	if (ret) {
		kfree(mem);
		put_device(&region->dev);
		return ERR_PTR(ret);
	}
	*mem = (struct extmem) {
		.name = desc->name,
		.base = region->base,
		.size = region->size,
		.type = desc->type,
		.policy = desc->policy,
		.io_width = desc->policy == EXTMEM_UNCACHED ? desc->io_width : 0,
		.big_endian = is_big_endian(desc),
		.read_only = desc->read_only,
		.region = region,
		.dev = get_device(dev),
	};
	INIT_LIST_HEAD(&mem->claims);
	guard(mutex)(&consumers_lock);
	list_add(&mem->sibling, &region->consumers);
	return mem;
}

static int wait_for(struct device *dev, struct device_node *np)
{
	return dev_err_probe(dev, -EPROBE_DEFER, "%pOF: extmem: waiting for %pOF\n",
			     dev->of_node, np);
}

/* The region of a node, held, if it is there and stays. */
static struct extmem_region *find_region(struct device_node *np)
{
	char *path __free(kfree) = kasprintf(GFP_KERNEL, "%pOF", np);
	struct extmem_region *region = path ? extmem_index_find(path) : NULL;

	if (!region || READ_ONCE(region->open))
		return region;
	put_device(&region->dev);
	return NULL;
}

static int refuse_circle(struct device *dev, struct device_node *np)
{
	dev_err(dev, "%pOF: extmem: %pOF cannot come first, for it needs this device itself; remove one of the two references\n",
		dev->of_node, np);
	return -EINVAL;
}

/* Whose probe may be what probes the device, with its lock held. */
static bool is_above(const struct device *owner, const struct device *dev)
{
	while (dev && dev != owner)
		dev = dev->parent;
	return dev;
}

static struct extmem *get_and_link(struct device *dev, struct device *owner,
				   struct device_node *np)
{
	struct extmem_region *region;

	device_lock_assert(owner);
	region = find_region(np);
	if (!region)
		return ERR_PTR(wait_for(dev, np));
	if (device_link_add(dev, owner, DL_FLAG_AUTOREMOVE_CONSUMER))
		return make_handle(dev, region);
	put_device(&region->dev);
	return ERR_PTR(refuse_circle(dev, np));
}

static int refuse_target(struct device *dev, struct device_node *np)
{
	dev_err(dev, "%pOF: extmem: %pOF is no region; point it to a node that is compatible to \"%s\", or to a partition of one\n",
		dev->of_node, np, EXTMEM_COMPATIBLE);
	return -EINVAL;
}

static int refuse_disabled(struct device *dev, struct device_node *np)
{
	dev_err(dev, "%pOF: extmem: %pOF is disabled; set its status to \"okay\"\n",
		dev->of_node, np);
	return -ENODEV;
}

static struct extmem *get_from(struct device *dev, struct device_node *root,
			       struct device_node *np)
{
	struct platform_device *owner = of_find_device_by_node(root);
	struct extmem *mem;

	if (!owner)
		return ERR_PTR(wait_for(dev, np));
	if (is_above(&owner->dev, dev)) {
		mem = ERR_PTR(refuse_circle(dev, np));
	} else {
		device_lock(&owner->dev);
		mem = get_and_link(dev, &owner->dev, np);
		device_unlock(&owner->dev);
	}
	put_device(&owner->dev);
	return mem;
}

static struct extmem *get_node(struct device *dev, struct device_node *np)
{
	struct device_node *root = extmem_of_region_of(np);
	struct extmem *mem;

	if (!root)
		return ERR_PTR(refuse_target(dev, np));
	if (!of_device_is_available(root))
		mem = ERR_PTR(refuse_disabled(dev, root));
	else if (!of_device_is_available(np))
		mem = ERR_PTR(refuse_disabled(dev, np));
	else
		mem = get_from(dev, root, np);
	of_node_put(root);
	return mem;
}

static struct extmem *get_entry(struct device *dev, int index)
{
	struct device_node *np;
	struct extmem *mem;

	/* Nobody would unbind it before the region goes. */
	if (WARN_ON(!dev->driver))
		return ERR_PTR(-EINVAL);
	np = of_parse_phandle(dev->of_node, "extmem", index);
	if (np) {
		mem = get_node(dev, np);
		of_node_put(np);
		return mem;
	}
	dev_err(dev, "%pOF: extmem: entry %d leads nowhere; point it to a region\n",
		dev->of_node, index);
	return ERR_PTR(-EINVAL);
}

static bool has_entry(const struct device *dev, int index)
{
	return index >= 0 && index < of_count_phandle_with_args(dev->of_node, "extmem", NULL);
}

/* The first one, where no name is given. */
static int index_of(const struct device *dev, const char *name)
{
	return name ? of_property_match_string(dev->of_node, "extmem-names", name) : 0;
}

/**
 * extmem_get_index_optional() - get a region that need not be
 * @dev: the device, which is being probed or is bound, and whose node names the region
 * @index: which of those in its property extmem
 *
 * Return: NULL if there is no such entry, else as extmem_get_index().
 */
struct extmem *extmem_get_index_optional(struct device *dev, unsigned int index)
{
	return has_entry(dev, index) ? get_entry(dev, index) : NULL;
}
EXPORT_SYMBOL_GPL(extmem_get_index_optional);

/**
 * extmem_get_index() - get a region by its place
 * @dev: the device, which is being probed or is bound, and whose node names the region
 * @index: which of those in its property extmem, from 0
 *
 * The log says why when it fails, except that what has to be waited for is said by
 * devices_deferred in debugfs only. May sleep.
 *
 * Return: the region, for extmem_put(), -EPROBE_DEFER until it is there, -ENOENT if there
 * is no such entry, -EINVAL if it leads to no region or if that one needs @dev, -ENODEV if
 * it is disabled, -ENOMEM, or why it cannot be switched on.
 */
struct extmem *extmem_get_index(struct device *dev, unsigned int index)
{
	if (has_entry(dev, index))
		return get_entry(dev, index);
	dev_err(dev, "%pOF: extmem: has no entry %u; add the phandle of a region\n",
		dev->of_node, index);
	return ERR_PTR(-ENOENT);
}
EXPORT_SYMBOL_GPL(extmem_get_index);

/**
 * extmem_get_optional() - get a region that need not be
 * @dev: as extmem_get()
 * @name: as there
 *
 * Return: NULL if there is no such name, else as extmem_get().
 */
struct extmem *extmem_get_optional(struct device *dev, const char *name)
{
	int index = index_of(dev, name);

	return has_entry(dev, index) ? get_entry(dev, index) : NULL;
}
EXPORT_SYMBOL_GPL(extmem_get_optional);

/**
 * extmem_get() - get a region
 * @dev: the device, which is being probed or is bound, and whose node names the region
 * @name: which of those in its property extmem-names; NULL for the first one
 *
 * The device is unbound before the region is, and once it has got a region that is so
 * until it is unbound, even after extmem_put(). Likewise it is suspended before the region
 * is when the machine goes to sleep. Else the memory is on until extmem_put().
 *
 * Return: the region, for extmem_put(), -ENOENT if there is no such name, else as
 * extmem_get_index().
 */
struct extmem *extmem_get(struct device *dev, const char *name)
{
	int index = index_of(dev, name);

	if (index >= 0)
		return extmem_get_index(dev, index);
	dev_err(dev, "%pOF: extmem-names: has no \"%s\"; add it, and its region to extmem\n",
		dev->of_node, name);
	return ERR_PTR(-ENOENT);
}
EXPORT_SYMBOL_GPL(extmem_get);

static struct consumer_claim *find_claim(struct extmem *mem, u64 offset, u64 size)
{
	u64 first = extmem_offset_in_root(mem->region) + offset;
	struct consumer_claim *claim;

	list_for_each_entry(claim, &mem->claims, sibling)
		if (claim->range.first == first && claim->range.last == first + size - 1)
			return claim;
	return NULL;
}

static void drop_claim(struct extmem *mem, struct consumer_claim *claim)
{
	extmem_range_release(mem->region, &claim->range);
	list_del(&claim->sibling);
	kfree(claim);
}

/**
 * extmem_put() - let a region go, and all that was claimed of it
 * @mem: what extmem_get() or one like it gave; may be NULL
 */
void extmem_put(struct extmem *mem)
{
	struct consumer_claim *claim, *next;

	if (!mem)
		return;
	list_for_each_entry_safe(claim, next, &mem->claims, sibling)
		drop_claim(mem, claim);
	scoped_guard(mutex, &consumers_lock)
		list_del(&mem->sibling);
	switch_off(mem->region);
	put_device(&mem->region->dev);
	put_device(mem->dev);
	kfree(mem);
}
EXPORT_SYMBOL_GPL(extmem_put);

/* One that has it, held, unless he is unbound and has forgotten to put it. */
static struct device *find_consumer(const struct extmem_region *region)
{
	const struct extmem *mem;

	guard(mutex)(&consumers_lock);
	list_for_each_entry(mem, &region->consumers, sibling)
		if (READ_ONCE(mem->dev->driver))
			return get_device(mem->dev);
	return NULL;
}

/**
 * extmem_consumers_unbind() - unbind the drivers that have a region
 * @region: the partition, which is closed; held; its device is not locked, which who is
 *	being probed may wait for
 */
void extmem_consumers_unbind(struct extmem_region *region)
{
	struct device *dev;

	while ((dev = find_consumer(region))) {
		device_release_driver(dev);
		put_device(dev);
	}
}

static bool names(const struct device *dev, const struct device_node *np)
{
	struct device_node *entry;
	int i;

	for (i = 0; has_entry(dev, i); i++) {
		entry = of_parse_phandle(dev->of_node, "extmem", i);
		of_node_put(entry);
		if (entry == np)
			return true;
	}
	return false;
}

static int retry_if_waiting(struct device *dev, void *np)
{
	if (!READ_ONCE(dev->driver) && names(dev, np) && device_attach(dev) < 0)
		dev_dbg(dev, "went while it was about to be retried\n");
	return 0;
}

/**
 * extmem_consumers_retry() - have those drivers probed that may wait for a partition
 * @np: its node; its region's device is not locked
 *
 * The driver core probes them again when a device was bound. A partition is none.
 */
void extmem_consumers_retry(struct device_node *np)
{
	bus_for_each_dev(&platform_bus_type, NULL, np, retry_if_waiting);
}

static void put_region(void *mem)
{
	extmem_put(mem);
}

static struct extmem *manage(struct device *dev, struct extmem *mem)
{
	int ret;

	if (IS_ERR_OR_NULL(mem))
		return mem;
	ret = devm_add_action_or_reset(dev, put_region, mem);
	return ret ? ERR_PTR(ret) : mem;
}

/**
 * devm_extmem_get() - extmem_get(), with extmem_put() when the device is unbound
 * @dev: as there
 * @name: as there
 *
 * Return: as there.
 */
struct extmem *devm_extmem_get(struct device *dev, const char *name)
{
	return manage(dev, extmem_get(dev, name));
}
EXPORT_SYMBOL_GPL(devm_extmem_get);

/**
 * devm_extmem_get_optional() - extmem_get_optional(), and extmem_put() likewise
 * @dev: as there
 * @name: as there
 *
 * Return: as there.
 */
struct extmem *devm_extmem_get_optional(struct device *dev, const char *name)
{
	return manage(dev, extmem_get_optional(dev, name));
}
EXPORT_SYMBOL_GPL(devm_extmem_get_optional);

/**
 * devm_extmem_get_index() - extmem_get_index(), and extmem_put() likewise
 * @dev: as there
 * @index: as there
 *
 * Return: as there.
 */
struct extmem *devm_extmem_get_index(struct device *dev, unsigned int index)
{
	return manage(dev, extmem_get_index(dev, index));
}
EXPORT_SYMBOL_GPL(devm_extmem_get_index);

/**
 * devm_extmem_get_index_optional() - extmem_get_index_optional(), and extmem_put() likewise
 * @dev: as there
 * @index: as there
 *
 * Return: as there.
 */
struct extmem *devm_extmem_get_index_optional(struct device *dev, unsigned int index)
{
	return manage(dev, extmem_get_index_optional(dev, index));
}
EXPORT_SYMBOL_GPL(devm_extmem_get_index_optional);

/**
 * extmem_claim_range() - have a range of a region for oneself
 * @mem: the region
 * @offset: first byte
 * @size: bytes
 *
 * Nobody else who claims a part of it gets it, not even by way of a partition or of the
 * region that this is a partition of. Users are not kept out. The log says who has it
 * when it is somebody's already.
 *
 * Return: 0, -EINVAL if there is no such range, -EBUSY, -ENOMEM.
 */
int extmem_claim_range(struct extmem *mem, u64 offset, u64 size)
{
	struct consumer_claim *claim = kzalloc(sizeof(*claim), GFP_KERNEL);
	int ret;

	if (!claim)
		return -ENOMEM;
	ret = extmem_range_claim(mem->region, offset, size, dev_name(mem->dev),
				 &claim->range);
	if (ret)
		kfree(claim);
	else
		list_add(&claim->sibling, &mem->claims);
	return ret;
}
EXPORT_SYMBOL_GPL(extmem_claim_range);

/**
 * extmem_release_range() - undo extmem_claim_range()
 * @mem: as there
 * @offset: as there
 * @size: as there
 */
void extmem_release_range(struct extmem *mem, u64 offset, u64 size)
{
	struct consumer_claim *claim = find_claim(mem, offset, size);

	if (!WARN_ON(!claim))
		drop_claim(mem, claim);
}
EXPORT_SYMBOL_GPL(extmem_release_range);

/**
 * extmem_map() - have a region in the kernel's address space
 * @mem: the region
 * @map: filled; good until extmem_put()
 *
 * It is mapped once, whoever asks, and stays so. @map is of I/O memory or of memory; the
 * functions of linux/iosys-map.h take both. May sleep.
 *
 * Return: 0, -ENXIO for a pool, -EFBIG if the kernel has not that many addresses, or
 * another negative errno.
 */
int extmem_map(struct extmem *mem, struct iosys_map *map)
{
	return extmem_region_view(mem->region, map);
}
EXPORT_SYMBOL_GPL(extmem_map);

static int check_range(const struct extmem *mem, u64 offset, size_t size)
{
	if (!extmem_has_memory(mem->region))
		return -ENXIO;
	if (offset > mem->size || size > mem->size - offset)
		return -EINVAL;
	return extmem_is_whole(mem->region, offset, size) ? 0 : -EINVAL;
}

static struct extmem_units units_of(const struct extmem *mem, u64 offset, size_t size)
{
	struct extmem_region *region = mem->region;

	return extmem_units(&region->root->desc, extmem_offset_in_root(region) + offset, size);
}

/**
 * extmem_read() - copy from a region
 * @mem: the region
 * @offset: first byte
 * @to: where to
 * @size: bytes
 *
 * Registers are read in the width and the byte order that the DT says, each once and in
 * order, and are numbers of the CPU's in @to. Does not sleep after extmem_map().
 *
 * Return: 0, -EINVAL for a range that is not in the region or not of whole registers, else
 * as extmem_map().
 */
int extmem_read(struct extmem *mem, u64 offset, void *to, size_t size)
{
	int ret = check_range(mem, offset, size);

	if (ret || !size)
		return ret;
	return extmem_io_get(mem->region, units_of(mem, offset, size), offset, to, size);
}
EXPORT_SYMBOL_GPL(extmem_read);

static int check_write(const struct extmem *mem, u64 offset, size_t size)
{
	int ret = check_range(mem, offset, size);

	if (!ret && mem->read_only)
		ret = -EPERM;
	return ret;
}

/**
 * extmem_write() - copy to a region
 * @mem: the region
 * @offset: first byte
 * @from: where from
 * @size: bytes
 *
 * Return: as extmem_read(), and -EPERM for what is read-only.
 */
int extmem_write(struct extmem *mem, u64 offset, const void *from, size_t size)
{
	int ret = check_write(mem, offset, size);

	if (ret || !size)
		return ret;
	return extmem_io_put(mem->region, units_of(mem, offset, size), offset, from, size);
}
EXPORT_SYMBOL_GPL(extmem_write);

/**
 * extmem_fill() - write the same to each byte of a range
 * @mem: the region
 * @offset: first byte
 * @value: of a byte
 * @size: bytes
 *
 * Return: as extmem_write().
 */
int extmem_fill(struct extmem *mem, u64 offset, u8 value, size_t size)
{
	struct extmem_window window;
	int ret = check_write(mem, offset, size);

	if (!ret && size)
		ret = extmem_window_open(mem->region, offset, size, &window);
	if (ret || !size)
		return ret;
	extmem_units_fill(units_of(mem, offset, size), &window.map, value, size);
	extmem_window_close(mem->region, &window);
	extmem_note_write(mem->region);
	return 0;
}
EXPORT_SYMBOL_GPL(extmem_fill);

/**
 * extmem_dma_buf_get() - have memory as a dma-buf
 * @mem: the region
 * @offset: first byte of a window; 0 for a pool
 * @size: bytes; of a buffer of a pool rounded up to whole pages
 * @addr: set to where it is: for a buffer, its DMA address for the device of the pool's
 *	node; for a window, its CPU address. For other devices, dma_buf_attach() and
 *	dma_buf_map_attachment() tell. May be NULL.
 *
 * A pool gives a buffer that is zeroed, the caller's alone, and outlives the region. All
 * others give a window of what is there, which importers are told to let go of when the
 * region goes. May sleep.
 *
 * Return: the dma-buf, for dma_buf_put(), -EINVAL for a window that is not whole pages of
 * the region or a buffer that is not 1 byte or more at 0, -EPERM for registers, -EOPNOTSUPP
 * for memory that has no one address or a pool whose backend hands out no buffers, -ENOMEM,
 * -EINTR.
 */
struct dma_buf *extmem_dma_buf_get(struct extmem *mem, u64 offset, u64 size,
				   dma_addr_t *addr)
{
	dma_addr_t dma = mem->base + offset;
	struct dma_buf *dmabuf;

	if (extmem_has_memory(mem->region))
		dmabuf = extmem_export(mem->region, offset, size, !mem->read_only);
	else if (!offset && size)
		dmabuf = extmem_dmabuf_alloc(mem->region, size, &dma);
	else
		dmabuf = ERR_PTR(-EINVAL);
	if (!IS_ERR(dmabuf) && addr)
		*addr = dma;
	return dmabuf;
}
EXPORT_SYMBOL_GPL(extmem_dma_buf_get);
