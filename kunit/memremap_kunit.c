// SPDX-License-Identifier: GPL-2.0
/*
 * The memremap backend, on memory of a board's: beside System RAM, where it is claimed
 * and mapped in each way that there is, and in System RAM, where there is one way.
 */
#include <kunit/test.h>

#include <linux/err.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "fixture.h"

struct memremap_context {
	struct extmem_backend *backend;
	struct device *owner;
};

static int memremap_init(struct kunit *test)
{
	struct memremap_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->owner = test_owner(test);
	ctx->backend = test_backend(test, ctx->owner, "memremap");
	test->priv = ctx;
	return 0;
}

/* The desc of a region of the board's that is out of the way meanwhile. */
static struct extmem_desc borrow(struct kunit *test, const char *name,
				 enum extmem_policy policy)
{
	struct extmem_desc desc = test_take_from_board(test, name)->desc;

	strscpy(desc.name, TEST_NAME);
	desc.policy = policy;
	return desc;
}

static struct extmem_region *add(struct kunit *test, const struct extmem_desc *desc)
{
	struct memremap_context *ctx = test->priv;

	return test_region(test, ctx->owner, desc, ctx->backend);
}

static const struct policy_case {
	const char *name;
	enum extmem_policy policy;
	enum extmem_effective attr;
} policies[] = {
	{ "write-combine", EXTMEM_WRITE_COMBINE, EXTMEM_EFFECTIVE_WRITE_COMBINE },
	{ "write-through", EXTMEM_WRITE_THROUGH, EXTMEM_EFFECTIVE_WRITE_THROUGH },
	{ "write-back", EXTMEM_WRITE_BACK, EXTMEM_EFFECTIVE_WRITE_BACK },
};

KUNIT_ARRAY_PARAM_DESC(policy, policies, name);

static void skip_what_is_refused(struct kunit *test, const struct policy_case *param)
{
	if (!(extmem_attr_policies() & BIT(param->policy)))
		kunit_skip(test, "this machine has no %s mapping", param->name);
}

/* Catches: memory that others may claim too, and a claim that unbind leaves. */
static void memremap_claims(struct kunit *test)
{
	struct extmem_desc desc = borrow(test, "sram", EXTMEM_WRITE_BACK);
	struct extmem_region *region = add(test, &desc);

	KUNIT_EXPECT_TRUE(test, test_iomem_has(test, region));
	KUNIT_EXPECT_NULL(test, request_mem_region(desc.base, desc.size, "extmem-other"));
	test_region_remove(test, region);
	KUNIT_EXPECT_NOT_NULL(test, request_mem_region(desc.base, desc.size, "extmem-other"));
	release_mem_region(desc.base, desc.size);
}

/* Catches: memory taken from a driver that has it, or a refusal that does not say why. */
static void memremap_refuses_what_is_claimed(struct kunit *test)
{
	struct extmem_desc desc = borrow(test, "sram", EXTMEM_WRITE_BACK);
	u64 last = desc.base + desc.size - 1, start = test_log_start();
	struct memremap_context *ctx = test->priv;
	struct extmem_region *region;
	char text[128];

	KUNIT_ASSERT_NOT_NULL(test, request_mem_region(last, 1, "extmem-other"));
	region = test_region_try(test, ctx->owner, &desc, ctx->backend);
	release_mem_region(last, 1);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(region), -EBUSY);
	snprintf(text, sizeof(text), "%s: reg: 0x%llx-0x%llx is claimed already",
		 desc.node, desc.base, last);
	KUNIT_EXPECT_EQ(test, test_log_count(start, text), 1);
}

/* Catches: a policy that maps as another one. */
static void memremap_maps_as_the_policy_says(struct kunit *test)
{
	const struct policy_case *param = test->param_value;
	struct extmem_region *region;
	struct extmem_desc desc;
	enum extmem_effective attr;
	struct iosys_map view;

	skip_what_is_refused(test, param);
	desc = borrow(test, "sram", param->policy);
	region = add(test, &desc);
	attr = extmem_region_attr(region);
	if (attr == EXTMEM_EFFECTIVE_UNKNOWN)
		kunit_skip(test, "the attribute of this mapping cannot be read here");
	KUNIT_EXPECT_STREQ(test, test_attr_name(attr), test_attr_name(param->attr));
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_EXPECT_FALSE(test, view.is_iomem);
	KUNIT_EXPECT_STREQ(test, test_attr_name(extmem_region_attr(region)),
			   test_attr_name(param->attr));
}

/* Catches: a view of other memory than the region's, or of a part of it. */
static void memremap_keeps_the_content(struct kunit *test)
{
	const struct policy_case *param = test->param_value;
	struct extmem_region *region;
	struct extmem_desc desc;
	struct iosys_map view;
	size_t last;

	skip_what_is_refused(test, param);
	desc = borrow(test, "sram", param->policy);
	last = desc.size - sizeof(u64);
	region = add(test, &desc);
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	iosys_map_wr(&view, 0, u64, 0x0123456789abcdefULL);
	iosys_map_wr(&view, last, u64, 0x1122334455667788ULL + param->policy);
	test_region_remove(test, region);

	region = add(test, &desc);
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&view, 0, u64), 0x0123456789abcdefULL);
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&view, last, u64),
			0x1122334455667788ULL + param->policy);
}

