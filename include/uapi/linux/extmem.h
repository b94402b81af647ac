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
 * @EXTMEM_STATE_SUSPENDED: not before the machine is awake
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

#endif /* _UAPI_LINUX_EXTMEM_H */
