// SPDX-License-Identifier: GPL-2.0
/*
 * The cma backend, on the pools of a board's.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fixture.h"
#include "user_entry.h"

struct cma_context {
	struct extmem_backend *backend;
	struct device *owner;
};

static int cma_init(struct kunit *test)
{
	struct cma_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->owner = test_owner(test);
	ctx->backend = test_backend(test, ctx->owner, "cma");
	test->priv = ctx;
	return 0;
}

/*
 * A reusable or a coherent pool, by the region of the board's that uses it. The node
 * of that region is where a buffer's owner finds the pool.
 */
static struct extmem_desc borrow(struct kunit *test, const char *name)
{
	const struct test_board_region *taken = test_take_from_board(test, name);
	struct cma_context *ctx = test->priv;
	struct extmem_desc desc = taken->desc;

	ctx->owner->of_node = taken->owner->of_node;
	strscpy(desc.name, TEST_NAME);
	return desc;
}

static struct extmem_region *add(struct kunit *test, const struct extmem_desc *desc)
{
	struct cma_context *ctx = test->priv;

	return test_region(test, ctx->owner, desc, ctx->backend);
}

static struct extmem_region *try_add_second(struct kunit *test, struct extmem_desc desc)
{
	struct cma_context *ctx = test->priv;
	struct device *owner = test_second_owner(test);

	owner->of_node = ctx->owner->of_node;
	strscpy(desc.name, "extmem-second");
	return test_region_try(test, owner, &desc, ctx->backend);
}

static u8 *view_of(struct kunit *test, struct extmem_region *region)
{
	struct iosys_map view;

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_ASSERT_FALSE(test, view.is_iomem);
	return view.vaddr;
}

static void expect_in_pool(struct kunit *test, const struct extmem_region *region)
{
	const struct extmem_desc *desc = &region->desc;

	KUNIT_EXPECT_EQ(test, region->size, desc->buffer_size);
	KUNIT_EXPECT_GE(test, region->base, desc->base);
	KUNIT_EXPECT_LE(test, region->base + region->size, desc->base + desc->size);
}

static const struct pool_case {
	const char *name;
	const char *region;
	enum extmem_policy policy;
	enum extmem_effective attr;
} pools[] = {
	/* The DMA API knows no stricter mapping than write-combine on these machines. */
	{ "reusable uncached", "video", EXTMEM_UNCACHED, EXTMEM_EFFECTIVE_WRITE_COMBINE },
	{ "reusable write-combine", "video", EXTMEM_WRITE_COMBINE,
	  EXTMEM_EFFECTIVE_WRITE_COMBINE },
	{ "reusable write-back", "video", EXTMEM_WRITE_BACK, EXTMEM_EFFECTIVE_WRITE_BACK },
	{ "coherent write-combine", "rings", EXTMEM_WRITE_COMBINE, TEST_COHERENT_POOL },
};

KUNIT_ARRAY_PARAM_DESC(pool, pools, name);

static struct extmem_desc borrow_for(struct kunit *test, const struct pool_case *param)
{
	struct extmem_desc desc = borrow(test, param->region);
	struct extmem_verdict verdict = {};

	desc.policy = param->policy;
	if (extmem_rules_judge(&desc, &test_machine, EXTMEM_ALL_RAM, &verdict))
		kunit_skip(test, "refused on this machine: %.120s", verdict.message);
	return desc;
}

/* Catches: a buffer that the DMA API took from elsewhere, or of another size. */
static void cma_takes_from_the_pool(struct kunit *test)
{
	struct extmem_desc desc = borrow_for(test, test->param_value);
	struct extmem_region *region = add(test, &desc);

	expect_in_pool(test, region);
	KUNIT_EXPECT_FALSE(test, test_iomem_has(test, region));
}

