/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the core share. None of them calls one that comes before it in
 * this list: driver, partition, debugfs, sysfs and chardev, ioctl, consumer, genpool and
 * nvmem, copy, dmabuf and export, mmap and pool, io and sync, range, region, engine, irq,
 * pages, units, copy-x86, fault, dmatable, mapping, index, power, backend, trace and stats,
 * of, attr.
 */
#ifndef _EXTMEM_INTERNAL_H
#define _EXTMEM_INTERNAL_H

#include <linux/cleanup.h>
#include <linux/dma-direction.h>
#include <linux/extmem-backend.h>
#include <linux/mod_devicetable.h>
#include <linux/scatterlist.h>
#include <linux/sched.h>
#include <linux/u64_stats_sync.h>

#include "rules.h"

struct device_node;
struct dma_buf;
struct eventfd_ctx;
struct extmem_file;
struct extmem_irq_read;
struct file;
struct iov_iter;
struct kobj_uevent_env;
struct platform_device;
struct vm_fault;

#define EXTMEM_COMPATIBLE "extmem-region"

/* attr-<arch>.c: sees a mapping, and neither a desc nor a policy */
enum extmem_effective extmem_attr_read(const void *vaddr);
unsigned int extmem_attr_policies(void);
bool extmem_attr_nonposted(void);

/* stats.c: what users have done with a region */
enum extmem_counter {
	EXTMEM_BYTES_READ,
	EXTMEM_BYTES_WRITTEN,
	EXTMEM_FAULTS,
	EXTMEM_HUGE_FAULTS,	/* those of them that mapped more than a page by one entry */
	EXTMEM_COUNTERS
};

/**
 * struct extmem_stats - what one CPU has counted
 * @counts: by enum extmem_counter
 * @syncp: for who reads them on a 32-bit machine
 */
struct extmem_stats {
	u64_stats_t counts[EXTMEM_COUNTERS];
	struct u64_stats_sync syncp;
};

int extmem_stats_new(struct extmem_region *region);
void extmem_stats_free(struct extmem_region *region);
u64 extmem_stats_sum(const struct extmem_region *region, enum extmem_counter which);

/* In process context. */
static inline void extmem_count(struct extmem_region *region, enum extmem_counter which,
				unsigned long number)
{
	struct extmem_stats *stats = get_cpu_ptr(region->stats);

	u64_stats_update_begin(&stats->syncp);
	u64_stats_add(&stats->counts[which], number);
	u64_stats_update_end(&stats->syncp);
	put_cpu_ptr(region->stats);
}

/* backend.c: who can serve */
struct extmem_backend *extmem_backend_get(struct device *dev, const char *name,
					  const char *compatible);
void extmem_backend_put(struct extmem_backend *backend);
void extmem_backend_start_loading(void);
void extmem_backend_set_retry(void (*retry)(void));

/* power.c: what has to be on before memory answers, and who needs it to */
int extmem_power_find(struct extmem_region *region, struct extmem_verdict *verdict);
void extmem_power_end(struct extmem_region *root);
void extmem_power_free(struct extmem_region *root);
int extmem_power_switch_on(struct extmem_region *root);
void extmem_power_switch_off(struct extmem_region *root);
int extmem_power_suspend(struct extmem_region *root);
int extmem_power_resume(struct extmem_region *root);
int extmem_power_join(struct extmem_region *root);
void extmem_power_share(struct extmem_region *region);
void extmem_power_leave(struct extmem_region *root);
void extmem_power_fix_view(struct extmem_region *region, int users);
bool extmem_power_view_is_fixed(struct extmem_region *root);
enum extmem_state extmem_power_state(const struct extmem_region *region);

/* index.c: the regions that are there, by name and by address */
int extmem_index_add(struct extmem_region *region,
		     const struct extmem_machine *machine,
		     struct extmem_verdict *verdict);
