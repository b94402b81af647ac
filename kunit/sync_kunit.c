// SPDX-License-Identifier: GPL-2.0
/*
 * What it takes for the CPU and a device to see each other's writes: what is done for
 * which memory, and which range the backend is asked for.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>

#include "fake_backend.h"
#include "fixture.h"

#define PART_NAME	TEST_NAME ".part"
#define LONG_SIZE	(2 * SZ_1M + SZ_64K)

struct sync_context {
	struct fake_backend *fake;
	struct device *owner;
	struct extmem_desc desc;
};

static int sync_init(struct kunit *test)
{
	struct sync_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->fake = fake_backend_new(test);
	ctx->owner = test_owner(test);
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_BACK);
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct sync_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, &ctx->fake->backend);
}

/* Where all devices see the CPU's caches, a kernel is built without the means. */
static bool all_is_coherent(void)
{
	return !IS_ENABLED(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE) &&
	       !IS_ENABLED(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU);
}

#define BEGIN_READ	EXTMEM_SYNC_READ
#define BEGIN_WRITE	EXTMEM_SYNC_WRITE
#define BEGIN_BOTH	(EXTMEM_SYNC_READ | EXTMEM_SYNC_WRITE)
#define END_READ	(BEGIN_READ | EXTMEM_SYNC_END)
#define END_WRITE	(BEGIN_WRITE | EXTMEM_SYNC_END)
#define END_BOTH	(BEGIN_BOTH | EXTMEM_SYNC_END)

#define NOTHING		EXTMEM_SYNC_NOTHING
#define BARRIER		EXTMEM_SYNC_BARRIER
#define CACHE		EXTMEM_SYNC_CACHE

static const struct done_case {
	const char *name;
	enum extmem_type type;
	enum extmem_policy policy;
	bool coherent;
	/* begin to read, write, both; end of reading, writing, both */
	u32 done[6];
} dones[] = {
	{ "registers", EXTMEM_MMIO, EXTMEM_UNCACHED, false,
	  { NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING } },
	{ "uncached", EXTMEM_RAM, EXTMEM_UNCACHED, false,
	  { NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING } },
	{ "uncached cma", EXTMEM_CMA, EXTMEM_UNCACHED, false,	/* that is write-combined */
	  { BARRIER, NOTHING, BARRIER, NOTHING, BARRIER, BARRIER } },
	{ "write-combine", EXTMEM_RAM, EXTMEM_WRITE_COMBINE, false,
	  { BARRIER, NOTHING, BARRIER, NOTHING, BARRIER, BARRIER } },
	{ "write-combine coherent", EXTMEM_RAM, EXTMEM_WRITE_COMBINE, true,
	  { BARRIER, NOTHING, BARRIER, NOTHING, BARRIER, BARRIER } },
	{ "write-through", EXTMEM_RAM, EXTMEM_WRITE_THROUGH, false,
	  { CACHE, NOTHING, CACHE, NOTHING, CACHE, CACHE } },
	{ "write-back", EXTMEM_RAM, EXTMEM_WRITE_BACK, false,
	  { CACHE, NOTHING, CACHE, NOTHING, CACHE, CACHE } },
	{ "write-back nvram", EXTMEM_NVRAM, EXTMEM_WRITE_BACK, false,
	  { CACHE, NOTHING, CACHE, NOTHING, CACHE, CACHE } },
	{ "write-back coherent", EXTMEM_RAM, EXTMEM_WRITE_BACK, true,
	  { BARRIER, NOTHING, BARRIER, NOTHING, BARRIER, BARRIER } },
	{ "write-back cma", EXTMEM_CMA, EXTMEM_WRITE_BACK, false,
	  { CACHE, NOTHING, CACHE, NOTHING, CACHE, CACHE } },
};

KUNIT_ARRAY_PARAM_DESC(done, dones, name);

/*
 * Catches: caches that are left alone where they hide a write, work that nobody needs,
 * and an answer that says something else than was done.
 */