/* Catches: a policy that maps as another one. */
static void cma_maps_as_the_policy_says(struct kunit *test)
{
	const struct pool_case *param = test->param_value;
	struct extmem_desc desc = borrow_for(test, param);
	struct extmem_region *region = add(test, &desc);
	enum extmem_effective attr = extmem_region_attr(region);

	if (attr == EXTMEM_EFFECTIVE_UNKNOWN)
		kunit_skip(test, "the attribute of this mapping cannot be read here");
	KUNIT_EXPECT_STREQ(test, test_attr_name(attr), test_attr_name(param->attr));
	view_of(test, region);
	KUNIT_EXPECT_STREQ(test, test_attr_name(extmem_region_attr(region)),
			   test_attr_name(param->attr));
}

/* Catches: the bytes of who had the buffer before. */
static void cma_is_zeroed(struct kunit *test)
{
	struct extmem_desc desc = borrow_for(test, test->param_value);
	struct extmem_region *region = add(test, &desc);
	phys_addr_t base = region->base;

	memset(view_of(test, region), 0x5a, desc.buffer_size);
	test_region_remove(test, region);
	region = add(test, &desc);
	KUNIT_EXPECT_NULL(test, memchr_inv(view_of(test, region), 0, desc.buffer_size));
	if (region->base != base)
		kunit_skip(test, "the second buffer is not where the first one was");
}

/* Catches: a buffer that unbind leaves in the pool. */
static void cma_gives_back(struct kunit *test)
{
	struct extmem_desc desc = borrow_for(test, test->param_value);
	int i;

	/* More than half of the pool: there is room for one at a time. */
	desc.buffer_size = desc.size / 8 * 5;
	for (i = 0; i < 4; i++) {
		struct extmem_region *region = add(test, &desc);

		expect_in_pool(test, region);
		test_region_remove(test, region);
	}
}

/*
 * Catches: memory from outside the pool when it is exhausted, and a silent refusal. The
 * second buffer is small enough for the buddy allocator to have it.
 */
static void cma_is_exhausted(struct kunit *test)
{
	struct extmem_desc desc = borrow_for(test, test->param_value);
	struct extmem_desc more = desc;
	u64 start = test_log_start();
	struct extmem_region *first;
	char text[160];

	desc.buffer_size = desc.size / 8 * 7;
	more.buffer_size = desc.size / 4;
	first = add(test, &desc);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(try_add_second(test, more)), -ENOMEM);
	snprintf(text, sizeof(text), "%s: buffer-size: 0x%llx contiguous bytes are not free in %s",
		 more.node, more.buffer_size, more.reserved_by);
	KUNIT_EXPECT_EQ(test, test_log_count(start, text), 1);
	KUNIT_EXPECT_FALSE(test, test_region_is_there("extmem-second"));

	/* The one that was there is none the worse, and leaves room when it goes. */
	KUNIT_EXPECT_EQ(test, view_of(test, first)[0], 0);
	test_region_remove(test, first);
	expect_in_pool(test, add(test, &more));
}

/* Catches: two buffers of one pool that overlap. */
static void cma_shares_a_pool(struct kunit *test)
{
	struct extmem_desc desc = borrow_for(test, test->param_value);
	struct extmem_region *first, *second;

	desc.buffer_size = desc.size / 4;
	first = add(test, &desc);
	second = try_add_second(test, desc);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, second);
	expect_in_pool(test, second);
	memset(view_of(test, first), 0x11, desc.buffer_size);
	memset(view_of(test, second), 0x22, desc.buffer_size);
	KUNIT_EXPECT_NULL(test, memchr_inv(view_of(test, first), 0x11, desc.buffer_size));
	KUNIT_EXPECT_NULL(test, memchr_inv(view_of(test, second), 0x22, desc.buffer_size));
}

