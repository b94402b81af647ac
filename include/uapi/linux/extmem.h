/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What user space says to extmem: the vocabulary, and the ioctls of
 * /dev/extmem/<name>.
 *
 * Each ioctl takes a struct whose first member is its size, as the caller knows it.
 * A struct only ever grows, at its end, and 0 means there what its absence meant
 * before. So who is compiled against another version than the kernel's is
 * understood, as long as he asks for nothing that the kernel does not know:
 *
 * * -ENOTTY: the kernel has no such ioctl
 * * -EINVAL: the size is less than that of the first version, or a flag is unknown,
 *   or a member that must be 0 is not
 * * -E2BIG: a member that the kernel does not know is not 0
 * * -EFAULT: the struct is not in the caller's memory
 * * -ENODEV: the region is gone; close the file
 */
#ifndef _UAPI_LINUX_EXTMEM_H
#define _UAPI_LINUX_EXTMEM_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * enum extmem_type - what the memory is
 * @EXTMEM_MMIO: registers; each access counts, and counts once
 * @EXTMEM_RAM: memory that forgets when its power goes
 * @EXTMEM_ROM: memory that cannot be written
 * @EXTMEM_NVRAM: memory that remembers
 * @EXTMEM_CMA: a buffer, or a pool of buffers, that the DMA API hands out
 */
enum extmem_type {
	EXTMEM_MMIO,
	EXTMEM_RAM,
	EXTMEM_ROM,
	EXTMEM_NVRAM,
	EXTMEM_CMA,
};

/**
 * enum extmem_policy - how the memory may be mapped, weakest first
 * @EXTMEM_UNCACHED: each access goes to the memory, in order
 * @EXTMEM_WRITE_COMBINE: not cached; writes may be merged and reordered
 * @EXTMEM_WRITE_THROUGH: reads may be cached, writes go to the memory
 * @EXTMEM_WRITE_BACK: cached like ordinary memory
 */
enum extmem_policy {
	EXTMEM_UNCACHED,
	EXTMEM_WRITE_COMBINE,
	EXTMEM_WRITE_THROUGH,
	EXTMEM_WRITE_BACK,
};

/**
 * enum extmem_effective - what a page-table entry says of its memory
 * @EXTMEM_EFFECTIVE_UNKNOWN: this machine does not tell
 * @EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED: a write ends when it has reached the memory
 * @EXTMEM_EFFECTIVE_UNCACHED: as enum extmem_policy, and so are the following
 * @EXTMEM_EFFECTIVE_WRITE_COMBINE: -
 * @EXTMEM_EFFECTIVE_WRITE_THROUGH: -
 * @EXTMEM_EFFECTIVE_WRITE_BACK: -
 */
enum extmem_effective {
	EXTMEM_EFFECTIVE_UNKNOWN,
	EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED,
	EXTMEM_EFFECTIVE_UNCACHED,
	EXTMEM_EFFECTIVE_WRITE_COMBINE,
	EXTMEM_EFFECTIVE_WRITE_THROUGH,
	EXTMEM_EFFECTIVE_WRITE_BACK,
};

/**
 * enum extmem_state - whether the memory can be used
 * @EXTMEM_STATE_READY: it can
 * @EXTMEM_STATE_REMOVED: it is gone
 * @EXTMEM_STATE_SUSPENDED: not before the machine is awake, or its memory is on
 * @EXTMEM_STATE_CONTENT_LOST: it can, and has forgotten what was in it
 */
enum extmem_state {
	EXTMEM_STATE_READY,
	EXTMEM_STATE_REMOVED,
	EXTMEM_STATE_SUSPENDED,
	EXTMEM_STATE_CONTENT_LOST,
};

#define EXTMEM_IOC_TYPE 0xBA

#define EXTMEM_NAME_SIZE	128
#define EXTMEM_BACKEND_SIZE	32

/* Of a region that has no one address, or whose address is not for this caller. */
#define EXTMEM_PHYS_ADDR_NONE	(~(__u64)0)