static void sync_does_what_is_needed(struct kunit *test)
{
	static const u32 flags[] = {
		BEGIN_READ, BEGIN_WRITE, BEGIN_BOTH, END_READ, END_WRITE, END_BOTH,
	};
	const struct done_case *param = test->param_value;
	struct sync_context *ctx = test->priv;
	struct extmem_region *region;
	unsigned int i;

	ctx->desc.type = param->type;
	ctx->desc.policy = param->policy;
	ctx->desc.dma_coherent = param->coherent;
	ctx->desc.buffer_size = param->type == EXTMEM_CMA ? TEST_SIZE : 0;
	region = add(test);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		bool caches = param->done[i] == CACHE && !all_is_coherent();
		u32 done = param->done[i] == CACHE && !caches ? BARRIER : param->done[i];
		unsigned int before = ctx->fake->count;

		KUNIT_EXPECT_EQ_MSG(test, extmem_sync(region, 64, 128, flags[i]), done,
				    "flags %u", flags[i]);
		/* The view is made for the first one. */
		KUNIT_EXPECT_EQ_MSG(test, ctx->fake->count - before,
				    caches ? (before == 1 ? 2 : 1) : 0,
				    "flags %u", flags[i]);
	}
}

/* Catches: two of the numbers of the ABI that are swapped. */
static void sync_has_the_values_of_dma_buf(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, EXTMEM_SYNC_READ, 1);
	KUNIT_EXPECT_EQ(test, EXTMEM_SYNC_WRITE, 2);
	KUNIT_EXPECT_EQ(test, EXTMEM_SYNC_END, 4);
	KUNIT_EXPECT_EQ(test, EXTMEM_SYNC_NOTHING, 0);
	KUNIT_EXPECT_EQ(test, EXTMEM_SYNC_BARRIER, 1);
	KUNIT_EXPECT_EQ(test, EXTMEM_SYNC_CACHE, 2);
}

static void need_caches(struct kunit *test)
{
	if (all_is_coherent())
		kunit_skip(test, "this kernel has no devices that miss what is in a cache");
}

static void expect_sync(struct kunit *test, u64 offset, u64 size, bool for_cpu)
{
	struct sync_context *ctx = test->priv;
	const struct fake_record *sync = fake_backend_last(test, ctx->fake, FAKE_SYNC);

	KUNIT_EXPECT_EQ(test, sync->offset, offset);
	KUNIT_EXPECT_EQ(test, sync->size, size);
	KUNIT_EXPECT_EQ(test, sync->for_cpu, for_cpu);
}

/* Catches: another range than the user's, or the wrong direction. */
static void sync_of_a_range(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	need_caches(test);
	memset(ctx->fake->memory + PAGE_SIZE + 12, 0x5a, 1);	/* the fake looks at it */
	KUNIT_EXPECT_EQ(test, CACHE, extmem_sync(region, PAGE_SIZE + 12, 100, END_WRITE));
	expect_sync(test, PAGE_SIZE + 12, 100, false);
	KUNIT_EXPECT_EQ(test, CACHE, extmem_sync(region, 0, TEST_SIZE, BEGIN_READ));
	expect_sync(test, 0, TEST_SIZE, true);
	KUNIT_EXPECT_EQ(test, CACHE, extmem_sync(region, TEST_SIZE - 1, 1, BEGIN_BOTH));
	expect_sync(test, TEST_SIZE - 1, 1, true);
	KUNIT_EXPECT_EQ(test, CACHE, extmem_sync(region, 0, 1, END_BOTH));
	expect_sync(test, 0, 1, false);
	fake_backend_expect(test, ctx->fake, "attach,map,sync,sync,sync,sync,");
}

