/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The vocabulary of extmem that user space shares with the kernel.
 */
#ifndef _UAPI_LINUX_EXTMEM_H
#define _UAPI_LINUX_EXTMEM_H

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

#endif /* _UAPI_LINUX_EXTMEM_H */
