/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the core share. None of them calls one that comes before it in
 * this list: driver, of, sysfs and chardev, ioctl and mmap, io and sync, region,
 * units, copy, mapping, index, backend, attr.
 */
#ifndef _EXTMEM_INTERNAL_H
#define _EXTMEM_INTERNAL_H

#include <linux/cleanup.h>
#include <linux/extmem-backend.h>

#include "rules.h"

struct device_node;
struct file;
struct iov_iter;
struct kobj_uevent_env;
struct platform_device;

#define EXTMEM_COMPATIBLE "extmem-region"

/* attr-<arch>.c: sees a mapping, and neither a desc nor a policy */
enum extmem_effective extmem_attr_read(const void *vaddr);
unsigned int extmem_attr_policies(void);
bool extmem_attr_nonposted(void);

/* backend.c: who can serve */
struct extmem_backend *extmem_backend_get(struct device *dev, const char *name,
					  const char *compatible);
void extmem_backend_put(struct extmem_backend *backend);
void extmem_backend_start_loading(void);
void extmem_backend_set_retry(void (*retry)(void));

/* index.c: the regions that are there, by name and by address */
int extmem_index_add(struct extmem_region *region,
		     const struct extmem_machine *machine,
		     struct extmem_verdict *verdict);
void extmem_index_remove(struct extmem_region *region);

/* mapping.c: where the users of a region's memory are found */
int extmem_mapping_init(void);
void extmem_mapping_exit(void);
int extmem_mapping_new(struct extmem_region *root);
void extmem_mapping_free(struct extmem_region *root);
void extmem_mapping_zap(struct extmem_region *root);

/* units.c: accesses of one width */

/**
 * struct extmem_units - how a range is accessed
 * @width: the width in bytes of each access, 0 for any
 * @big_endian: the order of bytes of a number in the memory
 */
struct extmem_units {
	u8 width;
	bool big_endian;
};

struct extmem_units extmem_units(const struct extmem_desc *desc, u64 offset,
				 size_t size);
void extmem_units_read(struct extmem_units units, const struct iosys_map *map,
		       void *to, size_t size);
void extmem_units_write(struct extmem_units units, struct iosys_map *map,
			const void *from, size_t size);

/* copy-x86.c: loads that are fast from write-combined memory */
#ifdef CONFIG_X86
bool extmem_has_streaming(void);
void extmem_copy_streaming(void *to, const void *from, size_t size);
#else
static inline bool extmem_has_streaming(void)
{
	return false;
}

static inline void extmem_copy_streaming(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
}
#endif

/* region.c */
extern struct class extmem_class;

struct extmem_region *extmem_region_add(struct device *owner,
					const struct extmem_desc *desc,
					const struct extmem_machine *machine,
					struct extmem_backend *backend,
					struct extmem_verdict *verdict);
int extmem_partition_add(struct extmem_region *root,
			 const struct extmem_desc *desc,
			 const struct extmem_machine *machine,
			 struct extmem_verdict *verdict);
void extmem_region_remove(struct extmem_region *root);
int extmem_region_view(struct extmem_region *region, struct iosys_map *view);
enum extmem_effective extmem_region_attr(struct extmem_region *region);

/**
 * struct extmem_window - a piece of a region in the kernel's address space
 * @map: where it is
 * @own: it is no part of the view, but mapped for this piece
 * @slack: bytes before it that are mapped, too
 * @size: bytes of it
 */
struct extmem_window {
	struct iosys_map map;
	bool own;
	size_t slack;
	size_t size;
};

int extmem_window_make(struct extmem_region *region, u64 offset, size_t size,
		       struct extmem_window *window);
void extmem_window_unmake(struct extmem_region *region, struct extmem_window *window);

static inline struct extmem_region *to_extmem_region(struct device *dev)
{
	return container_of(dev, struct extmem_region, dev);
}

static inline bool extmem_is_partition(const struct extmem_region *region)
{
	return region->root != region;
}

static inline u64 extmem_offset_in_root(const struct extmem_region *region)
{
	return extmem_is_partition(region) ? region->desc.base : 0;
}

/* Whether a region has bytes of its own. Of a pool, memory is yet to be asked. */
static inline bool extmem_has_memory(const struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->root->desc;

	return desc->type != EXTMEM_CMA || desc->buffer_size;
}