/* Catches: a pool without a buffer that takes its memory at probe all the same. */
static void cma_without_a_buffer(struct kunit *test)
{
	struct extmem_desc desc = borrow_for(test, test->param_value);
	struct extmem_region *region;
	struct iosys_map view;
	u64 all = desc.size / 8 * 5;

	desc.buffer_size = 0;
	region = add(test, &desc);
	KUNIT_EXPECT_EQ(test, region->size, desc.size);
	KUNIT_EXPECT_EQ(test, extmem_region_view(region, &view), -ENXIO);
	/* What was taken to measure is given back. */
	extmem_region_attr(region);
	desc.buffer_size = all;
	KUNIT_EXPECT_FALSE(test, IS_ERR(try_add_second(test, desc)));
}

/* Catches: a buffer larger than its pool that the DMA API finds elsewhere. */
static void cma_larger_than_its_pool(struct kunit *test)
{
	struct cma_context *ctx = test->priv;
	struct extmem_desc desc = borrow_for(test, test->param_value);

	desc.buffer_size = desc.size + PAGE_SIZE;
	KUNIT_EXPECT_TRUE(test, IS_ERR(test_region_try(test, ctx->owner, &desc,
						       ctx->backend)));
}

/*
 * Catches: a user's mapping with another attribute than the kernel's, of other memory, or
 * beyond the buffer.
 */
static void cma_for_users(struct kunit *test)
{
	const struct pool_case *param = test->param_value;
	struct extmem_desc desc = borrow_for(test, param);
	struct extmem_region *region = add(test, &desc);
	const char *of_kernel = test_attr_name(extmem_region_attr(region));
	struct file *file = test_open_device(test, test_mount(test, "devtmpfs"), TEST_NAME,
					     O_RDWR);
	unsigned long addr = test_map(test, file, PROT_READ | PROT_WRITE, PAGE_SIZE,
				      desc.buffer_size - PAGE_SIZE);
	struct user_entry entry = {};
	u8 *view = view_of(test, region);

	KUNIT_EXPECT_EQ(test, 0, put_user(0x5a, (u8 __user *)(addr + 5)));
	mb();	/* some of it is not cached */
	KUNIT_EXPECT_EQ(test, view[PAGE_SIZE + 5], 0x5a);
	KUNIT_ASSERT_EQ(test, 0, user_entry_read(addr, &entry));
	KUNIT_EXPECT_EQ(test, entry.pfn, PHYS_PFN(region->base) + 1);
	KUNIT_EXPECT_STREQ(test, test_attr_name(entry.attr), of_kernel);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(long)kunit_vm_mmap(test, file, 0, desc.buffer_size, PROT_READ,
					    MAP_SHARED, PAGE_SIZE));
}

/* Catches: caches of a buffer that nobody can write back. */
static void cma_syncs(struct kunit *test)
{
	struct extmem_desc desc = borrow_for(test, test->param_value);
	struct extmem_region *region = add(test, &desc);
	bool cached = desc.policy == EXTMEM_WRITE_BACK;
	bool needless = extmem_sync_is_needless(region);

	KUNIT_EXPECT_TRUE(test, needless || cached);
	KUNIT_EXPECT_EQ(test, extmem_sync(region, 100, 1000,
					  EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END),
			needless ? EXTMEM_SYNC_BARRIER : EXTMEM_SYNC_CACHE);
	KUNIT_EXPECT_EQ(test, extmem_sync(region, 0, desc.buffer_size, EXTMEM_SYNC_READ),
			needless ? EXTMEM_SYNC_BARRIER : EXTMEM_SYNC_CACHE);
}

/**
 * struct maintenance - what the caches were made to do for the test's pool
 * @calls: 'd' for a device, 'c' for the CPU, in order
 * @bytes: for a device
 */
struct maintenance {
	char calls[8];
	u64 bytes;
};

static void note_call(struct maintenance *seen, const struct device *dev, char call)
{
	size_t length = strlen(seen->calls);

	if (!str_has_prefix(dev_name(dev), "extmem-test-owner") ||
	    length == sizeof(seen->calls) - 1)
		return;
	seen->calls[length] = call;
}

static void on_sync_for_device(void *data, struct device *dev, dma_addr_t dma, size_t size,
			       enum dma_data_direction direction)
{
	struct maintenance *seen = data;