/* Catches: the range of a partition taken for one of its root. */
static void sync_of_partition(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *part;

	need_caches(test);
	part = test_partition(test, add(test), PART_NAME, 3 * PAGE_SIZE + 8, PAGE_SIZE);
	ctx->fake->memory[3 * PAGE_SIZE + 8 + 16] = 0x5a;
	KUNIT_EXPECT_EQ(test, CACHE, extmem_sync(part, 16, 32, END_WRITE));
	expect_sync(test, 3 * PAGE_SIZE + 8 + 16, 32, false);
}

/* Catches: a partition that goes by its own policy, of which it has none. */
static void sync_of_partition_goes_by_its_root(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *part;

	ctx->desc.policy = EXTMEM_WRITE_COMBINE;
	part = test_partition(test, add(test), PART_NAME, 0, PAGE_SIZE);
	part->desc.policy = EXTMEM_WRITE_BACK;
	KUNIT_EXPECT_EQ(test, BARRIER, extmem_sync(part, 0, 64, END_WRITE));
	fake_backend_expect(test, ctx->fake, "attach,");
}

/* Catches: a gap or an overlap between two pieces of a long range. */
static void sync_of_a_long_range(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *region;
	u64 offset = 100, end = LONG_SIZE - 100;
	unsigned int i;

	need_caches(test);
	ctx->desc.size = LONG_SIZE;
	region = add(test);
	KUNIT_EXPECT_EQ(test, CACHE, extmem_sync(region, offset, end - offset, END_WRITE));
	KUNIT_ASSERT_LE(test, ctx->fake->count, FAKE_RECORDS);
	for (i = 0; i < ctx->fake->count; i++) {
		const struct fake_record *sync = &ctx->fake->records[i];

		if (sync->call != FAKE_SYNC)
			continue;
		KUNIT_EXPECT_EQ(test, sync->offset, offset);
		KUNIT_EXPECT_LE(test, sync->size, SZ_1M);
		offset += sync->size;
	}
	KUNIT_EXPECT_EQ(test, offset, end);
}

/* Catches: a gate that is held for the whole of a long range, whatever comes. */
static void sync_stops_for_a_signal(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *region;
	int ret;

	need_caches(test);
	ctx->desc.size = LONG_SIZE;
	region = add(test);
	set_thread_flag(TIF_SIGPENDING);
	ret = extmem_sync(region, 0, LONG_SIZE, END_WRITE);
	clear_thread_flag(TIF_SIGPENDING);
	KUNIT_EXPECT_EQ(test, ret, -ERESTARTSYS);
	fake_backend_expect(test, ctx->fake, "attach,map,sync,");

	/* What is over at once is not interrupted. */
	set_thread_flag(TIF_SIGPENDING);
	ret = extmem_sync(region, 0, 64, END_WRITE);
	clear_thread_flag(TIF_SIGPENDING);
	KUNIT_EXPECT_EQ(test, ret, CACHE);
}

/* Catches: success where nobody can do anything about the caches. */
static void sync_without_a_way(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *region;

	need_caches(test);
	ctx->fake->ops.sync = NULL;
	region = add(test);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, extmem_sync(region, 0, 64, END_WRITE));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, extmem_sync(region, 0, 64, BEGIN_READ));
	/* Where nothing is needed, no way is needed. */
	KUNIT_EXPECT_EQ(test, NOTHING, extmem_sync(region, 0, 64, END_READ));
	fake_backend_expect(test, ctx->fake, "attach,");
}

/* Catches: a failure that ends as "done". */
static void sync_that_fails(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	need_caches(test);
	ctx->fake->map_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, -ENOMEM, extmem_sync(region, 0, 64, END_WRITE));
	ctx->fake->map_error = 0;
	ctx->fake->sync_error = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, extmem_sync(region, 0, 64, END_WRITE));
	fake_backend_expect(test, ctx->fake, "attach,map,map,sync,");
}