/**
 * enum extmem_access - what can be done with a region
 * @EXTMEM_ACCESS_WRITE: it can be written
 * @EXTMEM_ACCESS_MMAP: it can be mapped: it fills whole pages
 * @EXTMEM_ACCESS_COHERENT: no cache stands between devices and the CPU, so that
 *	EXTMEM_IOC_SYNC is a barrier at most
 */
enum extmem_access {
	EXTMEM_ACCESS_WRITE = 1 << 0,
	EXTMEM_ACCESS_MMAP = 1 << 1,
	EXTMEM_ACCESS_COHERENT = 1 << 2,
};

/**
 * struct extmem_info - all that sysfs says of a region, in one call
 * @size: in: sizeof(struct extmem_info)
 * @flags: in: 0
 * @bytes: size of the region
 * @phys_addr: CPU address of the first byte, for who has CAP_SYS_ADMIN; else
 *	EXTMEM_PHYS_ADDR_NONE
 * @type: enum extmem_type
 * @policy: enum extmem_policy
 * @effective: enum extmem_effective
 * @access: of enum extmem_access
 * @state: enum extmem_state
 * @io_width: the one width in bytes that accesses have, 0 for any
 * @numa_node: -1 for none
 * @open_count: how many files are open
 * @name: of the region
 * @backend: who serves it
 */
struct extmem_info {
	__u32 size;
	__u32 flags;
	__u64 bytes;
	__u64 phys_addr;
	__u32 type;
	__u32 policy;
	__u32 effective;
	__u32 access;
	__u32 state;
	__u32 io_width;
	__s32 numa_node;
	__u32 open_count;
	char name[EXTMEM_NAME_SIZE];
	char backend[EXTMEM_BACKEND_SIZE];
};

/**
 * EXTMEM_IOC_INFO - ask for all facts of a region
 *
 * Takes a struct extmem_info. Any open file will do.
 */
#define EXTMEM_IOC_INFO		_IO(EXTMEM_IOC_TYPE, 0)

/**
 * enum extmem_sync_flags - what the CPU is about to do, or has done
 * @EXTMEM_SYNC_READ: it reads what a device has written
 * @EXTMEM_SYNC_WRITE: it writes what a device reads
 * @EXTMEM_SYNC_END: it has done so; without this flag, it is about to
 *
 * The values are those of DMA_BUF_SYNC_READ, DMA_BUF_SYNC_WRITE and DMA_BUF_SYNC_END.
 */
enum extmem_sync_flags {
	EXTMEM_SYNC_READ = 1 << 0,
	EXTMEM_SYNC_WRITE = 1 << 1,
	EXTMEM_SYNC_END = 1 << 2,
};

/**
 * enum extmem_sync_done - what was needed
 * @EXTMEM_SYNC_NOTHING: nothing
 * @EXTMEM_SYNC_BARRIER: the CPU's accesses before are ordered before those after
 * @EXTMEM_SYNC_CACHE: the CPU's caches were written back, or emptied
 */
enum extmem_sync_done {
	EXTMEM_SYNC_NOTHING,
	EXTMEM_SYNC_BARRIER,
	EXTMEM_SYNC_CACHE,
};

/**
 * struct extmem_sync - a range that the CPU shares with a device
 * @size: in: sizeof(struct extmem_sync)
 * @flags: in: of enum extmem_sync_flags, READ or WRITE or both
 * @offset: in: first byte
 * @length: in: bytes, not 0
 * @done: out: enum extmem_sync_done
 * @reserved: in: 0
 */
struct extmem_sync {
	__u32 size;
	__u32 flags;
	__u64 offset;
	__u64 length;
	__u32 done;
	__u32 reserved;
};

/**
 * EXTMEM_IOC_SYNC - begin or end the CPU's use of memory that a device uses, too
 *
 * Takes a struct extmem_sync. Before it reads what a device has written, a program
 * begins with EXTMEM_SYNC_READ; after it has written what a device is to read, and
 * before it tells the device, it ends with EXTMEM_SYNC_WRITE. On memory that needs
 * nothing of the kind the call costs a system call, and says so in @done.
 *
 * Fails with -EINVAL for a range that is empty or not in the region, and with
 * -EOPNOTSUPP where neither the memory nor this machine has a way: the region should
 * then be "write-combine", or dma-coherent if its devices are.
 */
