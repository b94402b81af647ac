// SPDX-License-Identifier: GPL-2.0
/*
 * What the attribute of a mapping is read as: on pages that the test maps in a way
 * that it knows, and on the regions of a board.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/vmalloc.h>

#include "fixture.h"

static bool can_read(void)
{
	return IS_ENABLED(CONFIG_ARM64) || IS_ENABLED(CONFIG_ARM) ||
	       (IS_ENABLED(CONFIG_X86) && !IS_ENABLED(CONFIG_UML)) ||
	       (IS_ENABLED(CONFIG_RISCV) && IS_ENABLED(CONFIG_64BIT));
}

static int attr_init(struct kunit *test)
{
	if (!can_read())
		kunit_skip(test, "the attribute of a mapping cannot be read here");
	return 0;
}

static void expect_attr(struct kunit *test, const void *vaddr, enum extmem_effective attr)
{
	KUNIT_EXPECT_STREQ(test, test_attr_name(extmem_attr_read(vaddr)),
			   test_attr_name(attr));
}

static struct page *new_page(struct kunit *test)
{
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	return page;
}

/* A second mapping of a page; nobody touches it by either while it is there. */
static void expect_attr_of_map(struct kunit *test, pgprot_t prot, enum extmem_effective attr)
{
	struct page *page = new_page(test);
	void *vaddr = vmap(&page, 1, VM_MAP, prot);

	KUNIT_EXPECT_NOT_NULL(test, vaddr);
	if (vaddr) {
		expect_attr(test, vaddr, attr);
		vunmap(vaddr);
	}
	__free_page(page);
}

/* Catches: the kernel's own memory read as anything but write-back. */
static void attr_of_linear_map(struct kunit *test)
{
	struct page *page = new_page(test);

	expect_attr(test, page_address(page), EXTMEM_EFFECTIVE_WRITE_BACK);
	expect_attr(test, page_address(page) + PAGE_SIZE - 1, EXTMEM_EFFECTIVE_WRITE_BACK);
	__free_page(page);
}

/* Catches: a walk that works for the large pages of the linear map only. */
static void attr_of_vmalloc(struct kunit *test)
{
	u8 *vaddr = vmalloc(3 * PAGE_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, vaddr);
	expect_attr(test, vaddr, EXTMEM_EFFECTIVE_WRITE_BACK);
	expect_attr(test, vaddr + 2 * PAGE_SIZE + 123, EXTMEM_EFFECTIVE_WRITE_BACK);
	vfree(vaddr);
}

/* Catches: an attribute that is "write-back" because the memory is RAM. */
static void attr_of_write_combine(struct kunit *test)
{
	pgprot_t prot = pgprot_writecombine(PAGE_KERNEL);

	/* Where the CPU has none, it is what the CPU makes of it. */
	if (pgprot_val(prot) == pgprot_val(PAGE_KERNEL))
		expect_attr_of_map(test, prot, EXTMEM_EFFECTIVE_WRITE_BACK);
	else
		expect_attr_of_map(test, prot, EXTMEM_EFFECTIVE_WRITE_COMBINE);
}

/* Catches: write-combine and uncached that are taken for one another. */
static void attr_of_noncached(struct kunit *test)
{
	pgprot_t prot = pgprot_noncached(PAGE_KERNEL);

	if (pgprot_val(prot) == pgprot_val(PAGE_KERNEL))
		expect_attr_of_map(test, prot, EXTMEM_EFFECTIVE_WRITE_BACK);
	else if (IS_ENABLED(CONFIG_ARM64) || IS_ENABLED(CONFIG_ARM))
		expect_attr_of_map(test, prot, EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED);
	else
		expect_attr_of_map(test, prot, EXTMEM_EFFECTIVE_UNCACHED);
}

/* Catches: posted and non-posted that are taken for one another. */
static void attr_of_device(struct kunit *test)
{
#if defined(CONFIG_ARM64)
	expect_attr_of_map(test, pgprot_device(PAGE_KERNEL), EXTMEM_EFFECTIVE_UNCACHED);
#elif defined(CONFIG_ARM)
	expect_attr_of_map(test, __pgprot_modify(PAGE_KERNEL, L_PTE_MT_MASK,
						 L_PTE_MT_DEV_SHARED),
			   EXTMEM_EFFECTIVE_UNCACHED);
#else
	kunit_skip(test, "this machine has one kind of device memory");
#endif
}