/**
 * extmem_window_open() - have a piece of a region in the kernel's address space
 * @region: the region, whose gate the caller is inside until he closes the window
 * @offset: the first byte; in the region, and so is the last one
 * @size: bytes
 * @window: filled
 *
 * Return: 0, -ENXIO for a pool, or what the backend says.
 */
static inline int extmem_window_open(struct extmem_region *region, u64 offset,
				     size_t size, struct extmem_window *window)
{
	struct extmem_region *root = region->root;

	if (!smp_load_acquire(&root->has_view)) /* before the view is looked at */
		return extmem_window_make(region, offset, size, window);
	window->own = false;
	window->map = root->view;
	iosys_map_incr(&window->map, extmem_offset_in_root(region) + offset);
	return 0;
}

/**
 * extmem_window_close() - undo extmem_window_open()
 * @region: the region
 * @window: the window
 */
static inline void extmem_window_close(struct extmem_region *region,
				       struct extmem_window *window)
{
	if (window->own)
		extmem_window_unmake(region, window);
}

/*
 * The gate: who touches a region's memory is inside, and unbind waits for him.
 *
 *	CLASS(extmem_gate, gate)(region);
 *	if (!gate.open)
 *		return -ENODEV;
 *
 * The region's partitions share the gate of their root.
 */
struct extmem_gate {
	struct srcu_struct *srcu;
	int idx;
	bool open;
};

static inline struct extmem_gate extmem_gate_enter(struct extmem_region *region)
{
	struct extmem_region *root = region->root;
	struct extmem_gate gate = { .srcu = &root->gate };

	gate.idx = srcu_read_lock(gate.srcu);
	__release(gate.srcu);	/* for sparse, which sees no cleanup */
	gate.open = READ_ONCE(root->open);
	return gate;
}

static inline void extmem_gate_leave(struct extmem_gate *gate)
{
	__acquire(gate->srcu);
	srcu_read_unlock(gate->srcu, gate->idx);
}

DEFINE_CLASS(extmem_gate, struct extmem_gate, extmem_gate_leave(&_T),
	     extmem_gate_enter(region), struct extmem_region *region)

/* io.c */
ssize_t extmem_io_read(struct extmem_region *region, u64 pos, struct iov_iter *to);
ssize_t extmem_io_write(struct extmem_region *region, u64 pos, struct iov_iter *from);

/* sync.c */
int extmem_sync(struct extmem_region *region, u64 offset, u64 length, u32 flags);
int extmem_persist(struct extmem_region *region, u64 offset, u64 length);
bool extmem_sync_is_needless(const struct extmem_region *region);

/* mmap.c */
int extmem_mmap(struct extmem_region *region, struct vm_area_struct *vma);
bool extmem_can_mmap(const struct extmem_region *region);
unsigned long extmem_unmapped_area(struct extmem_region *region, struct file *file,
				   unsigned long addr, unsigned long len,
				   unsigned long pgoff, unsigned long flags);

/* ioctl.c */
long extmem_ioctl(struct extmem_region *region, unsigned int cmd, void __user *arg);

/* For who has nothing to touch. */
static inline bool extmem_is_there(struct extmem_region *region)
{
	CLASS(extmem_gate, gate)(region);
	return gate.open;
}

/* sysfs.c */
extern const struct attribute_group *extmem_region_groups[];

int extmem_region_uevent(const struct device *dev, struct kobj_uevent_env *env);

/* chardev.c */
int extmem_chardev_init(void);
void extmem_chardev_exit(void);
int extmem_chardev_add(struct extmem_region *region);
void extmem_chardev_remove(struct extmem_region *region);

/* of.c: reads the DT, and is the only one that does */
void extmem_of_init(void);
void extmem_of_exit(void);
int extmem_of_read(struct device_node *np, bool simulated,
		   struct extmem_node *node);
int extmem_of_read_partition(struct device_node *np, struct extmem_node *node);
void extmem_of_free(struct extmem_node *node);
bool extmem_of_is_partition(struct device_node *np);
const char *extmem_of_compatible(struct device_node *np);

#endif /* _EXTMEM_INTERNAL_H */
