// SPDX-License-Identifier: GPL-2.0
/*
 * A region from its birth to its last reference: the device, the gate and the
 * kernel's view of the memory.
 *
 * Unbind goes: close the gate, wait for those inside, give the interrupts back, take the
 * mappings away, have the
 * exported windows let go of, wait for who holds pages, let the backend give the memory
 * back, switch it off, unregister. Whoever
 * holds the device after that finds the gate closed.
 *
 * Before the memory goes off with the region still there, users' mappings and exported
 * windows are taken away likewise, and come back when it is on and they are touched. The
 * view goes, too, unless a driver has addresses of it, who sees to it himself that he does
 * not use them: nobody else finds it.
 */
#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "internal.h"
#include "trace.h"

#define SYNC_CHUNK	SZ_1M

static char *extmem_devnode(const struct device *dev, umode_t *mode)
{
	if (mode)
		*mode = 0600;
	return kasprintf(GFP_KERNEL, "extmem/%s", dev_name(dev));
}

/* Not const: Linux 6.1 keeps its own data in it. */
struct class extmem_class = {
	.name = "extmem",
	.devnode = extmem_devnode,
};

static void extmem_region_release(struct device *dev)
{
	struct extmem_region *region = to_extmem_region(dev);

	if (extmem_is_partition(region)) {
		put_device(&region->root->dev);
	} else {
		extmem_mapping_free(region);
		extmem_engine_free(region);
		extmem_irqs_free(region);
		extmem_power_free(region);
		cleanup_srcu_struct(&region->gate);
	}
	extmem_stats_free(region);
	mutex_destroy(&region->files_lock);
	mutex_destroy(&region->ranges_lock);
	mutex_destroy(&region->windows_lock);
	mutex_destroy(&region->pages_lock);
	mutex_destroy(&region->view_lock);
	kfree_const(region->desc.node);
	kfree_const(region->desc.alias);
	kfree_const(region->desc.reserved_by);
	kfree(region);
}

static const struct device_type extmem_region_type = {
	.name = "extmem-region",
	.groups = extmem_region_groups,
	.uevent = extmem_region_uevent,
	.release = extmem_region_release,
};

static int copy_desc(struct extmem_region *region, const struct extmem_desc *desc)
{
	region->desc = *desc;
	region->desc.reserved_by = NULL;
	region->desc.irq_names = NULL;
	region->desc.node = kstrdup_const(desc->node, GFP_KERNEL);
	region->desc.alias = kstrdup_const(desc->alias, GFP_KERNEL);
	if (!region->desc.node || !region->desc.alias != !desc->alias)
		return -ENOMEM;
	if (!desc->reserved_by)
		return 0;
	region->desc.reserved_by = kstrdup_const(desc->reserved_by, GFP_KERNEL);
	return region->desc.reserved_by ? 0 : -ENOMEM;
}

/* A region that is not yet known to anybody; put_device() ends it. */
static struct extmem_region *region_alloc(struct extmem_region *root,
					  struct device *parent,
					  const struct extmem_desc *desc)
{
	struct extmem_region *region = kzalloc(sizeof(*region), GFP_KERNEL);
	int ret;

	if (!region)
		return ERR_PTR(-ENOMEM);
	if (!root) {
		ret = init_srcu_struct(&region->gate);
		if (ret) {
			kfree(region);
			return ERR_PTR(ret);
		}
	} else {
		get_device(&root->dev);
	}
	region->root = root ?: region;
	INIT_LIST_HEAD(&region->partitions);
	INIT_LIST_HEAD(&region->consumers);
	INIT_LIST_HEAD(&region->files);
	INIT_LIST_HEAD(&region->windows);
	INIT_LIST_HEAD(&region->ranges);
	mutex_init(&region->files_lock);
	mutex_init(&region->view_lock);
	mutex_init(&region->pages_lock);
	mutex_init(&region->windows_lock);
	mutex_init(&region->ranges_lock);
	spin_lock_init(&region->use.lock);
	init_waitqueue_head(&region->wait);
	device_initialize(&region->dev);
	region->dev.class = &extmem_class;
	region->dev.type = &extmem_region_type;
	region->dev.parent = parent;

	ret = copy_desc(region, desc);
	if (!ret)
		ret = extmem_stats_new(region);
	if (!ret && !root)
		ret = extmem_mapping_new(region);
	if (!ret)
		ret = dev_set_name(&region->dev, "%s", region->desc.name);
	if (ret) {
		put_device(&region->dev);
		return ERR_PTR(ret);
	}
	return region;
}