/* Catches: a PAT index that is put together from the wrong bits. */
static void attr_of_write_through(struct kunit *test)
{
#ifdef CONFIG_X86
	expect_attr_of_map(test, pgprot_writethrough(PAGE_KERNEL),
			   EXTMEM_EFFECTIVE_WRITE_THROUGH);
#else
	kunit_skip(test, "this machine has no write-through mapping");
#endif
}

/* Catches: a failed translation whose leavings are taken for an attribute. */
static void attr_of_nothing(struct kunit *test)
{
	struct page *page = new_page(test);
	u8 *vaddr = vmap(&page, 1, VM_MAP, PAGE_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vaddr);
	/* The page after a mapping is left free as a guard. */
	expect_attr(test, vaddr + PAGE_SIZE, EXTMEM_EFFECTIVE_UNKNOWN);
	vunmap(vaddr);
	__free_page(page);
}

/* Catches: a policy that the machine promises and its mappings do not have. */
static void attr_policies_are_kept(struct kunit *test)
{
	pgprot_t prot = pgprot_writecombine(PAGE_KERNEL);

	KUNIT_EXPECT_EQ(test, !!(extmem_attr_policies() & BIT(EXTMEM_WRITE_COMBINE)),
			pgprot_val(prot) != pgprot_val(PAGE_KERNEL));
	KUNIT_EXPECT_TRUE(test, extmem_attr_policies() & BIT(EXTMEM_UNCACHED));
	KUNIT_EXPECT_TRUE(test, extmem_attr_policies() & BIT(EXTMEM_WRITE_BACK));
}

static const struct board_case {
	const char *region;
	enum extmem_effective attr;
} board_cases[] = {
	{ "sram", EXTMEM_EFFECTIVE_WRITE_COMBINE },
	{ "frames", EXTMEM_EFFECTIVE_WRITE_COMBINE },
	{ "rings", TEST_COHERENT_POOL },
	{ "fpga-regs", EXTMEM_EFFECTIVE_UNCACHED },
	{ "ddr-window", EXTMEM_EFFECTIVE_UNCACHED },
	{ "capture", EXTMEM_EFFECTIVE_WRITE_BACK },
	{ "video", EXTMEM_EFFECTIVE_WRITE_BACK },
};

KUNIT_ARRAY_PARAM_DESC(board, board_cases, region);

/*
 * Catches: a backend that maps otherwise than its region's policy, and one page that
 * is mapped otherwise than the view.
 */
static void attr_of_board_region(struct kunit *test)
{
	const struct board_case *param = test->param_value;
	struct device *dev = test_find_on_board(test, param->region);
	struct extmem_region *region;
	struct iosys_map view;

	region = to_extmem_region(dev);
	scoped_class(extmem_gate, gate, region) {
		KUNIT_EXPECT_TRUE(test, gate.open);
		KUNIT_EXPECT_STREQ(test, test_attr_name(extmem_region_attr(region)),
				   test_attr_name(param->attr));
		KUNIT_EXPECT_EQ(test, 0, extmem_region_view(region, &view));
		KUNIT_EXPECT_STREQ(test, test_attr_name(extmem_region_attr(region)),
				   test_attr_name(param->attr));
	}
	put_device(dev);
}

static struct kunit_case attr_cases[] = {
	KUNIT_CASE(attr_of_linear_map),
	KUNIT_CASE(attr_of_vmalloc),
	KUNIT_CASE(attr_of_write_combine),
	KUNIT_CASE(attr_of_noncached),
	KUNIT_CASE(attr_of_device),
	KUNIT_CASE(attr_of_write_through),
	KUNIT_CASE(attr_of_nothing),
	KUNIT_CASE(attr_policies_are_kept),
	KUNIT_CASE_PARAM(attr_of_board_region, board_gen_params),
	{}
};

static struct kunit_suite attr_suite = {
	.name = "extmem_attr",
	.init = attr_init,
	.test_cases = attr_cases,
};

kunit_test_suite(attr_suite);