void extmem_index_remove(struct extmem_region *region);
struct extmem_region *extmem_index_find(const char *node);

/* mapping.c: where the users of a region's memory are found */
int extmem_mapping_init(void);
void extmem_mapping_exit(void);
int extmem_mapping_new(struct extmem_region *root);
void extmem_mapping_free(struct extmem_region *root);
void extmem_mapping_zap(struct extmem_region *root);

/* fault.c: page frames for users */
#if !defined(EXTMEM_NO_HUGE_FAULTS) && \
	(defined(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP) || \
	 (defined(CONFIG_TRANSPARENT_HUGEPAGE) && defined(CONFIG_ZONE_DEVICE)))
#define EXTMEM_HAS_HUGE_FAULTS
#endif

vm_fault_t extmem_fault_page(struct vm_area_struct *vma, unsigned long addr,
			     unsigned long pfn, enum extmem_pages pages);
vm_fault_t extmem_fault_around(struct vm_fault *vmf, phys_addr_t base,
			       unsigned long around, enum extmem_pages pages);
vm_fault_t extmem_fault_huge(struct vm_fault *vmf, unsigned int order, phys_addr_t base,
			     enum extmem_pages pages);

/* engine.c: copies that the CPU does not make */
int extmem_engine_get(struct extmem_region *region);
void extmem_engine_cancel(struct extmem_region *root);
void extmem_engine_put(struct extmem_region *root);
void extmem_engine_free(struct extmem_region *root);
const char *extmem_engine_name(const struct extmem_region *region);
u64 extmem_engine_bytes(const struct extmem_region *region);
size_t extmem_engine_part(struct extmem_region *region, u64 pos, const struct iov_iter *iter,
			  size_t *head);
ssize_t extmem_engine_move(struct extmem_region *region, u64 pos, struct iov_iter *iter,
			   size_t size);

/**
 * struct extmem_piece - a piece of memory as an engine is told of it
 * @root: the region that it is of, or NULL for a buffer
 * @offset: where it begins in @root
 * @base: CPU address of the first byte
 * @has_pages: it is ordinary memory, in the linear map
 * @cached: the CPU has it in its caches
 */
struct extmem_piece {
	struct extmem_region *root;
	u64 offset;
	phys_addr_t base;
	bool has_pages;
	bool cached;
};

size_t extmem_engine_copy(struct extmem_region *region, const struct extmem_piece *dst,
			  const struct extmem_piece *src, size_t size);

/* irq.c: interrupts, and who listens to them */

/**
 * struct extmem_listener - what a file wants of an interrupt, and was told
 * @sibling: in the list of the interrupt's, while it listens
 * @eventfd: who is told, too, or NULL; held
 * @seen: the count that it was told last
 */
struct extmem_listener {
	struct list_head sibling;
	struct eventfd_ctx *eventfd;
	u64 seen;
};

int extmem_irqs_get(struct extmem_region *region, const char *names,
		    struct extmem_verdict *verdict);
void extmem_irqs_put(struct extmem_region *root);
void extmem_irqs_free(struct extmem_region *root);
int extmem_irq_arm(struct extmem_file *efile, unsigned int index,
		   struct eventfd_ctx **eventfd);
int extmem_irq_disarm(struct extmem_file *efile, unsigned int index);
int extmem_irq_read(struct extmem_file *efile, struct extmem_irq_read *read);
bool extmem_irqs_have_news(struct extmem_file *efile);
void extmem_irqs_leave(struct extmem_file *efile);
bool extmem_irqs_suspend(struct extmem_region *root);
void extmem_irqs_resume(struct extmem_region *root);

/* pages.c: memory that others than the CPU can be given */
enum extmem_pages extmem_pages_prepare(struct extmem_region *region);
enum extmem_pages extmem_pages_expected(struct extmem_region *region);
void extmem_pages_wait(struct extmem_region *root);
bool extmem_pages_are_reserved(phys_addr_t base, u64 size);
bool extmem_pages_join_image(phys_addr_t base, u64 size);

