/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libextmem: regions of memory that is not System RAM, for programs. See libextmem(3).
 *
 * A function that can fail returns 0 or more, or a negative errno; one that returns a
 * pointer returns NULL. extmem_error() then has one line that says what is wrong, and what
 * can be done about it.
 *
 * A context, and all that came from it, is for one thread at a time.
 */
#ifndef LIBEXTMEM_H
#define LIBEXTMEM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <linux/extmem.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where to look, the regions that were there, and the last error. */
struct extmem_context;
/* A region or a partition, as it was at extmem_scan(), whose next call ends it. */
struct extmem_region;
/* One that is open. */
struct extmem_file;

/* A mapping of a region or of a buffer. */
struct extmem_map {
	void *address;		/* NULL: none */
	size_t length;
};

/* A buffer from a pool: a dma-buf. */
struct extmem_buffer {
	int fd;
	uint64_t length;	/* whole pages */
	uint64_t dma_addr;	/* EXTMEM_PHYS_ADDR_NONE, if that is not for the caller */
};

/* --- contexts --- */

/* /sys and /dev, or EXTMEM_SYSFS and EXTMEM_DEV of the environment. NULL without memory. */
struct extmem_context *extmem_new(void);
/* Other folders in the place of /sys and /dev: a test's. NULL means the usual one. */
struct extmem_context *extmem_new_at(const char *sysfs, const char *dev);
void extmem_free(struct extmem_context *context);
/* Of the last call that failed; never NULL. */
const char *extmem_error(const struct extmem_context *context);
/* "1.1" */
const char *extmem_version(void);

/* --- which regions there are --- */

/* Reads all regions and their facts. What went meanwhile is left out. Returns how many. */
int extmem_scan(struct extmem_context *context);
/* In order of their addresses, else of their names; a region before its partitions. */
struct extmem_region *extmem_first(struct extmem_context *context);
struct extmem_region *extmem_next(struct extmem_region *region);
/* Scans, if nobody has yet. */
struct extmem_region *extmem_find(struct extmem_context *context, const char *name);

#define extmem_for_each(context, region)				\
	for ((region) = extmem_first(context); (region);		\
	     (region) = extmem_next(region))

const char *extmem_region_name(const struct extmem_region *region);
/* The region that it is a partition of, or NULL. */
struct extmem_region *extmem_region_parent(const struct extmem_region *region);
/*
 * What the file of that name in /sys/class/extmem/<name>/ says, or NULL: errno is ENOENT
 * then, or EACCES for a fact that is not for the caller, or what reading it gave.
 */
const char *extmem_region_fact(const struct extmem_region *region, const char *fact);
uint64_t extmem_region_size(const struct extmem_region *region);
/* EXTMEM_PHYS_ADDR_NONE: it has no one address, or that is not for the caller. */
uint64_t extmem_region_address(const struct extmem_region *region);
/* It has no bytes of its own, but buffers for extmem_alloc(). */
bool extmem_region_is_pool(const struct extmem_region *region);
bool extmem_region_is_read_only(const struct extmem_region *region);

/* --- using one --- */

/* @flags as of open(): O_RDONLY, O_WRONLY or O_RDWR, and O_EXCL to be alone. */
int extmem_open(struct extmem_context *context, const char *name, int flags,
		struct extmem_file **file);
void extmem_close(struct extmem_file *file);
int extmem_fd(const struct extmem_file *file);
const char *extmem_file_name(const struct extmem_file *file);
uint64_t extmem_file_size(const struct extmem_file *file);

/* As pread() and pwrite(): fewer bytes are no error. -EINTR after a signal. */
ssize_t extmem_read(struct extmem_file *file, void *buffer, size_t length, uint64_t offset);
ssize_t extmem_write(struct extmem_file *file, const void *buffer, size_t length,
		     uint64_t offset);

/* @prot as of mmap(). A @length of 0 is all from @offset on. */
int extmem_map(struct extmem_file *file, uint64_t offset, uint64_t length, int prot,
	       struct extmem_map *map);
/* Opens the region, maps all of it, and closes it: the mapping stays. */
int extmem_map_region(struct extmem_context *context, const char *name, int prot,
		      struct extmem_map *map);
/* Of a map that is zeroed or was unmapped, nothing. */
void extmem_unmap(struct extmem_map *map);

/* All that the kernel says of it; @info needs no size. */
int extmem_info(struct extmem_file *file, struct extmem_info *info);
/* @flags of enum extmem_sync_flags. Returns what was done, of enum extmem_sync_done. */
int extmem_sync(struct extmem_file *file, uint64_t offset, uint64_t length,
		unsigned int flags);
/* Takes a buffer from a pool, which must be open for writing. Close its fd. */
int extmem_alloc(struct extmem_file *pool, uint64_t length, struct extmem_buffer *buffer);
/* A dma-buf of a window of the region. Returns its descriptor. */
int extmem_export(struct extmem_file *file, uint64_t offset, uint64_t length);
/*
 * From one place to another: regions, buffers or windows by their descriptors; @file is
 * any open region. Returns how many bytes: fewer after a signal.
 */
int64_t extmem_copy(struct extmem_file *file, int to, uint64_t to_offset, int from,
		    uint64_t from_offset, uint64_t length);

/* The same of a buffer or of a window. */
int extmem_buffer_map(struct extmem_context *context, int fd, uint64_t length, int prot,
		      struct extmem_map *map);
int extmem_buffer_sync(struct extmem_context *context, int fd, unsigned int flags);

/* --- interrupts, since 1.1 --- */

/* The index of the one with that name, or with that number where the node has no names. */
int extmem_irq_find(struct extmem_file *file, const char *name);
/* Listens to it, and lets a level through again once its cause is removed. */
int extmem_irq_arm(struct extmem_file *file, unsigned int index);
int extmem_irq_disarm(struct extmem_file *file, unsigned int index);
/* As extmem_irq_arm(); each event is signalled to @eventfd, too, or to none if it is -1. */
int extmem_irq_eventfd(struct extmem_file *file, unsigned int index, int eventfd);
/* What came of it, without waiting; @irq needs no size. */
int extmem_irq_read(struct extmem_file *file, unsigned int index, struct extmem_irq_read *irq);
/*
 * Waits until there is something to read of any that the file has armed. @timeout and
 * @signals are as of ppoll(), and may be NULL. Returns 1, or 0 when the time is up.
 */
int extmem_irq_wait(struct extmem_file *file, const struct timespec *timeout,
		    const sigset_t *signals);

/* --- what goes by itself at the end of its block --- */

/*
 *	extmem_auto(context) struct extmem_context *context = extmem_new();
 *	extmem_auto(file) struct extmem_file *file = NULL;
 *	extmem_auto(map) struct extmem_map map = {};
 *	extmem_auto(buffer) struct extmem_buffer buffer = { .fd = -1 };
 *	extmem_auto(fd) int window = -1;
 */
#define extmem_auto(what) __attribute__((cleanup(extmem_auto_##what)))

static inline void extmem_auto_context(struct extmem_context **context)
{
	extmem_free(*context);
}

static inline void extmem_auto_file(struct extmem_file **file)
{
	extmem_close(*file);
}

static inline void extmem_auto_map(struct extmem_map *map)
{
	extmem_unmap(map);
}

static inline void extmem_auto_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void extmem_auto_buffer(struct extmem_buffer *buffer)
{
	extmem_auto_fd(&buffer->fd);
}

#ifdef __cplusplus
}
#endif

#endif /* LIBEXTMEM_H */