static int write_back_chunk(struct extmem_region *root, u64 offset, size_t size)
{
	struct iosys_map map;
	int ret;

	ret = root->backend->ops->map(root, offset, size, &map);
	if (ret)
		return ret;
	ret = root->backend->ops->sync(root, &map, offset, size, true);
	root->backend->ops->unmap(root, size, &map);
	return ret;
}

/* What is in the CPU's caches would be written when there is nobody to take it. */
static int empty_caches(struct extmem_region *root)
{
	u64 offset;
	int ret = 0;

	if (!extmem_is_cached(&root->desc))
		return 0;
	for (offset = 0; offset < root->size && !ret; offset += SYNC_CHUNK)
		ret = write_back_chunk(root, offset,
				       min_t(u64, SYNC_CHUNK, root->size - offset));
	return ret;
}

/* Found out by doing so, before there is anything in them. */
static int check_caches(struct extmem_region *root, struct extmem_verdict *verdict)
{
	int ret;

	if (!root->power || !extmem_is_cached(&root->desc))
		return 0;
	ret = extmem_power_get(root);
	if (ret)
		return ret;
	ret = root->backend->ops->sync ?
	      write_back_chunk(root, 0, min_t(u64, PAGE_SIZE, root->size)) : -EOPNOTSUPP;
	extmem_power_put(root);
	if (ret != -EOPNOTSUPP)
		return ret;
	return extmem_refuse(verdict, ret, root->desc.node, "cache-policy",
			     "\"%s\" is refused with %s, for this machine does not write its caches back before the memory goes off; use \"write-combine\"",
			     extmem_policy_name(root->desc.policy), root->desc.power);
}

static int region_attach(struct extmem_region *region, struct device *owner,
			 struct extmem_backend *backend, struct extmem_verdict *verdict)
{
	int ret;

	region->owner = owner;
	region->base = region->desc.base;
	region->size = region->desc.size;
	ret = backend->ops->attach(region);
	if (ret)
		return ret;
	region->backend = backend;
	ret = extmem_engine_get(region);
	if (ret)
		goto err_backend;
	ret = extmem_power_find(region, verdict);
	if (ret)
		goto err_engine;
	ret = check_caches(region, verdict);
	if (ret)
		goto err_power;
	WRITE_ONCE(region->open, true);
	return 0;

err_power:
	extmem_power_end(region);
err_engine:
	extmem_engine_put(region);
err_backend:
	backend->ops->detach(region);
	return ret;
}

static void drop_view(struct extmem_region *region)
{
	guard(mutex)(&region->view_lock);
	if (!region->has_view && !region->view_is_kept)
		return;
	region->backend->ops->unmap(region, region->size, &region->view);
	region->has_view = false;
	region->view_is_kept = false;
}

/* None is added any more of what is closed. */
static void revoke_windows(struct extmem_region *region)
{
	struct extmem_exported *window;

	guard(mutex)(&region->windows_lock);
	list_for_each_entry(window, &region->windows, sibling)
		window->revoke(window);
}

/* With all partitions. */
static void close_gate(struct extmem_region *root)
{
	struct extmem_region *partition;

	WRITE_ONCE(root->open, false);
	list_for_each_entry(partition, &root->partitions, sibling)
		WRITE_ONCE(partition->open, false);
	wake_up_all(&root->wait);
}