/* dmatable.c: memory as devices see it */

/**
 * struct extmem_dmatable - contiguous memory for one device
 * @sgt: what the device is to use while it is mapped
 * @base: CPU address of the first byte
 * @has_pages: it is ordinary memory, in the linear map
 * @direction: of its mapping; DMA_NONE while there is none
 * @attrs: of its mapping
 */
struct extmem_dmatable {
	struct sg_table sgt;
	phys_addr_t base;
	bool has_pages;
	enum dma_data_direction direction;
	unsigned long attrs;
};

int extmem_dmatable_make(struct extmem_dmatable *table, phys_addr_t base, u64 size,
			 bool has_pages);
void extmem_dmatable_free(struct extmem_dmatable *table);
int extmem_dmatable_map(struct device *dev, struct extmem_dmatable *table,
			enum dma_data_direction direction, bool cached);
void extmem_dmatable_unmap(struct device *dev, struct extmem_dmatable *table);

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
void extmem_units_fill(struct extmem_units units, const struct iosys_map *map, u8 value,
		       size_t size);

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
void extmem_partition_close(struct extmem_region *partition);
void extmem_partition_remove(struct extmem_region *partition);
void extmem_region_remove(struct extmem_region *root);
int extmem_region_view(struct extmem_region *region, struct iosys_map *view);
enum extmem_effective extmem_region_attr(struct extmem_region *region);
int extmem_region_withdraw(struct extmem_region *root);
void extmem_region_readmit(struct extmem_region *root);

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

/**
 * struct extmem_exported - a window of a region that somebody has
 * @sibling: in extmem_region.windows of the root
 * @revoke: has him let go of it; the gate is closed, and nobody is inside
 */
struct extmem_exported {
	struct list_head sibling;
	void (*revoke)(struct extmem_exported *window);
};

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

/* Whether the CPU's caches have what is read of it. */
static inline bool extmem_is_cached(const struct extmem_desc *desc)
{
	return desc->policy == EXTMEM_WRITE_THROUGH || desc->policy == EXTMEM_WRITE_BACK;
}

/*
 * Whether users may write to it. What other drivers allocate from is theirs, and a user
 * of the whole region could write there, too.
 */
static inline bool extmem_is_writable(const struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->desc;

	return !desc->read_only && !desc->pool && !desc->has_pool;
}

/* Whether a range is one of whole registers: none is accessed in part. */
static inline bool extmem_is_whole(const struct extmem_region *region, u64 offset, u64 size)
{
	const struct extmem_desc *desc = &region->root->desc;

	if (!desc->io_width || desc->policy != EXTMEM_UNCACHED)
		return true;
	return !((offset | size) & (desc->io_width - 1));
}

/* Whether a region has bytes of its own. Of a pool, memory is yet to be asked. */
static inline bool extmem_has_memory(const struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->root->desc;

	return desc->type != EXTMEM_CMA || desc->buffer_size;
}

/**
 * extmem_power_get() - have a region's memory on, for as long as somebody can touch it
 * @region: the region or partition; held; the caller is outside its gate, unless somebody
 *	has it on already who stays meanwhile
 *
 * May sleep.
 *
 * Return: 0, -EBUSY while the machine is asleep, -ENODEV, or why it cannot be switched on.
 */
static inline int extmem_power_get(struct extmem_region *region)
{
	return region->root->power ? extmem_power_join(region->root) : 0;
}

/**
 * extmem_power_put() - undo extmem_power_get()
 * @region: the region or partition, which may be removed by now; held
 */
static inline void extmem_power_put(struct extmem_region *region)
{
	if (region->root->power)
		extmem_power_leave(region->root);
}

/* For who is inside the gate: it stays so until he leaves. */
static inline bool extmem_is_off(const struct extmem_region *region)
{
	return READ_ONCE(region->root->off);
}