/* Catches: memory that remembers less than it was given, for its devices snoop. */
static void sync_of_what_remembers(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_NVRAM;
	ctx->desc.dma_coherent = true;
	region = add(test);
	KUNIT_EXPECT_EQ(test, BARRIER, extmem_sync(region, 64, 32, END_WRITE));
	KUNIT_EXPECT_GE(test, extmem_persist(region, 64, 32), 0);
	expect_sync(test, 64, 32, false);
	ctx->fake->sync_error = -EIO;
	KUNIT_EXPECT_EQ(test, -EIO, extmem_persist(region, 64, 32));
	fake_backend_expect(test, ctx->fake, "attach,map,sync,sync,");
}

/* Catches: the caches written back of memory that is not in them. */
static void sync_of_what_remembers_by_itself(struct kunit *test)
{
	struct sync_context *ctx = test->priv;
	struct extmem_region *region;

	ctx->desc.type = EXTMEM_NVRAM;
	ctx->desc.policy = EXTMEM_WRITE_COMBINE;
	ctx->fake->ops.sync = NULL;
	region = add(test);
	KUNIT_EXPECT_GE(test, extmem_persist(region, 64, 32), 0);
	fake_backend_expect(test, ctx->fake, "attach,");
}

/* Catches: the memory of a pool that nobody has asked for. */
static void sync_of_pool(struct kunit *test)
{
	struct sync_context *ctx = test->priv;

	ctx->desc.type = EXTMEM_CMA;
	KUNIT_EXPECT_EQ(test, -ENXIO, extmem_sync(add(test), 0, 64, END_WRITE));
	fake_backend_expect(test, ctx->fake, "attach,");
}

/* Catches: cache maintenance of memory that has been given back. */
static void sync_behind_a_closed_gate(struct kunit *test)
{
	struct extmem_region *region = add(test);

	get_device(&region->dev);
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, -ENODEV, extmem_sync(region, 0, 64, END_WRITE));
	KUNIT_EXPECT_EQ(test, -ENODEV, extmem_sync(region, 0, 64, END_READ));
	KUNIT_EXPECT_EQ(test, -ENODEV, extmem_persist(region, 0, 64));
	put_device(&region->dev);
}

/* Catches: a promise of coherence for cached memory, or none where it is given. */
static void sync_is_needless(struct kunit *test)
{
	const struct done_case *param = test->param_value;
	struct sync_context *ctx = test->priv;
	bool caches = param->done[0] == CACHE && !all_is_coherent();
	struct extmem_region *region;

	ctx->desc.type = param->type;
	ctx->desc.policy = param->policy;
	ctx->desc.dma_coherent = param->coherent;
	region = add(test);
	KUNIT_EXPECT_EQ(test, extmem_sync_is_needless(region), !caches);
	KUNIT_EXPECT_EQ(test, !caches,
			extmem_sync_is_needless(test_partition(test, region, PART_NAME,
							       0, PAGE_SIZE)));
}

static struct kunit_case sync_cases[] = {
	KUNIT_CASE_PARAM(sync_does_what_is_needed, done_gen_params),
	KUNIT_CASE(sync_has_the_values_of_dma_buf),
	KUNIT_CASE(sync_of_a_range),
	KUNIT_CASE(sync_of_partition),
	KUNIT_CASE(sync_of_partition_goes_by_its_root),
	KUNIT_CASE(sync_of_a_long_range),
	KUNIT_CASE(sync_stops_for_a_signal),
	KUNIT_CASE(sync_without_a_way),
	KUNIT_CASE(sync_that_fails),
	KUNIT_CASE(sync_of_what_remembers),
	KUNIT_CASE(sync_of_what_remembers_by_itself),
	KUNIT_CASE(sync_of_pool),
	KUNIT_CASE(sync_behind_a_closed_gate),
	KUNIT_CASE_PARAM(sync_is_needless, done_gen_params),
	{}
};

static struct kunit_suite sync_suite = {
	.name = "extmem_sync",
	.init = sync_init,
	.test_cases = sync_cases,
};

kunit_test_suite(sync_suite);
