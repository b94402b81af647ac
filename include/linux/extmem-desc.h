/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The plain-data description of a region.
 *
 * There is no kernel object in here: parse.c and rules.c, which work on it, are
 * compiled into the tool that checks a DTB in user space, too.
 */
#ifndef _LINUX_EXTMEM_DESC_H
#define _LINUX_EXTMEM_DESC_H

#include <linux/types.h>
#include <uapi/linux/extmem.h>

/* What a label may have: EXTMEM_NAME_SIZE has room for "<parent>.<label>" and a NUL. */
#define EXTMEM_LABEL_MAX	63

#define EXTMEM_IRQS_MAX		32	/* of a region */

/**
 * enum extmem_reservation - what keeps the kernel off the memory
 * @EXTMEM_NOT_RESERVED: nothing has to: the memory is no System RAM
 * @EXTMEM_CARVE_OUT: a reservation that the kernel has in its linear map
 * @EXTMEM_NO_MAP: a reservation with no-map
 * @EXTMEM_REUSABLE_POOL: a reusable shared-dma-pool, that is a CMA area
 * @EXTMEM_COHERENT_POOL: a shared-dma-pool with no-map
 */
enum extmem_reservation {
	EXTMEM_NOT_RESERVED,
	EXTMEM_CARVE_OUT,
	EXTMEM_NO_MAP,
	EXTMEM_REUSABLE_POOL,
	EXTMEM_COHERENT_POOL,
};

/**
 * enum extmem_byte_order - the byte order of accesses wider than a byte
 * @EXTMEM_LITTLE_ENDIAN: as the binding says, and when it says nothing
 * @EXTMEM_BIG_ENDIAN: the other way round
 * @EXTMEM_NATIVE_ENDIAN: whatever the CPU has
 */
enum extmem_byte_order {
	EXTMEM_LITTLE_ENDIAN,
	EXTMEM_BIG_ENDIAN,
	EXTMEM_NATIVE_ENDIAN,
};

/**
 * struct extmem_desc - a region as its DT node describes it
 * @node: full path of the DT node, for messages
 * @alias: what the property of /aliases that leads to the node is called, or NULL
 * @reserved_by: path of the /reserved-memory child behind @memory-region, or NULL
 * @name: what the device is called
 * @base: CPU address; of a cma region, that of its pool
 * @size: bytes; of a cma region, those of its pool
 * @buffer_size: bytes of a cma region's fixed buffer, 0 for none
 * @type: what the memory is
 * @policy: how it may be mapped
 * @policy_is_default: @policy is not in the DT node
 * @reservation: what keeps the kernel off the memory
 * @byte_order: for accesses wider than a byte
 * @io_width: the one width in bytes that accesses have, 0 for any
 * @numa_node: NUMA node, -1 for none
 * @read_only: never written
 * @nonposted: a write must not end before it has reached the memory
 * @dma_coherent: devices that reach the memory snoop the CPU's caches
 * @engine: a DMA engine can copy from and to it
 * @pool: other drivers may allocate from it
 * @has_pool: they may from a partition of it
 * @irqs: how many interrupts it has
 * @irq_names: their names, each with its NUL, or NULL; of use only while a region is made
 * @wakeup: they may wake the machine
 * @nvmem: there are cells in it
 * @adopted: a foreign node, of which nobody has said that it is a region
 * @power: the property that says what it needs before it answers, the first of several, or
 *	NULL
 */
struct extmem_desc {
	const char *node;
	const char *alias;
	const char *reserved_by;
	char name[EXTMEM_NAME_SIZE];
	u64 base;
	u64 size;
	u64 buffer_size;
	enum extmem_type type;
	enum extmem_policy policy;
	bool policy_is_default;
	enum extmem_reservation reservation;
	enum extmem_byte_order byte_order;
	u8 io_width;
	int numa_node;
	bool read_only;
	bool nonposted;
	bool dma_coherent;
	bool engine;
	bool pool;
	bool has_pool;
	bool nvmem;
	bool wakeup;
	bool adopted;
	const char *power;
	u8 irqs;
	const char *irq_names;
};

#endif /* _LINUX_EXTMEM_DESC_H */
