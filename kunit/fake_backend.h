/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A backend without hardware that writes down how it is called and fails on demand.
 */
#ifndef _EXTMEM_FAKE_BACKEND_H
#define _EXTMEM_FAKE_BACKEND_H

#include <linux/mm_types.h>
#include <linux/mutex.h>

#include "internal.h"

struct kunit;

#define FAKE_NAME	"test-fake"
#define FAKE_PAGES	16	/* what it has, as a rule; a page stands for many */
#define FAKE_MAPPED	1024	/* the most pages that it maps at once */
#define FAKE_RECORDS	16	/* the most calls that it remembers */

enum fake_call {
	FAKE_ATTACH,
	FAKE_DETACH,
	FAKE_MAP,
	FAKE_UNMAP,
	FAKE_SYNC,
	FAKE_ALLOC,
	FAKE_FREE,
};

struct fake_record {
	enum fake_call call;
	u64 offset;	/* of map and sync */
	u64 size;	/* of map, unmap, sync, alloc and free */
	bool for_cpu;	/* of sync */
};

/**
 * struct fake_backend - the one fake of a test
 * @backend: what the core sees; registered by the test, if it wants to
 * @ops: of @backend, less those that the test takes out before there is a region
 * @prot: of its mappings, whatever the region's policy
 * @attach_error: what attach() returns
 * @map_error: what map() returns
 * @sync_error: what sync() returns
 * @alloc_error: what alloc() returns
 * @no_address: it says that its memory has no one address
 * @lock: guards what follows it
 * @attached: regions that are attached
 * @mapped: mappings that are there
 * @buffers: buffers that are there
 * @count: calls up to now
 * @records: the first of them, in order; pgprot() and pfn() are not written down
 * @test: the test
 * @memory: pages that follow each other
 * @pages: their number
 *
 * It fails the test when it is called in an order that the core has to rule out.
 */
struct fake_backend {
	struct extmem_backend backend;
	struct extmem_backend_ops ops;
	pgprot_t prot;
	int attach_error;
	int map_error;
	int sync_error;
	int alloc_error;
	bool no_address;

	struct mutex lock;	/* guards what follows */
	int attached;
	int mapped;
	int buffers;
	unsigned int count;
	struct fake_record records[FAKE_RECORDS];

	struct kunit *test;
	u8 *memory;
	unsigned int pages;
};

struct fake_backend *fake_backend_new(struct kunit *test);
void fake_backend_resize(struct kunit *test, struct fake_backend *fake, unsigned int pages);
void fake_backend_expect(struct kunit *test, struct fake_backend *fake,
			 const char *calls);
const struct fake_record *fake_backend_last(struct kunit *test,
					    struct fake_backend *fake,
					    enum fake_call call);

#endif /* _EXTMEM_FAKE_BACKEND_H */