	note_call(seen, dev, 'd');
	seen->bytes += size;
}

static void on_sync_for_cpu(void *data, struct device *dev, dma_addr_t dma, size_t size,
			    enum dma_data_direction direction)
{
	note_call(data, dev, 'c');
}

static struct maintenance *watch_caches(struct kunit *test)
{
	struct maintenance *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, seen);
	test_listen(test, "dma_sync_single_for_device", on_sync_for_device, seen);
	test_listen(test, "dma_sync_single_for_cpu", on_sync_for_cpu, seen);
	return seen;
}

/* Cached, for a device that does not snoop. */
static struct extmem_desc borrow_audio(struct kunit *test)
{
	struct extmem_desc desc = borrow(test, "audio");

	if (desc.dma_coherent)
		kunit_skip(test, "all devices of this machine snoop the caches");
	desc.policy = EXTMEM_WRITE_BACK;
	return desc;
}

/*
 * Catches: zeroes that are in the caches only, while a device, and a program once the
 * caches are emptied, sees who had the memory before.
 */
static void cma_writes_the_zeroes_back(struct kunit *test)
{
	struct extmem_desc desc = borrow_audio(test);
	struct maintenance *seen = watch_caches(test);
	struct extmem_buffer buffer = { .size = SZ_64K };
	struct extmem_region *region;

	region = add(test, &desc);
	KUNIT_EXPECT_STREQ(test, seen->calls, "d");
	KUNIT_EXPECT_EQ(test, seen->bytes, PAGE_ALIGN(desc.buffer_size));
	test_region_remove(test, region);

	memset(seen, 0, sizeof(*seen));
	desc.buffer_size = 0;
	region = add(test, &desc);
	KUNIT_EXPECT_STREQ(test, seen->calls, "");
	KUNIT_ASSERT_EQ(test, 0, extmem_pool_take(region, buffer.size, &buffer));
	KUNIT_EXPECT_STREQ(test, seen->calls, "d");
	KUNIT_EXPECT_EQ(test, seen->bytes, SZ_64K);
	extmem_pool_give_back(&buffer);
}

/* Catches: a reader whose EXTMEM_SYNC_READ undoes what another has written. */
static void cma_loses_no_writes(struct kunit *test)
{
	struct extmem_desc desc = borrow_audio(test);
	struct maintenance *seen = watch_caches(test);
	struct extmem_region *region = add(test, &desc);

	memset(seen, 0, sizeof(*seen));
	KUNIT_EXPECT_EQ(test, EXTMEM_SYNC_CACHE,
			extmem_sync(region, 0, PAGE_SIZE, EXTMEM_SYNC_READ));
	KUNIT_EXPECT_STREQ(test, seen->calls, "dc");
}

static struct kunit_case cma_cases[] = {
	KUNIT_CASE_PARAM(cma_takes_from_the_pool, pool_gen_params),
	KUNIT_CASE_PARAM(cma_maps_as_the_policy_says, pool_gen_params),
	KUNIT_CASE_PARAM(cma_is_zeroed, pool_gen_params),
	KUNIT_CASE_PARAM(cma_gives_back, pool_gen_params),
	KUNIT_CASE_PARAM(cma_is_exhausted, pool_gen_params),
	KUNIT_CASE_PARAM(cma_shares_a_pool, pool_gen_params),
	KUNIT_CASE_PARAM(cma_without_a_buffer, pool_gen_params),
	KUNIT_CASE_PARAM(cma_larger_than_its_pool, pool_gen_params),
	KUNIT_CASE_PARAM(cma_for_users, pool_gen_params),
	KUNIT_CASE_PARAM(cma_syncs, pool_gen_params),
	KUNIT_CASE(cma_writes_the_zeroes_back),
	KUNIT_CASE(cma_loses_no_writes),
	{}
};

static struct kunit_suite cma_suite = {
	.name = "extmem_cma",
	.init = cma_init,
	.test_cases = cma_cases,
};

kunit_test_suite(cma_suite);
