/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a backend of extmem includes, and all that it includes of extmem.
 *
 * A backend claims the memory of a region and maps it. It knows memory, and no
 * file, no sysfs and no DT.
 */
#ifndef _LINUX_EXTMEM_BACKEND_H
#define _LINUX_EXTMEM_BACKEND_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/extmem-desc.h>
#include <linux/interval_tree.h>
#include <linux/iosys-map.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/wait.h>

struct extmem_backend;
struct extmem_engine;
struct extmem_irqs;
struct extmem_power;
struct extmem_stats;

/* The base of memory that has no one address. */
#define EXTMEM_NO_ADDRESS	PHYS_ADDR_MAX

/* Of a pool: what its users have taken through this region. */
struct extmem_pool_use {
	spinlock_t lock;	/* guards the others */
	u64 bytes;		/* now */
	u64 most_bytes;		/* at any time */
	u64 allocations;	/* ever */
	u64 failures;		/* ever, for want of memory */
};

/**
 * struct extmem_region - one piece of memory
 * @owner: The device that the memory is claimed and allocated for. Set by the
 *	core; lives at least from attach() to detach().
 * @desc: What the DT says. Set by the core, constant.
 * @base: CPU address of the first byte. Set by the core from @desc; a backend
 *	that allocates sets it in attach(), to EXTMEM_NO_ADDRESS if the memory has
 *	no one address. Constant afterwards.
 * @size: Bytes. As @base.
 * @backend_data: The backend's own, from attach() to detach().
 *
 * Whatever comes after these belongs to the core.
 */
struct extmem_region {
	struct device *owner;
	struct extmem_desc desc;
	phys_addr_t base;
	u64 size;
	void *backend_data;

	/* private: */
	struct device dev;
	struct extmem_region *root;	/* itself, unless a partition */
	struct list_head partitions;	/* of a root; each a @sibling */
	struct list_head sibling;
	struct list_head consumers;	/* drivers that have it; see consumer.c */
	struct extmem_backend *backend;
	struct srcu_struct gate;	/* of a root */
	bool open;			/* may be entered; written under no reader */
	bool off;			/* of a root: does not answer; written as @open */
	bool content_lost;		/* of a root: off since it was written last */
	struct mutex view_lock;		/* who makes @view */
	struct iosys_map view;		/* of a root; constant once it is there */
	bool has_view;			/* set when @view is there, and the memory answers */
	bool view_is_kept;		/* @view is there, and the memory does not */
	struct mutex pages_lock;	/* who finds out about @pages of a root */
	u8 pages;			/* of a root: enum extmem_pages; constant once known */
	bool knows_pages;		/* set when @pages is there */
	struct inode *inode;		/* of a root; whose mapping all its users map */
	struct cdev cdev;
	struct mutex files_lock;	/* guards @files of a root */
	struct list_head files;		/* of a root: its own and its partitions' */
	atomic_t open_count;
	atomic_t mappings;		/* of users; a part of one is one */
	struct extmem_stats __percpu *stats;
	struct mutex windows_lock;	/* guards @windows of a root */
	struct list_head windows;	/* of a root: its own and its partitions' */
	struct mutex ranges_lock;	/* guards @ranges of a root */
	struct list_head ranges;	/* of a root: that one driver has for himself */
	struct extmem_pool_use use;	/* of a root that is a pool */
	u8 pool_attr;			/* of such: enum extmem_effective; guarded by @view_lock */
	bool knows_pool_attr;		/* @pool_attr was measured */
	struct extmem_engine *engine;	/* of a root that has one */
	struct extmem_irqs *irqs;	/* of a root that has some */
	struct extmem_power *power;	/* of a root that has to be switched on */
	wait_queue_head_t wait;		/* of a root: for events, and for its end */
	struct hlist_node by_name;
	struct interval_tree_node by_address;
};

/**
 * struct extmem_buffer - memory that was taken from a pool on request
 * @dev: Whom it was allocated for. Set by the backend.
 * @vaddr: Its address in the kernel. Set by the backend.
 * @dma: Its address for @dev. Set by the backend.
 * @base: CPU address of the first byte; the others follow it. Set by the backend.
 * @size: Bytes, whole pages. Set by the core.
 * @has_pages: It is ordinary memory, in the linear map. Set by the backend.
 * @backend_data: The backend's own, from alloc() to free().
 *
 * A buffer outlives its region if it must. Whatever comes after these belongs to the
 * core.
 */
struct extmem_buffer {
	struct device *dev;
	void *vaddr;
	dma_addr_t dma;
	phys_addr_t base;
	size_t size;
	bool has_pages;
	void *backend_data;

	/* private: */
	struct extmem_region *region;	/* whose pool it is from; held */
};

/**
 * struct extmem_backend_ops - what a backend does for a region
 *
 * No member is called before attach() has succeeded or after detach() has begun,
 * except attach() itself and those that say so. All may sleep, and are called in
 * process context.
 */
