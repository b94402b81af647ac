/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that plays the part of a device, on UML, and writes down how it is accessed.
 * ioremap() of its addresses works as for real registers.
 */
#ifndef _EXTMEM_FAKE_DEVICE_H
#define _EXTMEM_FAKE_DEVICE_H

#include <linux/sizes.h>
#include <linux/types.h>

struct kunit;

#define FAKE_DEVICE_BASE	0xd8200000ULL
#define FAKE_DEVICE_SIZE	SZ_64K
#define FAKE_DEVICE_RECORDS	2048	/* the most accesses that it remembers */

/**
 * struct fake_access - one access
 * @offset: first byte
 * @size: bytes; 1, 2, 4 or 8, or more for the copying of a block
 * @write: not a read
 */
struct fake_access {
	u32 offset;
	u32 size;
	bool write;
};

/**
 * struct fake_device - the one fake device
 * @memory: what it holds
 * @count: accesses since fake_device_get()
 * @accesses: the first of them, in order
 */
struct fake_device {
	u8 memory[FAKE_DEVICE_SIZE];
	unsigned int count;
	struct fake_access accesses[FAKE_DEVICE_RECORDS];
};

struct fake_device *fake_device_get(struct kunit *test);
void fake_device_expect(struct kunit *test, struct fake_device *dev, bool write,
			u32 offset, u32 width, unsigned int count);

#endif /* _EXTMEM_FAKE_DEVICE_H */