/* What was lost is not missed any more. */
static inline void extmem_note_write(struct extmem_region *region)
{
	if (READ_ONCE(region->root->content_lost))
		WRITE_ONCE(region->root->content_lost, false);
}

/* For who is inside the gate: it stays there until he leaves, and he may look at it. */
static inline bool extmem_has_view(const struct extmem_region *region)
{
	return smp_load_acquire(&region->root->has_view); /* before the view is looked at */
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

	if (!extmem_has_view(region))
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
 * The region's partitions share the gate of their root. They are closed with it, or one
 * by one before.
 */
struct extmem_gate {
	struct srcu_struct *srcu;
	int idx;
	bool open;
};

static inline struct extmem_gate extmem_gate_enter(struct extmem_region *region)
{
	struct extmem_gate gate = { .srcu = &region->root->gate };

	gate.idx = srcu_read_lock(gate.srcu);
	__release(gate.srcu);	/* for sparse, which sees no cleanup */
	gate.open = READ_ONCE(region->open);
	return gate;
}

static inline void extmem_gate_leave(struct extmem_gate *gate)
{
	__acquire(gate->srcu);
	srcu_read_unlock(gate->srcu, gate->idx);
}

DEFINE_CLASS(extmem_gate, struct extmem_gate, extmem_gate_leave(&_T),
	     extmem_gate_enter(region), struct extmem_region *region)

/* range.c: what a driver has for himself */

/**
 * struct extmem_range - a part of a region that one driver has for himself
 * @sibling: in extmem_region.ranges of the root
 * @first: first byte, in the root
 * @last: last byte
 * @owner: who he is; stays until extmem_range_release()
 */
struct extmem_range {
	struct list_head sibling;
	u64 first;
	u64 last;
	const char *owner;
};

int extmem_range_claim(struct extmem_region *region, u64 offset, u64 size,
		       const char *owner, struct extmem_range *range);
void extmem_range_release(struct extmem_region *region, struct extmem_range *range);

/* io.c */
int extmem_io_get(struct extmem_region *region, struct extmem_units units, u64 pos,
		  void *buf, size_t size);
int extmem_io_put(struct extmem_region *region, struct extmem_units units, u64 pos,
		  const void *buf, size_t size);
ssize_t extmem_io_read(struct extmem_region *region, u64 pos, struct iov_iter *to);
ssize_t extmem_io_write(struct extmem_region *region, u64 pos, struct iov_iter *from);

/* sync.c */
int extmem_sync(struct extmem_region *region, u64 offset, u64 length, u32 flags);
int extmem_persist(struct extmem_region *region, u64 offset, u64 length);
bool extmem_sync_is_needless(const struct extmem_region *region);

/* pool.c: buffers on request */
int extmem_pool_take(struct extmem_region *region, u64 size, struct extmem_buffer *buffer);
void extmem_pool_give_back(struct extmem_buffer *buffer);
struct extmem_pool_use extmem_pool_use_of(struct extmem_region *region);

/* dmabuf.c: buffers for devices and users */
struct dma_buf *extmem_dmabuf_alloc(struct extmem_region *region, u64 size,
				    dma_addr_t *dma);

/* export.c: windows for devices and users */
struct dma_buf *extmem_export(struct extmem_region *region, u64 offset, u64 size,
			      bool writable);

/**
 * struct extmem_end - one end of a copy: a region, or a buffer
 * @region: the region or partition, or NULL
 * @buffer: the buffer, or NULL
 * @offset: the first byte that may be touched
 * @size: bytes that may be
 * @writable: they can be written
 */
struct extmem_end {
	struct extmem_region *region;
	const struct extmem_buffer *buffer;
	u64 offset;
	u64 size;
	bool writable;
};

bool extmem_dmabuf_as_end(struct dma_buf *dmabuf, struct extmem_end *end);
bool extmem_export_as_end(struct dma_buf *dmabuf, struct extmem_end *end);

/* copy.c: between regions and buffers */
ssize_t extmem_copy(const struct extmem_end *dst, u64 dst_offset,
		    const struct extmem_end *src, u64 src_offset, u64 length);

/* consumer.c: for drivers that know extmem; the others are in linux/extmem.h */
void extmem_consumers_unbind(struct extmem_region *region);
void extmem_consumers_retry(struct device_node *np);

/* genpool.c: for drivers that know no extmem */
void extmem_genpool_add(struct extmem_region *region, const char *name);

/* nvmem.c: for drivers that name cells */
void extmem_nvmem_add(struct extmem_region *region);

/* mmap.c */
int extmem_mmap(struct extmem_region *region, struct vm_area_struct *vma);
bool extmem_asks_to_execute(const struct vm_area_struct *vma);
bool extmem_can_mmap(const struct extmem_region *region);
unsigned long extmem_unmapped_area(struct extmem_region *region, struct file *file,
				   unsigned long addr, unsigned long len,
				   unsigned long pgoff, unsigned long flags);

/* ioctl.c */
long extmem_ioctl(struct extmem_region *region, fmode_t mode, unsigned int cmd,
		  void __user *arg);

long extmem_file_ioctl(struct extmem_file *efile, fmode_t mode, unsigned int cmd,
		       void __user *arg);

/* For who has nothing to touch. */
static inline bool extmem_is_there(struct extmem_region *region)
{
	CLASS(extmem_gate, gate)(region);
	return gate.open;
}

/* sysfs.c */
extern const struct attribute_group *extmem_region_groups[];

const char *extmem_state_text(struct extmem_region *region);
int extmem_region_uevent(const struct device *dev, struct kobj_uevent_env *env);

/* debugfs.c: all of them at a glance */
void extmem_debugfs_init(void);
void extmem_debugfs_exit(void);

/* chardev.c */
extern const struct file_operations extmem_fops;

/**
 * struct extmem_file - an open file
 * @region: what it is open on; its cdev, which the file holds, holds it
 * @sibling: in extmem_region.files of the root
 * @exclusive: opened with O_EXCL
 * @pid: who opened it
 * @comm: his name then
 * @listeners: one for each interrupt, once it has listened to any
 */
struct extmem_file {
	struct extmem_region *region;
	struct list_head sibling;
	bool exclusive;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct extmem_listener *listeners;
};

int extmem_chardev_init(void);
void extmem_chardev_exit(void);
int extmem_chardev_add(struct extmem_region *region);
void extmem_chardev_remove(struct extmem_region *region);

/* partition.c: from the children of a region's node */
void extmem_partitions_find(struct extmem_region *root,
			    const struct extmem_machine *machine);
void extmem_partition_comes(struct extmem_region *root, struct device_node *np,
			    const struct extmem_machine *machine);
struct extmem_region *extmem_partition_leaves(struct extmem_region *root,
					      struct device_node *np);

/* of.c: reads the DT, and is the only one that does */
void extmem_of_init(const struct of_device_id *matches);
void extmem_of_exit(void);
int extmem_of_read(struct device_node *np, bool simulated,
		   struct extmem_node *node);
int extmem_of_read_partition(struct device_node *np, struct extmem_node *node);
void extmem_of_free(struct extmem_node *node);
bool extmem_of_is_partition(struct device_node *np);
bool extmem_of_take(struct device_node *np);
void extmem_of_release(struct device_node *np);
struct device_node *extmem_of_parent_of(struct device_node *np);
struct device_node *extmem_of_region_of(struct device_node *np);
const char *extmem_of_pool_name(struct device_node *np);
struct device_node *extmem_of_nvmem_node(struct device_node *np);
const char *extmem_of_compatible(struct device_node *np);

/* driver.c: for the tests alone */
void extmem_driver_settle(void);

#endif /* _EXTMEM_INTERNAL_H */
