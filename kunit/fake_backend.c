// SPDX-License-Identifier: GPL-2.0
/*
 * A backend without hardware: see the header.
 */
#include <kunit/test.h>

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "fake_backend.h"

/* The calls of a backend know the region only, and a test has one fake. */
static struct fake_backend *fake_of_test;

static void record(struct fake_backend *fake, enum fake_call call, u64 offset, u64 size)
{
	lockdep_assert_held(&fake->lock);
	if (fake->count < FAKE_RECORDS)
		fake->records[fake->count] = (struct fake_record){ call, offset, size };
	fake->count++;
}

static int fake_attach(struct extmem_region *region)
{
	struct fake_backend *fake = fake_of_test;

	guard(mutex)(&fake->lock);
	record(fake, FAKE_ATTACH, 0, 0);
	if (fake->attach_error)
		return fake->attach_error;
	if (fake->no_address)
		region->base = EXTMEM_NO_ADDRESS;
	region->backend_data = fake;
	fake->attached++;
	return 0;
}

static void fake_detach(struct extmem_region *region)
{
	struct fake_backend *fake = region->backend_data;

	guard(mutex)(&fake->lock);
	record(fake, FAKE_DETACH, 0, 0);
	fake->attached--;
	KUNIT_EXPECT_GE_MSG(fake->test, fake->attached, 0, "detached twice");
	if (!fake->attached)
		KUNIT_EXPECT_EQ_MSG(fake->test, fake->mapped, 0,
				    "detached with mappings left");
}

/* A page of a large region stands for many. */
static void *map_pages(struct fake_backend *fake, u64 offset, size_t size)
{
	unsigned long i, count = DIV_ROUND_UP(size, PAGE_SIZE);
	struct page *pages[FAKE_PAGES];

	if (count > FAKE_PAGES)
		return NULL;
	for (i = 0; i < count; i++)
		pages[i] = fake->pages[(PHYS_PFN(offset) + i) % FAKE_PAGES];
	return vmap(pages, count, VM_MAP, fake->prot);
}

static int fake_map(struct extmem_region *region, u64 offset, size_t size,
		    struct iosys_map *map)
{
	struct fake_backend *fake = region->backend_data;
	void *vaddr;

	guard(mutex)(&fake->lock);
	record(fake, FAKE_MAP, offset, size);
	KUNIT_EXPECT_GT_MSG(fake->test, fake->attached, 0, "mapped what is not attached");
	KUNIT_EXPECT_EQ_MSG(fake->test, offset_in_page(offset), 0, "no page boundary");
	KUNIT_EXPECT_LE_MSG(fake->test, offset + size, region->size, "outside");
	if (fake->map_error)
		return fake->map_error;
	vaddr = map_pages(fake, offset, size);
	if (!vaddr)
		return -ENOMEM;
	iosys_map_set_vaddr(map, vaddr);
	fake->mapped++;
	return 0;
}

static void fake_unmap(struct extmem_region *region, size_t size, struct iosys_map *map)
{
	struct fake_backend *fake = region->backend_data;

	guard(mutex)(&fake->lock);
	record(fake, FAKE_UNMAP, 0, size);
	fake->mapped--;
	KUNIT_EXPECT_GE_MSG(fake->test, fake->mapped, 0, "unmapped twice");
	vunmap(map->vaddr);
}

static const struct extmem_backend_ops fake_ops = {
	.attach = fake_attach,
	.detach = fake_detach,
	.map = fake_map,
	.unmap = fake_unmap,
};

static void fake_backend_end(void *data)
{
	struct fake_backend *fake = data;
	int i;

	KUNIT_EXPECT_EQ_MSG(fake->test, fake->attached, 0, "left attached");
	KUNIT_EXPECT_EQ_MSG(fake->test, fake->mapped, 0, "left mapped");
	for (i = 0; i < FAKE_PAGES; i++)
		if (fake->pages[i])
			__free_page(fake->pages[i]);
	fake_of_test = NULL;
}

/**
 * fake_backend_new() - a fake that goes with the test
 * @test: the test, which must make its regions afterwards
 *
 * Return: the fake, not registered.
 */
struct fake_backend *fake_backend_new(struct kunit *test)
{
	struct fake_backend *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, fake);
	KUNIT_ASSERT_NULL(test, fake_of_test);
	fake->backend.name = FAKE_NAME;
	fake->backend.ops = &fake_ops;
	fake->prot = PAGE_KERNEL;
	fake->test = test;
	mutex_init(&fake->lock);
	fake_of_test = fake;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, fake_backend_end, fake), 0);
	for (i = 0; i < FAKE_PAGES; i++) {
		fake->pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		KUNIT_ASSERT_NOT_NULL(test, fake->pages[i]);
	}
	return fake;
}

/**
 * fake_backend_expect() - were these the calls, in this order?
 * @test: the test
 * @fake: the fake
 * @calls: the names of all calls up to now, a comma after each
 */
void fake_backend_expect(struct kunit *test, struct fake_backend *fake, const char *calls)
{
	static const char * const names[] = {
		[FAKE_ATTACH] = "attach,", [FAKE_DETACH] = "detach,",
		[FAKE_MAP] = "map,", [FAKE_UNMAP] = "unmap,",
	};
	char seen[FAKE_RECORDS * sizeof("detach,")] = "";
	unsigned int i;

	guard(mutex)(&fake->lock);
	KUNIT_ASSERT_LE(test, fake->count, FAKE_RECORDS);
	for (i = 0; i < fake->count; i++)
		strlcat(seen, names[fake->records[i].call], sizeof(seen));
	KUNIT_EXPECT_STREQ(test, seen, calls);
}