struct extmem_backend_ops {
	/**
	 * @attach: Claim the memory, so that nobody else does, but map nothing:
	 * the cost must not depend on the size. extmem_region.owner, .desc, .base
	 * and .size are set; rules.c has found the description sound. Takes
	 * place once for a region, and never at the same time as another call for
	 * the same region. Says why in the log when it fails.
	 *
	 * Returns: 0 or a negative errno.
	 */
	int (*attach)(struct extmem_region *region);

	/**
	 * @detach: Give back what attach() took. No mapping is left, and no other
	 * call for the region is under way.
	 */
	void (*detach)(struct extmem_region *region);

	/**
	 * @map: Map @size bytes from @offset into the kernel with the attribute of
	 * the region's policy and describe the mapping in @map. @offset is a
	 * multiple of the page size, and the range lies in the region. There may
	 * be several mappings of a region at a time. Not serialised.
	 *
	 * Returns: 0 or a negative errno; @map is then not looked at.
	 */
	int (*map)(struct extmem_region *region, u64 offset, size_t size,
		   struct iosys_map *map);

	/**
	 * @unmap: Undo one @map with the same @size and an unchanged @map.
	 */
	void (*unmap)(struct extmem_region *region, size_t size,
		      struct iosys_map *map);

	/**
	 * @pgprot: Add to @prot the attribute that @map gives its mappings, for one
	 * of a user's. Without this member, users cannot map the region.
	 */
	pgprot_t (*pgprot)(struct extmem_region *region, pgprot_t prot);

	/**
	 * @pfn: Find the page frame at @offset, a multiple of the page size. Only
	 * of a region without a @base; the others have it all from there on.
	 *
	 * Returns: 0 or a negative errno; @pfn is then not looked at.
	 */
	int (*pfn)(struct extmem_region *region, u64 offset, unsigned long *pfn);

	/**
	 * @sync: Write the CPU's caches back to @size bytes at @offset, so that a
	 * device sees what is in them, or with @for_cpu empty them, too, so that the
	 * CPU sees what a device has written. The range lies in the region, and @map
	 * is a mapping of it by @map. Called only for cached memory: if no
	 * device snoops the caches, or if the memory is to remember. Without this
	 * member, there is no way.
	 *
	 * Returns: 0 or a negative errno.
	 */
	int (*sync)(struct extmem_region *region, const struct iosys_map *map,
		    u64 offset, size_t size, bool for_cpu);

	/**
	 * @make_pages: Make struct pages for all of the region's memory, which has none
	 * and is whole blocks. They stay until @detach, before which the core has seen
	 * to it that nobody holds one. Called once, if ever. Without this member, there
	 * is no way.
	 *
	 * Returns: 0 or a negative errno.
	 */
	int (*make_pages)(struct extmem_region *region);

	/**
	 * @alloc: Take a buffer of extmem_buffer.size bytes from the pool that the
	 * region is, zeroed, contiguous and with the attribute of the region's
	 * policy. From nowhere else: when the pool has none, there is none. @map is
	 * not called for such a region, except where this member is missing.
	 *
	 * Returns: 0, -ENOMEM when the pool has no room, or a negative errno.
	 */
	int (*alloc)(struct extmem_region *region, struct extmem_buffer *buffer);

	/**
	 * @free: Give back what @alloc took. May come after @detach, and after the
	 * region's owner has gone.
	 */
	void (*free)(struct extmem_buffer *buffer);

	/**
	 * @buffer_pgprot: As @pgprot, for a buffer. May come after @detach.
	 */
	pgprot_t (*buffer_pgprot)(struct extmem_buffer *buffer, pgprot_t prot);
};

/**
 * struct extmem_backend - a backend, static in its module
 * @name: What rules.c calls it, and sysfs.
 * @compatible: A backend of a vendor's serves the nodes that have this compatible
 *	string, whatever rules.c names for them. NULL for the others.
 * @ops: What it does. The first four members are needed.
 *
 * Whatever comes after these belongs to the core.
 */
struct extmem_backend {
	const char *name;
	const char *compatible;
	const struct extmem_backend_ops *ops;

	/* private: */
	struct module *module;
	struct list_head list;
};

int extmem_claim(struct extmem_region *region);
void extmem_unclaim(struct extmem_region *region);

int __extmem_backend_register(struct extmem_backend *backend, struct module *module);
void extmem_backend_unregister(struct extmem_backend *backend);

/**
 * extmem_backend_register() - make a backend known, and retry who waits for one
 * @backend: the backend; must stay until extmem_backend_unregister()
 *
 * Return: 0, -EINVAL when a member of @backend is missing, -EEXIST when its name
 * is taken.
 */
#define extmem_backend_register(backend) \
	__extmem_backend_register(backend, THIS_MODULE)

/**
 * module_extmem_backend() - the whole module_init and module_exit of a backend
 * @backend: its struct extmem_backend
 */
#define module_extmem_backend(backend) \
	module_driver(backend, extmem_backend_register, extmem_backend_unregister)

#endif /* _LINUX_EXTMEM_BACKEND_H */