static void region_detach(struct extmem_region *region)
{
	close_gate(region);
	extmem_engine_cancel(region);
	synchronize_srcu(&region->gate);
	extmem_irqs_put(region);
	extmem_engine_put(region);
	extmem_mapping_zap(region);
	revoke_windows(region);
	extmem_pages_wait(region);
	drop_view(region);
	if (region->power && !region->off)
		empty_caches(region);
	region->backend->ops->detach(region);
	extmem_power_end(region);
}

/**
 * extmem_region_add() - make a region out of a sound description
 * @owner: its platform device
 * @desc: the description; copied
 * @machine: for its page size
 * @backend: who serves it; stays the caller's
 * @verdict: filled when another region is in the way
 *
 * Return: the region, for extmem_region_remove(), or an ERR_PTR.
 */
struct extmem_region *extmem_region_add(struct device *owner,
					const struct extmem_desc *desc,
					const struct extmem_machine *machine,
					struct extmem_backend *backend,
					struct extmem_verdict *verdict)
{
	struct extmem_region *region = region_alloc(NULL, owner, desc);
	int ret;

	if (IS_ERR(region))
		return region;
	ret = extmem_index_add(region, machine, verdict);
	if (ret)
		goto err_put;
	ret = region_attach(region, owner, backend, verdict);
	if (ret)
		goto err_index;
	ret = extmem_irqs_get(region, desc->irq_names, verdict);
	if (ret)
		goto err_detach;
	ret = extmem_chardev_add(region);
	if (ret)
		goto err_detach;
	trace_extmem_region_add(region);
	return region;

err_detach:
	region_detach(region);
err_index:
	extmem_index_remove(region);
err_put:
	put_device(&region->dev);
	return ERR_PTR(ret);
}

/**
 * extmem_partition_add() - make a region of a window of another
 * @root: the other, whose gate, backend and view it shares
 * @desc: the description; copied
 * @machine: for its page size
 * @verdict: filled when another partition is in the way
 *
 * The partition goes with its root, or by extmem_partition_remove().
 *
 * Return: 0 or a negative errno.
 */
int extmem_partition_add(struct extmem_region *root,
			 const struct extmem_desc *desc,
			 const struct extmem_machine *machine,
			 struct extmem_verdict *verdict)
{
	struct extmem_region *region = region_alloc(root, &root->dev, desc);
	int ret;

	if (IS_ERR(region))
		return PTR_ERR(region);
	region->owner = root->owner;
	region->backend = root->backend;
	region->base = root->base == EXTMEM_NO_ADDRESS ?
		       EXTMEM_NO_ADDRESS : root->base + desc->base;
	region->size = desc->size;
	region->open = true;
	ret = extmem_index_add(region, machine, verdict);
	if (ret)
		goto err_put;
	ret = extmem_chardev_add(region);
	if (ret)
		goto err_index;
	trace_extmem_region_add(region);
	return 0;

err_index:
	extmem_index_remove(region);
err_put:
	put_device(&region->dev);
	return ret;
}

/* The name is free again only when no device bears it. */
static void region_unregister(struct extmem_region *region)
{
	extmem_chardev_remove(region);
	extmem_index_remove(region);
	trace_extmem_region_remove(region);
	put_device(&region->dev);
}

/**
 * extmem_partition_close() - let nobody begin to use a partition any more
 * @partition: the partition
 *
 * A driver that has it still does; who asks for it waits.
 */
void extmem_partition_close(struct extmem_region *partition)
{
	WRITE_ONCE(partition->open, false);
	wake_up_all(&partition->root->wait);
}

/**
 * extmem_partition_remove() - take a partition away, and leave its region
 * @partition: the partition, which is closed, and which no driver has; held
 *
 * The memory stays, and so do those pages of it that somebody holds. The mappings of
 * others are taken away, too, and their windows, and come back when they are touched.
 */