#define EXTMEM_IOC_SYNC		_IO(EXTMEM_IOC_TYPE, 1)

/**
 * struct extmem_alloc - a buffer from a pool
 * @size: in: sizeof(struct extmem_alloc)
 * @flags: in: 0
 * @length: in: bytes, not 0; out: what there is of it, in whole pages
 * @dma_addr: out: its address for the device of the pool's node, for who has
 *	CAP_SYS_ADMIN; else EXTMEM_PHYS_ADDR_NONE
 * @fd: out: the dma-buf; closed by execve()
 * @reserved: in: 0
 */
struct extmem_alloc {
	__u32 size;
	__u32 flags;
	__u64 length;
	__u64 dma_addr;
	__s32 fd;
	__u32 reserved;
};

/**
 * EXTMEM_IOC_ALLOC - take a buffer from a pool
 *
 * Takes a struct extmem_alloc. The buffer is contiguous and zeroed. It is the caller's
 * until all descriptors and mappings of it are closed and all drivers that were given
 * it have let go, even if the pool's region goes meanwhile. It can be mapped, and is
 * synchronised by DMA_BUF_IOCTL_SYNC.
 *
 * Fails with -ENOTTY where the region is no pool, -EACCES on a file that was opened for
 * reading only, -EINVAL for a length of 0, -ENOMEM when the pool has no such room: the
 * log says what was asked for and what to change. -EINTR when the caller is killed.
 */
#define EXTMEM_IOC_ALLOC	_IO(EXTMEM_IOC_TYPE, 2)

/**
 * struct extmem_export - a window of a region
 * @size: in: sizeof(struct extmem_export)
 * @flags: in: 0
 * @offset: in: first byte
 * @length: in: bytes, not 0; both whole pages
 * @fd: out: the dma-buf, read-only if the file is; closed by execve()
 * @reserved: in: 0
 */
struct extmem_export {
	__u32 size;
	__u32 flags;
	__u64 offset;
	__u64 length;
	__s32 fd;
	__u32 reserved;
};

/**
 * EXTMEM_IOC_EXPORT - hand out a window of a region
 *
 * Takes a struct extmem_export. The window can be mapped, and given to drivers that can
 * let go of it, and that do peer-to-peer DMA unless the memory is a carve-out in the
 * kernel's linear map or a buffer of a reusable pool. It is revoked when the region
 * goes: mappings give SIGBUS then, and drivers are told.
 *
 * Fails with -EACCES on a file that was opened for writing only, for a window can always be
 * read, -EINVAL for a window that is not whole pages of the region, -EPERM for registers,
 * -ENXIO for a pool (see EXTMEM_IOC_ALLOC), -EOPNOTSUPP for memory that has no one address.
 */
#define EXTMEM_IOC_EXPORT	_IO(EXTMEM_IOC_TYPE, 3)

/**
 * struct extmem_copy - bytes from one place to another
 * @size: in: sizeof(struct extmem_copy)
 * @flags: in: 0
 * @src_fd: in: where from; open for reading
 * @dst_fd: in: where to; open for writing
 * @src_offset: in: first byte there
 * @dst_offset: in: first byte there
 * @length: in: bytes, not 0
 * @copied: in: 0; out: how many there were: fewer when a signal came or the region went,
 *	and a page less than 2 GiB at most
 */
struct extmem_copy {
	__u32 size;
	__u32 flags;
	__s32 src_fd;
	__s32 dst_fd;
	__u64 src_offset;
	__u64 dst_offset;
	__u64 length;
	__u64 copied;
};

/**
 * EXTMEM_IOC_COPY - copy between regions, buffers and windows
 *
 * Takes a struct extmem_copy, on any open file of a region. Each descriptor is a region,
 * or a dma-buf of EXTMEM_IOC_ALLOC or EXTMEM_IOC_EXPORT. Where a region has a DMA engine,
 * that copies what is long enough. Of a copy that ends early, @copied says how far it
 * came; the call fails only if that is nothing.
 *
 * Fails with -EBADF for a descriptor that is not open in the right way, -EINVAL for one
 * that is none of these, a range that is not in it or overlaps the other, -EPERM for
 * registers and for what is read-only, -ENXIO for a pool.
 */
