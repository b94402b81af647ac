// SPDX-License-Identifier: GPL-2.0
/*
 * The ioremap backend, on memory of a board's, or on UML on memory that plays the
 * part of a device.
 */
#include <kunit/test.h>

#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>

#include "fake_device.h"
#include "fixture.h"

struct ioremap_context {
	struct extmem_backend *backend;
	struct device *owner;
	struct extmem_desc desc;
};

#ifdef CONFIG_INDIRECT_IOMEM
static void find_memory(struct kunit *test, struct extmem_desc *desc)
{
	fake_device_get(test);
	*desc = test_desc(TEST_NAME, FAKE_DEVICE_BASE, FAKE_DEVICE_SIZE,
			  EXTMEM_UNCACHED);
}
#else
static void find_memory(struct kunit *test, struct extmem_desc *desc)
{
	*desc = test_take_from_board(test, "sram")->desc;
	desc->policy = EXTMEM_UNCACHED;
	strscpy(desc->name, TEST_NAME);
}
#endif

static int ioremap_init(struct kunit *test)
{
	struct ioremap_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->owner = test_owner(test);
	ctx->backend = test_backend(test, ctx->owner, "ioremap");
	find_memory(test, &ctx->desc);
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct ioremap_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, ctx->backend);
}

/* Catches: memory that others may claim too, or under a name that tells nothing. */
static void ioremap_claims(struct kunit *test)
{
	struct ioremap_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	KUNIT_EXPECT_TRUE(test, test_iomem_has(test, region));
	KUNIT_EXPECT_NULL(test, request_mem_region(ctx->desc.base, 1, "extmem-other"));
}

/* Catches: a claim that unbind leaves. */
static void ioremap_gives_back(struct kunit *test)
{
	struct ioremap_context *ctx = test->priv;
	u64 base = ctx->desc.base, size = ctx->desc.size;

	test_region_remove(test, add(test));
	KUNIT_EXPECT_NOT_NULL(test, request_mem_region(base, size, "extmem-other"));
	release_mem_region(base, size);
}

/* Catches: memory taken from a driver that has it, or a refusal that does not say why. */
static void ioremap_refuses_what_is_claimed(struct kunit *test)
{
	struct ioremap_context *ctx = test->priv;
	u64 other = ctx->desc.base + PAGE_SIZE, start = test_log_start();
	struct extmem_region *region;
	char text[128];

	KUNIT_ASSERT_NOT_NULL(test, request_mem_region(other, PAGE_SIZE, "extmem-other"));
	region = test_region_try(test, ctx->owner, &ctx->desc, ctx->backend);
	release_mem_region(other, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(region), -EBUSY);
	snprintf(text, sizeof(text), "%s: reg: 0x%llx-0x%llx is claimed already",
		 ctx->desc.node, ctx->desc.base, ctx->desc.base + ctx->desc.size - 1);
	KUNIT_EXPECT_EQ(test, test_log_count(start, text), 1);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(TEST_NAME));

	/* What failed left nothing. */
	add(test);
}

/* Catches: a view of other memory than the region's, or of a part of it. */
static void ioremap_maps_the_memory(struct kunit *test)
{
	struct ioremap_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	size_t last = ctx->desc.size - sizeof(u32);
	struct iosys_map view;

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_EXPECT_TRUE(test, view.is_iomem);
	iosys_map_wr(&view, 0, u32, 0x01234567);
	iosys_map_wr(&view, last, u32, 0x89abcdef);
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&view, 0, u32), 0x01234567);

	/* Another mapping, of another region, sees the same. */
	test_region_remove(test, region);
	region = add(test);
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&view, 0, u32), 0x01234567);
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&view, last, u32), 0x89abcdef);
}

/* Catches: a mapping at an offset that starts at the base. */
static void ioremap_maps_a_part(struct kunit *test)
{
	struct ioremap_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct iosys_map view, part;

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	iosys_map_wr(&view, 2 * PAGE_SIZE, u32, 0x55aa55aa);
	KUNIT_ASSERT_EQ(test, 0, ctx->backend->ops->map(region, 2 * PAGE_SIZE, PAGE_SIZE,
							&part));
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&part, 0, u32), 0x55aa55aa);
	ctx->backend->ops->unmap(region, PAGE_SIZE, &part);
}

/* Catches: registers that are mapped as memory. */
static void ioremap_is_uncached(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct iosys_map view;
	enum extmem_effective of_page = extmem_region_attr(region);

	if (of_page == EXTMEM_EFFECTIVE_UNKNOWN)
		kunit_skip(test, "the attribute of a mapping cannot be read here");
	KUNIT_EXPECT_STREQ(test, test_attr_name(of_page), "uncached");
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_EXPECT_STREQ(test, test_attr_name(extmem_region_attr(region)), "uncached");
}

/* Catches: nonposted-mmio that is read, and forgotten when it comes to mapping. */
static void ioremap_of_nonposted(struct kunit *test)
{
	struct ioremap_context *ctx = test->priv;

	if (!extmem_attr_nonposted())
		kunit_skip(test, "this machine has no non-posted mapping");
	ctx->desc.nonposted = true;
	KUNIT_EXPECT_STREQ(test, test_attr_name(extmem_region_attr(add(test))),
			   "uncached-nonposted");
}

static struct kunit_case ioremap_cases[] = {
	KUNIT_CASE(ioremap_claims),
	KUNIT_CASE(ioremap_gives_back),
	KUNIT_CASE(ioremap_refuses_what_is_claimed),
	KUNIT_CASE(ioremap_maps_the_memory),
	KUNIT_CASE(ioremap_maps_a_part),
	KUNIT_CASE(ioremap_is_uncached),
	KUNIT_CASE(ioremap_of_nonposted),
	{}
};

static struct kunit_suite ioremap_suite = {
	.name = "extmem_ioremap",
	.init = ioremap_init,
	.test_cases = ioremap_cases,
};

kunit_test_suite(ioremap_suite);