void extmem_partition_remove(struct extmem_region *partition)
{
	struct extmem_region *root = partition->root;

	synchronize_srcu(&root->gate);
	extmem_mapping_zap(root);
	revoke_windows(root);
	region_unregister(partition);
}

/**
 * extmem_region_remove() - take a region and its partitions away
 * @root: what extmem_region_add() gave
 */
void extmem_region_remove(struct extmem_region *root)
{
	struct extmem_region *partition, *next;

	region_detach(root);
	list_for_each_entry_safe_reverse(partition, next, &root->partitions, sibling)
		region_unregister(partition);
	region_unregister(root);
}

/* Everybody shares the one view of the root, made when the first one asks. */
static noinline int make_view(struct extmem_region *root)
{
	int ret;

	guard(mutex)(&root->view_lock);
	if (root->has_view)
		return 0;
	if (extmem_is_off(root))
		return -EBUSY;
	if (root->size > SIZE_MAX)
		return -EFBIG;
	ret = root->backend->ops->map(root, 0, root->size, &root->view);
	if (ret)
		return ret;
	smp_store_release(&root->has_view, true); /* after the view; see extmem_region_view() */
	return 0;
}

/**
 * extmem_region_view() - the kernel's mapping of a region
 * @region: the region, whose gate the caller is inside
 * @view: filled; good until the caller leaves the gate
 *
 * Return: 0, -ENXIO for a pool, -EFBIG when the kernel has not that many
 * addresses, -EBUSY while the memory is off, or what the backend says.
 */
int extmem_region_view(struct extmem_region *region, struct iosys_map *view)
{
	struct extmem_region *root = region->root;
	int ret;

	if (!extmem_has_view(root)) {
		if (!extmem_has_memory(root))
			return -ENXIO;
		ret = make_view(root);
		if (ret)
			return ret;
	}
	*view = root->view;
	iosys_map_incr(view, extmem_offset_in_root(region));
	return 0;
}

/* A 32-bit kernel has not the addresses for all of a large region at once. */
static bool fits_in_kernel(const struct extmem_region *root)
{
	return root->size <= VMALLOC_TOTAL / 4;
}

static int open_own_window(struct extmem_region *root, u64 offset, size_t size,
			   struct extmem_window *window)
{
	int ret;

	if (extmem_is_off(root))
		return -EBUSY;
	window->own = true;
	window->slack = offset_in_page(offset);
	window->size = size;
	ret = root->backend->ops->map(root, offset - window->slack,
				      size + window->slack, &window->map);
	if (!ret)
		iosys_map_incr(&window->map, window->slack);
	return ret;
}

/**
 * extmem_window_make() - what extmem_window_open() does when there is no view yet
 * @region: as there
 * @offset: as there
 * @size: as there
 * @window: as there
 *
 * Return: as there.
 */
int extmem_window_make(struct extmem_region *region, u64 offset, size_t size,
		       struct extmem_window *window)
{
	struct extmem_region *root = region->root;
	int ret;

	if (!extmem_has_memory(root))
		return -ENXIO;
	if (!fits_in_kernel(root))
		return open_own_window(root, extmem_offset_in_root(region) + offset,
				       size, window);
	window->own = false;
	ret = extmem_region_view(region, &window->map);
	if (!ret)
		iosys_map_incr(&window->map, offset);
	return ret;
}

/**
 * extmem_window_unmake() - undo extmem_window_make() where it had to map
 * @region: the region
 * @window: the window
 */
void extmem_window_unmake(struct extmem_region *region, struct extmem_window *window)
{
	struct extmem_region *root = region->root;

	iosys_map_incr(&window->map, -window->slack);
	root->backend->ops->unmap(root, window->size + window->slack, &window->map);
}

static const void *map_address(const struct iosys_map *map)
{
	return map->is_iomem ? (const void __force *)map->vaddr_iomem : map->vaddr;
}