#define EXTMEM_IOC_COPY		_IO(EXTMEM_IOC_TYPE, 4)

#define EXTMEM_IRQ_NAME_SIZE	32

/**
 * enum extmem_irq_flags - what else a file wants of an interrupt
 * @EXTMEM_IRQ_EVENTFD: have its events signalled to @eventfd, too
 * @EXTMEM_IRQ_DISARM: listen no more
 */
enum extmem_irq_flags {
	EXTMEM_IRQ_EVENTFD = 1 << 0,
	EXTMEM_IRQ_DISARM = 1 << 1,
};

/**
 * struct extmem_irq_arm - an interrupt to listen to
 * @size: in: sizeof(struct extmem_irq_arm)
 * @flags: in: of enum extmem_irq_flags, one at most
 * @index: in: which, in the order of the node's "interrupts", from 0
 * @eventfd: in: with EXTMEM_IRQ_EVENTFD, an eventfd, which takes the place of the last one,
 *	or -1 for none any more; else 0
 */
struct extmem_irq_arm {
	__u32 size;
	__u32 flags;
	__u32 index;
	__s32 eventfd;
};

/**
 * EXTMEM_IOC_IRQ_ARM - listen to an interrupt, and let it through again
 *
 * Takes a struct extmem_irq_arm. The file listens until it is closed, or until the call is
 * made with EXTMEM_IRQ_DISARM: poll() says POLLPRI while there are events of which
 * EXTMEM_IOC_IRQ_READ has not told it. While no file listens, the interrupt is off.
 *
 * An interrupt that is a level is masked when it comes, for its cause is for the program
 * to remove. It stays masked until any file that listens makes this call again. An edge is
 * never masked, and there is nothing to be done again.
 *
 * Fails with -ENOTTY where the region has no interrupts, as partitions have none, -EINVAL
 * for an index that it does not have, and for an @eventfd that is no eventfd, -EBADF for
 * one that is not open.
 */
#define EXTMEM_IOC_IRQ_ARM	_IO(EXTMEM_IOC_TYPE, 5)

/**
 * enum extmem_irq_state - how an interrupt is
 * @EXTMEM_IRQ_LEVEL: it is a level, or is taken for one
 * @EXTMEM_IRQ_MASKED: it came, and waits for EXTMEM_IOC_IRQ_ARM
 * @EXTMEM_IRQ_ARMED: this file listens to it
 */
enum extmem_irq_state {
	EXTMEM_IRQ_LEVEL = 1 << 0,
	EXTMEM_IRQ_MASKED = 1 << 1,
	EXTMEM_IRQ_ARMED = 1 << 2,
};

/**
 * struct extmem_irq_read - what came of an interrupt
 * @size: in: sizeof(struct extmem_irq_read)
 * @flags: in: 0
 * @index: in: which, from 0
 * @state: out: of enum extmem_irq_state
 * @count: out: events since the region came up
 * @events: out: those since this file armed it, or was last told; 0 of one that did not
 * @name: out: of the node's "interrupt-names", or the index in decimal; NULs after it
 */
struct extmem_irq_read {
	__u32 size;
	__u32 flags;
	__u32 index;
	__u32 state;
	__u64 count;
	__u64 events;
	char name[EXTMEM_IRQ_NAME_SIZE];
};

/**
 * EXTMEM_IOC_IRQ_READ - be told what came of an interrupt
 *
 * Takes a struct extmem_irq_read. Does not wait: poll() does. What one file is told is no
 * other file's matter; who shares the file by dup() or fork() shares what it was told.
 *
 * Fails as EXTMEM_IOC_IRQ_ARM.
 */
#define EXTMEM_IOC_IRQ_READ	_IO(EXTMEM_IOC_TYPE, 6)

#endif /* _UAPI_LINUX_EXTMEM_H */