/* Catches: a mapping at an offset that starts at the base. */
static void memremap_maps_a_part(struct kunit *test)
{
	struct extmem_desc desc = borrow(test, "sram", EXTMEM_WRITE_BACK);
	struct extmem_region *region = add(test, &desc);
	struct memremap_context *ctx = test->priv;
	struct iosys_map view, part;

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	iosys_map_wr(&view, 3 * PAGE_SIZE + 8, u32, 0x55aa55aa);
	KUNIT_ASSERT_EQ(test, 0, ctx->backend->ops->map(region, 3 * PAGE_SIZE, PAGE_SIZE,
							&part));
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&part, 8, u32), 0x55aa55aa);
	ctx->backend->ops->unmap(region, PAGE_SIZE, &part);
}

/*
 * Catches: a carve-out in System RAM that is claimed, which cannot succeed, or mapped
 * a second time beside the linear map.
 */
static void memremap_of_mapped_carve_out(struct kunit *test)
{
	struct extmem_desc desc = borrow(test, "capture", EXTMEM_WRITE_BACK);
	struct extmem_region *region = add(test, &desc);
	struct iosys_map view;

	KUNIT_EXPECT_FALSE(test, test_iomem_has(test, region));
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_EXPECT_PTR_EQ(test, view.vaddr, phys_to_virt(desc.base));
	KUNIT_EXPECT_STREQ(test, test_attr_name(extmem_region_attr(region)), "write-back");
	iosys_map_wr(&view, 0, u32, 0x01020304);
	test_region_remove(test, region);

	/* The linear map is still there, and so is the content. */
	KUNIT_EXPECT_EQ(test, *(u32 *)phys_to_virt(desc.base), 0x01020304);
}

/* Catches: a no-map carve-out that is taken for RAM, and not claimed. */
static void memremap_of_no_map_carve_out(struct kunit *test)
{
	struct extmem_desc desc = borrow(test, "frames", EXTMEM_WRITE_COMBINE);
	struct extmem_region *region = add(test, &desc);
	struct iosys_map view;

	KUNIT_EXPECT_TRUE(test, test_iomem_has(test, region));
	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	memset(view.vaddr, 0x5a, desc.size);
	KUNIT_EXPECT_EQ(test, iosys_map_rd(&view, desc.size - 1, u8), 0x5a);
}

/* Catches: a policy that is not this backend's, and NULL as a view. */
static void memremap_has_no_uncached(struct kunit *test)
{
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE,
					    EXTMEM_UNCACHED);
	struct iosys_map view;

	KUNIT_EXPECT_EQ(test, extmem_region_view(add(test, &desc), &view), -EOPNOTSUPP);
}

/* Catches: success where the CPU has no way to write its caches back, and the reverse. */
static void memremap_syncs(struct kunit *test)
{
	struct extmem_desc desc = borrow(test, "sram", EXTMEM_WRITE_BACK);
	struct extmem_region *region = add(test, &desc);
	struct memremap_context *ctx = test->priv;
	struct iosys_map view;
	int ret;

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	memset(view.vaddr, 0x5a, SZ_4K);
	ret = ctx->backend->ops->sync(region, &view, 0, SZ_4K, false);
	if (!IS_ENABLED(CONFIG_ARCH_HAS_PMEM_API))
		KUNIT_EXPECT_EQ(test, ret, -EOPNOTSUPP);
	else if (!IS_ENABLED(CONFIG_RISCV))	/* where it depends on the CPU */
		KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, ret, ctx->backend->ops->sync(region, &view, 0, SZ_4K, true));
	/* Emptied, and not thrown away. */
	KUNIT_EXPECT_NULL(test, memchr_inv(view.vaddr, 0x5a, SZ_4K));
}

static struct kunit_case memremap_cases[] = {
	KUNIT_CASE(memremap_claims),
	KUNIT_CASE(memremap_refuses_what_is_claimed),
	KUNIT_CASE_PARAM(memremap_maps_as_the_policy_says, policy_gen_params),
	KUNIT_CASE_PARAM(memremap_keeps_the_content, policy_gen_params),
	KUNIT_CASE(memremap_maps_a_part),
	KUNIT_CASE(memremap_of_mapped_carve_out),
	KUNIT_CASE(memremap_of_no_map_carve_out),
	KUNIT_CASE(memremap_has_no_uncached),
	KUNIT_CASE(memremap_syncs),
	{}
};

static struct kunit_suite memremap_suite = {
	.name = "extmem_memremap",
	.init = memremap_init,
	.test_cases = memremap_cases,
};

kunit_test_suite(memremap_suite);