/* On a page that is mapped as the region would be. */
static enum extmem_effective sample_attr(struct extmem_region *root, u64 offset)
{
	size_t size = min_t(u64, PAGE_SIZE, root->size - offset);
	enum extmem_effective attr;
	struct iosys_map map;

	if (root->backend->ops->map(root, offset, size, &map))
		return EXTMEM_EFFECTIVE_UNKNOWN;
	attr = extmem_attr_read(map_address(&map));
	root->backend->ops->unmap(root, size, &map);
	return attr;
}

/*
 * On a buffer of the pool's. Once: it is the same of each, and who may only look takes
 * nothing from those who need it.
 */
static enum extmem_effective sample_pool_attr(struct extmem_region *root)
{
	struct extmem_buffer buffer = { .size = PAGE_SIZE };

	lockdep_assert_held(&root->view_lock);
	if (root->knows_pool_attr)
		return root->pool_attr;
	if (root->backend->ops->alloc(root, &buffer))
		return EXTMEM_EFFECTIVE_UNKNOWN;
	root->pool_attr = extmem_attr_read(buffer.vaddr);
	root->knows_pool_attr = true;
	root->backend->ops->free(&buffer);
	return root->pool_attr;
}

/**
 * extmem_region_attr() - the attribute that the region's mapping really has
 * @region: the region, whose gate the caller is inside
 *
 * Measured on the view; where there is none yet, on one page that is mapped for it as
 * the view would be. Of a pool, measured once, on a page that is taken from it.
 *
 * Return: the attribute, EXTMEM_EFFECTIVE_UNKNOWN when nothing could be mapped or the
 * memory is off.
 */
enum extmem_effective extmem_region_attr(struct extmem_region *region)
{
	struct extmem_region *root = region->root;
	u64 offset = extmem_offset_in_root(region);
	struct iosys_map map;

	guard(mutex)(&root->view_lock);
	if (extmem_is_off(root))
		return EXTMEM_EFFECTIVE_UNKNOWN;
	if (root->has_view) {
		map = root->view;
		iosys_map_incr(&map, offset);
		return extmem_attr_read(map_address(&map));
	}
	if (!extmem_has_memory(root) && root->backend->ops->alloc)
		return sample_pool_attr(root);
	return sample_attr(root, offset & PAGE_MASK);
}

/* --- off and on again --- */

static void hide_view(struct extmem_region *root)
{
	guard(mutex)(&root->view_lock);
	WRITE_ONCE(root->off, true);
	root->view_is_kept = root->has_view;
	WRITE_ONCE(root->has_view, false);
}

/**
 * extmem_region_withdraw() - have nobody touch a region that is to be switched off
 * @root: the region; its device cannot be unbound meanwhile
 *
 * Return: 0, or -EBUSY if it has to stay on, with all as it was.
 */
int extmem_region_withdraw(struct extmem_region *root)
{
	int ret;

	hide_view(root);
	extmem_engine_cancel(root);
	synchronize_srcu(&root->gate);
	extmem_mapping_zap(root);
	revoke_windows(root);
	ret = empty_caches(root);
	if (ret) {
		dev_warn_once(root->owner,
			      "%s: the memory stays on, for the CPU's caches cannot be written back: %pe; look at who is short of memory\n",
			      root->desc.node, ERR_PTR(ret));
		extmem_region_readmit(root);
		return -EBUSY;
	}
	if (!extmem_power_view_is_fixed(root))
		drop_view(root);
	mb();	/* all that was written, before there is nobody to take it */
	return 0;
}

/**
 * extmem_region_readmit() - undo extmem_region_withdraw()
 * @root: the region, which is on
 */
void extmem_region_readmit(struct extmem_region *root)
{
	guard(mutex)(&root->view_lock);
	WRITE_ONCE(root->off, false);
	if (!root->view_is_kept)
		return;
	root->view_is_kept = false;
	smp_store_release(&root->has_view, true); /* as in make_view() */
}
