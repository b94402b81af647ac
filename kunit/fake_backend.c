// SPDX-License-Identifier: GPL-2.0
/*
 * A backend without hardware: see the header.
 */
#include <kunit/test.h>

#include <linux/cleanup.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "fake_backend.h"

/* The calls of a backend know the region only, and a test has one fake. */
static struct fake_backend *fake_of_test;

static void record(struct fake_backend *fake, enum fake_call call, u64 offset, u64 size)
{
	lockdep_assert_held(&fake->lock);
	if (fake->count < FAKE_RECORDS)
		fake->records[fake->count] = (struct fake_record){
			.call = call, .offset = offset, .size = size,
		};
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
static struct page *page_at(struct fake_backend *fake, unsigned long index)
{
	return virt_to_page(fake->memory + index % fake->pages * PAGE_SIZE);
}

static void *map_pages(struct fake_backend *fake, u64 offset, size_t size)
{
	unsigned long i, count = DIV_ROUND_UP(size, PAGE_SIZE);
	struct page **pages __free(kfree) = NULL;

	if (count > FAKE_MAPPED)
		return NULL;
	pages = kmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (i = 0; i < count; i++)
		pages[i] = page_at(fake, PHYS_PFN(offset) + i);
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

static pgprot_t fake_pgprot(struct extmem_region *region, pgprot_t prot)
{
	return prot;
}

static int fake_pfn(struct extmem_region *region, u64 offset, unsigned long *pfn)
{
	struct fake_backend *fake = region->backend_data;

	guard(mutex)(&fake->lock);
	KUNIT_EXPECT_LE_MSG(fake->test, offset + PAGE_SIZE, region->size, "outside");
	*pfn = page_to_pfn(page_at(fake, PHYS_PFN(offset)));
	return 0;
}

static int fake_sync(struct extmem_region *region, const struct iosys_map *map,
		     u64 offset, size_t size, bool for_cpu)
{
	struct fake_backend *fake = region->backend_data;
	const u8 *here = map->vaddr, *there;

	guard(mutex)(&fake->lock);
	record(fake, FAKE_SYNC, offset, size);
	if (fake->count <= FAKE_RECORDS)
		fake->records[fake->count - 1].for_cpu = for_cpu;
	KUNIT_EXPECT_GT_MSG(fake->test, fake->mapped, 0, "no mapping to work on");
	KUNIT_EXPECT_LE_MSG(fake->test, offset + size, region->size, "outside");
	there = page_address(page_at(fake, PHYS_PFN(offset))) + offset_in_page(offset);
	KUNIT_EXPECT_EQ_MSG(fake->test, *here, *there, "the mapping is of something else");
	return fake->sync_error;
}

static int fake_alloc(struct extmem_region *region, struct extmem_buffer *buffer)
{
	struct fake_backend *fake = region->backend_data;

	guard(mutex)(&fake->lock);
	record(fake, FAKE_ALLOC, 0, buffer->size);
	KUNIT_EXPECT_GT_MSG(fake->test, fake->attached, 0, "taken from what is not attached");
	if (fake->alloc_error)
		return fake->alloc_error;
	buffer->vaddr = alloc_pages_exact(buffer->size, GFP_KERNEL | __GFP_ZERO);
	if (!buffer->vaddr)
		return -ENOMEM;
	buffer->dev = region->owner;
	buffer->base = virt_to_phys(buffer->vaddr);
	buffer->dma = buffer->base;
	buffer->has_pages = true;
	fake->buffers++;
	return 0;
}

static void fake_free(struct extmem_buffer *buffer)
{
	struct fake_backend *fake = fake_of_test;

	guard(mutex)(&fake->lock);
	record(fake, FAKE_FREE, 0, buffer->size);
	fake->buffers--;
	KUNIT_EXPECT_GE_MSG(fake->test, fake->buffers, 0, "freed twice");
	free_pages_exact(buffer->vaddr, buffer->size);
}

static pgprot_t fake_buffer_pgprot(struct extmem_buffer *buffer, pgprot_t prot)
{
	return prot;
}

static const struct extmem_backend_ops fake_ops = {
	.attach = fake_attach,
	.detach = fake_detach,
	.map = fake_map,
	.unmap = fake_unmap,
	.pgprot = fake_pgprot,
	.pfn = fake_pfn,
	.sync = fake_sync,
	.alloc = fake_alloc,
	.free = fake_free,
	.buffer_pgprot = fake_buffer_pgprot,
};

static void fake_backend_end(void *data)
{
	struct fake_backend *fake = data;

	KUNIT_EXPECT_EQ_MSG(fake->test, fake->attached, 0, "left attached");
	KUNIT_EXPECT_EQ_MSG(fake->test, fake->mapped, 0, "left mapped");
	KUNIT_EXPECT_EQ_MSG(fake->test, fake->buffers, 0, "left a buffer");
	if (fake->memory)
		free_pages_exact(fake->memory, fake->pages * PAGE_SIZE);
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

	KUNIT_ASSERT_NOT_NULL(test, fake);
	KUNIT_ASSERT_NULL(test, fake_of_test);
	fake->backend.name = FAKE_NAME;
	fake->ops = fake_ops;
	fake->backend.ops = &fake->ops;
	fake->prot = PAGE_KERNEL;
	fake->test = test;
	mutex_init(&fake->lock);
	fake_of_test = fake;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, fake_backend_end, fake), 0);
	fake_backend_resize(test, fake, FAKE_PAGES);
	return fake;
}

/**
 * fake_backend_resize() - give it other memory
 * @test: the test
 * @fake: the fake, which has no region yet
 * @pages: how many pages there are to be, for all of a region or to stand for it
 */
void fake_backend_resize(struct kunit *test, struct fake_backend *fake, unsigned int pages)
{
	if (fake->memory)
		free_pages_exact(fake->memory, fake->pages * PAGE_SIZE);
	fake->pages = pages;
	fake->memory = alloc_pages_exact(pages * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	KUNIT_ASSERT_NOT_NULL(test, fake->memory);
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
		[FAKE_SYNC] = "sync,", [FAKE_ALLOC] = "alloc,", [FAKE_FREE] = "free,",
	};
	char seen[FAKE_RECORDS * sizeof("detach,")] = "";
	unsigned int i;

	guard(mutex)(&fake->lock);
	KUNIT_ASSERT_LE(test, fake->count, FAKE_RECORDS);
	for (i = 0; i < fake->count; i++)
		strlcat(seen, names[fake->records[i].call], sizeof(seen));
	KUNIT_EXPECT_STREQ(test, seen, calls);
}

/**
 * fake_backend_last() - the latest call of a kind
 * @test: the test, which ends here if there was none
 * @fake: the fake
 * @call: the kind
 *
 * Return: the record; nobody may be calling meanwhile.
 */
const struct fake_record *fake_backend_last(struct kunit *test,
					    struct fake_backend *fake,
					    enum fake_call call)
{
	unsigned int i;

	KUNIT_ASSERT_LE(test, fake->count, FAKE_RECORDS);
	for (i = fake->count; i--; )
		if (fake->records[i].call == call)
			return &fake->records[i];
	KUNIT_FAIL_AND_ABORT(test, "there was no such call");
	return NULL;
}
