// SPDX-License-Identifier: GPL-2.0
/*
 * mmap(): what is refused, what is mapped, and with which attribute. The first suite is
 * on a fake backend, the second on memory of a board's.
 */
#include <kunit/test.h>

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "fake_backend.h"
#include "fixture.h"
#include "user_entry.h"

#define PART_NAME	TEST_NAME ".part"
#define CAN_READ		PROT_READ
#define CAN_WRITE		(PROT_READ | PROT_WRITE)

struct mmap_context {
	struct fake_backend *fake;
	struct device *owner;
	struct vfsmount *dev;
	struct extmem_desc desc;
	u8 buf[64];
};

static int common_init(struct kunit *test)
{
	struct mmap_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->owner = test_owner(test);
	ctx->dev = test_mount(test, "devtmpfs");
	return 0;
}

static int mmap_test_init(struct kunit *test)
{
	struct mmap_context *ctx;
	unsigned int i;

	common_init(test);
	ctx = test->priv;
	ctx->fake = fake_backend_new(test);
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_BACK);
	for (i = 0; i < TEST_SIZE; i++)
		ctx->fake->memory[i] = i % 251;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, &ctx->fake->backend);
}

static struct file *open_it(struct kunit *test, const char *name, int flags)
{
	struct mmap_context *ctx = test->priv;

	return test_open_device(test, ctx->dev, name, flags);
}

/* The address, or a negative errno. */
static unsigned long try_map(struct kunit *test, struct file *file, unsigned long prot,
			     unsigned long offset, unsigned long size)
{
	unsigned long addr = kunit_vm_mmap(test, file, 0, size, prot, MAP_SHARED, offset);

	KUNIT_ASSERT_NE(test, addr, 0);
	return addr;
}

/* All of a region, of which the test keeps the name. */
static unsigned long map_all(struct kunit *test, unsigned long prot)
{
	return test_map(test, open_it(test, TEST_NAME, O_RDWR), prot, 0, TEST_SIZE);
}

static vm_flags_t flags_at(struct kunit *test, unsigned long addr)
{
	struct vm_area_struct *vma;
	vm_flags_t flags = 0;

	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, addr);
	if (vma)
		flags = vma->vm_flags;
	mmap_read_unlock(current->mm);
	KUNIT_ASSERT_NE(test, flags, 0);
	return flags;
}

/* Whether a user can read there; what he reads is in the context's buffer. */
static bool can_read(struct kunit *test, unsigned long addr, size_t size)
{
	struct mmap_context *ctx = test->priv;

	return !copy_from_user(ctx->buf, (void __user *)addr, size);
}

static bool can_write(unsigned long addr, u8 value)
{
	return !put_user(value, (u8 __user *)addr);
}

static void expect_bytes(struct kunit *test, unsigned long addr, u64 offset)
{
	struct mmap_context *ctx = test->priv;
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, can_read(test, addr, 16));
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, ctx->buf[i], (u32)(offset + i) % 251);
}

static const struct flags_case {
	const char *name;
	enum extmem_type type;
	bool read_only;
	int open;
	unsigned long prot;
	vm_flags_t set, clear;
} flags_cases[] = {
	{ "ram", EXTMEM_RAM, false, O_RDWR, CAN_WRITE, VM_WRITE | VM_MAYWRITE, VM_IO },
	{ "nvram", EXTMEM_NVRAM, false, O_RDWR, CAN_READ, VM_READ | VM_MAYWRITE,
	  VM_IO | VM_WRITE },
	{ "mmio", EXTMEM_MMIO, false, O_RDWR, CAN_WRITE, VM_IO | VM_WRITE, 0 },
	{ "read-only", EXTMEM_ROM, true, O_RDWR, CAN_READ, VM_READ, VM_WRITE | VM_MAYWRITE },
	{ "read-only registers", EXTMEM_MMIO, true, O_RDONLY, CAN_READ, VM_IO,
	  VM_WRITE | VM_MAYWRITE },
	{ "opened to read", EXTMEM_RAM, false, O_RDONLY, CAN_READ, VM_READ,
	  VM_WRITE | VM_MAYWRITE },
	{ "nothing allowed", EXTMEM_RAM, false, O_RDWR, PROT_NONE, VM_MAYREAD | VM_MAYWRITE,
	  VM_READ | VM_WRITE },
};

KUNIT_ARRAY_PARAM_DESC(flags, flags_cases, name);

/*
 * Catches: a mapping that mprotect() can make writable or executable, that mremap() can
 * enlarge, that a core dump reads, or whose page frames are taken for pages.
 */
static void mmap_sets_flags(struct kunit *test)
{
	const struct flags_case *param = test->param_value;
	struct mmap_context *ctx = test->priv;
	struct file *file;
	vm_flags_t flags;

	ctx->desc.type = param->type;
	ctx->desc.read_only = param->read_only;
	add(test);
	file = open_it(test, TEST_NAME, param->open);
	flags = flags_at(test, test_map(test, file, param->prot, 0, TEST_SIZE));
	KUNIT_EXPECT_EQ(test, flags & param->set, param->set);
	KUNIT_EXPECT_EQ(test, flags & param->clear, 0);
	KUNIT_EXPECT_EQ(test, flags & (VM_EXEC | VM_MAYEXEC), 0);
	KUNIT_EXPECT_EQ(test, flags & (VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_MAYSHARE),
			VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_MAYSHARE);
}

static const struct refusal_case {
	const char *name;
	unsigned long prot, flags;
	unsigned long page, pages;
	int err;
} refusals[] = {
	{ "all", CAN_WRITE, MAP_SHARED, 0, 16, 0 },
	{ "the last page", CAN_WRITE, MAP_SHARED, 15, 1, 0 },
	{ "private", CAN_WRITE, MAP_PRIVATE, 0, 1, -EINVAL },
	{ "private, to read", CAN_READ, MAP_PRIVATE, 0, 1, -EINVAL },
	{ "executable", CAN_READ | PROT_EXEC, MAP_SHARED, 0, 1, -EPERM },
	{ "executable only", PROT_EXEC, MAP_SHARED, 0, 1, -EPERM },
	{ "all and a page", CAN_READ, MAP_SHARED, 0, 17, -EINVAL },
	{ "from the second on, as much", CAN_READ, MAP_SHARED, 1, 16, -EINVAL },
	{ "behind the end", CAN_READ, MAP_SHARED, 16, 1, -EINVAL },
	{ "far behind the end", CAN_READ, MAP_SHARED, 1 << 18, 1, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(refusal, refusals, name);

/* Catches: a byte outside, and a copy of the region that nobody else sees. */
static void mmap_is_refused(struct kunit *test)
{
	const struct refusal_case *param = test->param_value;
	struct file *file;
	long ret;

	add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	ret = kunit_vm_mmap(test, file, 0, param->pages * PAGE_SIZE, param->prot,
			    param->flags, param->page * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, IS_ERR_VALUE((unsigned long)ret) ? ret : 0, param->err);
}

/* A mapping that no system call lets through. */
static int try_pages(struct extmem_region *region, unsigned long pgoff,
		     unsigned long pages)
{
	struct vm_area_struct vma = { .vm_pgoff = pgoff };

	vma.vm_start = SZ_1M;
	vma.vm_end = SZ_1M + pages * PAGE_SIZE;
	vm_flags_init(&vma, VM_SHARED | VM_MAYSHARE | VM_READ | VM_MAYREAD);
	return extmem_mmap(region, &vma);
}

/* Catches: a sum of offset and length that wraps, or is cut. */
static void mmap_does_not_wrap(struct kunit *test)
{
	struct extmem_region *region = add(test);

	KUNIT_EXPECT_EQ(test, -EINVAL, try_pages(region, ULONG_MAX, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, try_pages(region, ULONG_MAX, 2));
	KUNIT_EXPECT_EQ(test, -EINVAL, try_pages(region, ULONG_MAX - 15, 16));
	KUNIT_EXPECT_EQ(test, -EINVAL, try_pages(region, ULONG_MAX >> PAGE_SHIFT, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, try_pages(region, (ULONG_MAX >> PAGE_SHIFT) + 1, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, try_pages(region, 1UL << (BITS_PER_LONG - 1), 16));
	KUNIT_EXPECT_EQ(test, -EINVAL, try_pages(region, 8, ULONG_MAX >> (PAGE_SHIFT + 1)));
}

/* Catches: writing what is read-only, by a partition or by its root. */
static void mmap_of_read_only(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct extmem_region *part = test_partition(test, region, PART_NAME, PAGE_SIZE,
						    PAGE_SIZE);
	struct file *file, *of_root;
	unsigned long addr;

	part->desc.read_only = true;
	file = open_it(test, PART_NAME, O_RDWR);
	KUNIT_EXPECT_EQ(test, -EPERM, (long)try_map(test, file, CAN_WRITE, 0, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -EPERM, (long)try_map(test, file, PROT_WRITE, 0, PAGE_SIZE));
	addr = test_map(test, file, CAN_READ, 0, PAGE_SIZE);
	expect_bytes(test, addr, PAGE_SIZE);
	KUNIT_EXPECT_FALSE(test, can_write(addr, 1));
	expect_bytes(test, addr, PAGE_SIZE);

	of_root = open_it(test, TEST_NAME, O_RDWR);
	KUNIT_EXPECT_FALSE(test, IS_ERR_VALUE(try_map(test, of_root, CAN_WRITE, 0, PAGE_SIZE)));
}

/* Catches: a file that was opened to read, by which one can write all the same. */
static void mmap_of_file_opened_to_read(struct kunit *test)
{
	unsigned long addr;
	struct file *file;

	add(test);
	file = open_it(test, TEST_NAME, O_RDONLY);
	KUNIT_EXPECT_EQ(test, -EACCES, (long)try_map(test, file, CAN_WRITE, 0, PAGE_SIZE));
	addr = test_map(test, file, CAN_READ, 0, PAGE_SIZE);
	KUNIT_EXPECT_FALSE(test, can_write(addr, 1));
	expect_bytes(test, addr, 0);
}

static const struct partial_case {
	const char *name;
	u64 base, size;
} partials[] = {
	{ "less than a page", TEST_BASE, 64 },
	{ "pages and a bit", TEST_BASE, 3 * PAGE_SIZE + 8 },
	{ "in the middle of pages", TEST_BASE + 2048, 4 * PAGE_SIZE },
};

KUNIT_ARRAY_PARAM_DESC(partial, partials, name);

/* Catches: a neighbour's bytes in the rest of a page, and a refusal without a reason. */
static void mmap_of_partial_pages(struct kunit *test)
{
	const struct partial_case *param = test->param_value;
	struct mmap_context *ctx = test->priv;
	struct extmem_region *region;
	u64 start = test_log_start();
	struct file *file;
	char text[128];

	ctx->desc.base = param->base;
	ctx->desc.size = param->size;
	region = add(test);
	KUNIT_EXPECT_FALSE(test, extmem_can_mmap(region));
	file = open_it(test, TEST_NAME, O_RDWR);
	KUNIT_EXPECT_EQ(test, -EINVAL, (long)try_map(test, file, CAN_READ, 0, PAGE_SIZE));
	snprintf(text, sizeof(text),
		 TEST_NAME " is 0x%llx bytes from byte 0x%lx of a page, which are not whole",
		 param->size, offset_in_page(param->base));
	KUNIT_EXPECT_EQ(test, test_log_count(start, text), 1);
	/* Whoever may open it need not know where it is. */
	snprintf(text, sizeof(text), "%llx", param->base);
	KUNIT_EXPECT_EQ(test, test_log_count(start, text), 0);
}

/* Catches: a partition that begins in a page of its neighbour's. */
static void mmap_of_partial_partition(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;
	struct extmem_region *region;
	struct file *file;

	/* Where there is no address, the offset tells. */
	ctx->fake->no_address = true;
	region = add(test);
	test_partition(test, region, PART_NAME, 64, PAGE_SIZE);
	test_partition(test, region, TEST_NAME ".other", 2 * PAGE_SIZE, PAGE_SIZE);
	file = open_it(test, PART_NAME, O_RDWR);
	KUNIT_EXPECT_EQ(test, -EINVAL, (long)try_map(test, file, CAN_READ, 0, PAGE_SIZE));
	file = open_it(test, TEST_NAME ".other", O_RDWR);
	expect_bytes(test, test_map(test, file, CAN_READ, 0, PAGE_SIZE), 2 * PAGE_SIZE);
}

/* Catches: pools, backends and regions of which there is nothing to be mapped. */
static void mmap_of_nothing(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;
	struct extmem_region *region;
	struct file *file;

	region = add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, -ENODEV, (long)try_map(test, file, CAN_READ, 0, PAGE_SIZE));

	ctx->desc.type = EXTMEM_CMA;
	region = add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	KUNIT_EXPECT_FALSE(test, extmem_can_mmap(region));
	KUNIT_EXPECT_EQ(test, -ENXIO, (long)try_map(test, file, CAN_READ, 0, PAGE_SIZE));
	test_region_remove(test, region);

	ctx->desc.type = EXTMEM_RAM;
	ctx->fake->ops.pgprot = NULL;
	region = add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	KUNIT_EXPECT_FALSE(test, extmem_can_mmap(region));
	KUNIT_EXPECT_EQ(test, -ENODEV, (long)try_map(test, file, CAN_READ, 0, PAGE_SIZE));
}

/* Catches: other bytes than the region's, and writes that do not reach it. */
static void mmap_gives_the_bytes(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	unsigned long addr = map_all(test, CAN_WRITE), offset;

	KUNIT_EXPECT_TRUE(test, extmem_can_mmap(region));
	for (offset = 0; offset < TEST_SIZE; offset += PAGE_SIZE / 2)
		expect_bytes(test, addr + offset, offset);
	expect_bytes(test, addr + TEST_SIZE - 16, TEST_SIZE - 16);

	for (offset = 0; offset < TEST_SIZE; offset += PAGE_SIZE)
		KUNIT_EXPECT_TRUE(test, can_write(addr + offset + 5, offset >> PAGE_SHIFT));
	for (offset = 0; offset < TEST_SIZE; offset += PAGE_SIZE)
		KUNIT_EXPECT_EQ(test, ctx->fake->memory[offset + 5], offset >> PAGE_SHIFT);
	KUNIT_EXPECT_FALSE(test, can_read(test, addr + TEST_SIZE, 1));
}

/* Catches: an offset of mmap() that is left out, or counted twice. */
static void mmap_with_an_offset(struct kunit *test)
{
	struct extmem_region *region = add(test);
	unsigned long addr;
	struct file *file;

	test_partition(test, region, PART_NAME, 4 * PAGE_SIZE, 8 * PAGE_SIZE);
	file = open_it(test, PART_NAME, O_RDWR);
	addr = test_map(test, file, CAN_READ, 0, 8 * PAGE_SIZE);
	expect_bytes(test, addr, 4 * PAGE_SIZE);
	expect_bytes(test, addr + 8 * PAGE_SIZE - 16, 12 * PAGE_SIZE - 16);
	addr = test_map(test, file, CAN_READ, 6 * PAGE_SIZE, 2 * PAGE_SIZE);
	expect_bytes(test, addr, 10 * PAGE_SIZE);
	expect_bytes(test, addr + PAGE_SIZE, 11 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(long)try_map(test, file, CAN_READ, 7 * PAGE_SIZE, 2 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(long)try_map(test, file, CAN_READ, 8 * PAGE_SIZE, PAGE_SIZE));
}

/* Catches: an offset that is cut to 32 bits. */
static void mmap_with_a_far_offset(struct kunit *test)
{
#ifdef CONFIG_64BIT
	const u64 last = TEST_HUGE_SIZE - 3 * PAGE_SIZE;
	struct mmap_context *ctx = test->priv;
	struct file *file;

	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = TEST_HUGE_SIZE;
	add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	expect_bytes(test, test_map(test, file, CAN_READ, last, PAGE_SIZE), 13 * PAGE_SIZE);
	expect_bytes(test, test_map(test, file, CAN_READ, SZ_4G + PAGE_SIZE, PAGE_SIZE),
		     PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			(long)try_map(test, file, CAN_READ, TEST_HUGE_SIZE, PAGE_SIZE));
#else
	kunit_skip(test, "the kernel's own mmap() has 32 bits for an offset here");
#endif
}

/* Catches: a munmap() of a part that takes the rest along, or leaves it wrong. */
static void mmap_in_pieces(struct kunit *test)
{
	unsigned long addr;

	add(test);
	addr = map_all(test, CAN_WRITE);
	expect_bytes(test, addr + PAGE_SIZE, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr + PAGE_SIZE, 2 * PAGE_SIZE));
	KUNIT_EXPECT_FALSE(test, can_read(test, addr + PAGE_SIZE, 1));
	KUNIT_EXPECT_FALSE(test, can_read(test, addr + 2 * PAGE_SIZE, 1));
	expect_bytes(test, addr, 0);
	expect_bytes(test, addr + 3 * PAGE_SIZE, 3 * PAGE_SIZE);
	expect_bytes(test, addr + 15 * PAGE_SIZE, 15 * PAGE_SIZE);
}

static void expect_entry(struct kunit *test, unsigned long addr, unsigned long pfn)
{
	struct user_entry entry;

	KUNIT_EXPECT_EQ(test, 0, user_entry_read(addr, &entry));
	KUNIT_EXPECT_EQ(test, entry.pfn, pfn);
}

static void expect_no_entry(struct kunit *test, unsigned long addr)
{
	struct user_entry entry;

	KUNIT_EXPECT_EQ(test, -EINVAL, user_entry_read(addr, &entry));
}

/* Catches: a fault for each page of memory that is in one piece. */
static void mmap_around_a_fault(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;
	unsigned long addr, page, touched, pfn;

	/* The fake's pages by their true address; nobody else is told of it. */
	ctx->desc.base = virt_to_phys(ctx->fake->memory);
	ctx->fake->ops.pfn = NULL;
	add(test);
	pfn = PHYS_PFN(ctx->desc.base);
	addr = map_all(test, CAN_WRITE);
	for (page = addr; page < addr + TEST_SIZE; page += PAGE_SIZE)
		expect_no_entry(test, page);
	touched = addr + 7 * PAGE_SIZE;
	expect_bytes(test, touched, 7 * PAGE_SIZE);
	for (page = addr; page < addr + TEST_SIZE; page += PAGE_SIZE) {
		if (ALIGN_DOWN(page, SZ_64K) == ALIGN_DOWN(touched, SZ_64K))
			expect_entry(test, page, pfn + PHYS_PFN(page - addr));
		else
			expect_no_entry(test, page);
	}
	/* Those around it are no less the region's. */
	for (page = addr; page < addr + TEST_SIZE; page += PAGE_SIZE)
		expect_bytes(test, page, page - addr);
}

/* Catches: pages that are taken for neighbours, and are none. */
static void mmap_of_scattered_pages(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;
	unsigned long addr, pfn;

	ctx->fake->no_address = true;
	add(test);
	addr = map_all(test, CAN_WRITE);
	pfn = PHYS_PFN(virt_to_phys(ctx->fake->memory));
	expect_bytes(test, addr + 7 * PAGE_SIZE, 7 * PAGE_SIZE);
	expect_entry(test, addr + 7 * PAGE_SIZE, pfn + 7);
	expect_no_entry(test, addr + 6 * PAGE_SIZE);
	expect_no_entry(test, addr + 8 * PAGE_SIZE);
}

/*
 * Catches: a mapping that outlives unbind, one of a partition's that is forgotten, and a
 * fault that brings the memory back.
 */
static void mmap_is_taken_away(struct kunit *test)
{
	struct extmem_region *region = add(test);
	unsigned long addr, of_part;

	test_partition(test, region, PART_NAME, PAGE_SIZE, 2 * PAGE_SIZE);
	addr = map_all(test, CAN_WRITE);
	of_part = test_map(test, open_it(test, PART_NAME, O_RDWR), CAN_READ, 0, 2 * PAGE_SIZE);
	expect_bytes(test, addr, 0);
	expect_bytes(test, of_part, PAGE_SIZE);

	test_region_remove(test, region);
	expect_no_entry(test, addr);
	expect_no_entry(test, of_part);
	KUNIT_EXPECT_FALSE(test, can_read(test, addr, 1));
	KUNIT_EXPECT_FALSE(test, can_write(addr, 1));
	KUNIT_EXPECT_FALSE(test, can_read(test, addr + PAGE_SIZE, 1));	/* a new fault */
	KUNIT_EXPECT_FALSE(test, can_read(test, of_part, 1));
	expect_no_entry(test, addr);

	/* A region of the same name is another one. */
	add(test);
	KUNIT_EXPECT_FALSE(test, can_read(test, addr, 1));
	expect_bytes(test, map_all(test, CAN_READ), 0);
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr, TEST_SIZE));
}

static void expect_no_pages(struct kunit *test, unsigned long addr)
{
	struct page *page;
	int got;

	got = get_user_pages_fast(addr, 1, 0, &page);
	KUNIT_EXPECT_EQ(test, got, -EFAULT);
	if (got == 1)
		put_page(page);
	got = get_user_pages_fast(addr, 1, FOLL_WRITE, &page);
	KUNIT_EXPECT_EQ(test, got, -EFAULT);
	if (got == 1)
		put_page(page);
	got = pin_user_pages_fast(addr, 1, FOLL_LONGTERM, &page);
	KUNIT_EXPECT_EQ(test, got, -EFAULT);
	if (got == 1)
		unpin_user_page(page);
}

/* Catches: references to what may have no struct page, or is gone after unbind. */
static void mmap_has_no_pages(struct kunit *test)
{
	unsigned long addr;

	add(test);
	addr = map_all(test, CAN_WRITE);
	expect_no_pages(test, addr);
	expect_bytes(test, addr, 0);
	expect_no_pages(test, addr);
}

static int peek(unsigned long addr, void *buf, int len, int write)
{
	struct vm_area_struct *vma;
	int ret = -EFAULT;

	mmap_read_lock(current->mm);
	vma = vma_lookup(current->mm, addr);
	if (vma)
		ret = vma->vm_ops->access(vma, addr, buf, len, write);
	mmap_read_unlock(current->mm);
	return ret;
}

/* Catches: a debugger that sees other bytes, or writes what the program may not. */
static void mmap_seen_by_a_debugger(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct file *file = open_it(test, TEST_NAME, O_RDWR);
	unsigned long addr = test_map(test, file, CAN_WRITE, PAGE_SIZE, 2 * PAGE_SIZE);
	unsigned long to_read = test_map(test, file, CAN_READ, 0, PAGE_SIZE);
	u8 buf[8];

	KUNIT_EXPECT_EQ(test, 8, peek(addr + PAGE_SIZE + 3, buf, 8, 0));
	KUNIT_EXPECT_EQ(test, 0, memcmp(buf, ctx->fake->memory + 2 * PAGE_SIZE + 3, 8));
	memset(buf, 0x5a, 8);
	KUNIT_EXPECT_EQ(test, 8, peek(addr + 3, buf, 8, FOLL_WRITE));
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->fake->memory + PAGE_SIZE + 3, 0x5a, 8));
	KUNIT_EXPECT_NE(test, ctx->fake->memory[PAGE_SIZE + 11], 0x5a);
	KUNIT_EXPECT_EQ(test, -EACCES, peek(to_read, buf, 8, FOLL_WRITE));
	KUNIT_EXPECT_NE(test, ctx->fake->memory[0], 0x5a);
	KUNIT_EXPECT_EQ(test, 8, peek(to_read, buf, 8, 0));
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, -ENODEV, peek(addr, buf, 8, 0));
}

/* Catches: a debugger that gets past the end of what the program has mapped. */
static void mmap_ends_for_a_debugger(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;
	const u8 *beyond;
	struct file *file;
	unsigned long end;
	u8 buf[16] = {};

	add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	end = test_map(test, file, CAN_WRITE, PAGE_SIZE, PAGE_SIZE) + PAGE_SIZE;
	beyond = ctx->fake->memory + 2 * PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, 5, peek(end - 5, buf, sizeof(buf), 0));
	KUNIT_EXPECT_EQ(test, 0, memcmp(buf, beyond - 5, 5));
	KUNIT_EXPECT_NULL(test, memchr_inv(buf + 5, 0, sizeof(buf) - 5));
	memset(buf, 0xfe, sizeof(buf));
	KUNIT_EXPECT_EQ(test, 5, peek(end - 5, buf, sizeof(buf), FOLL_WRITE));
	KUNIT_EXPECT_NULL(test, memchr_inv(beyond - 5, 0xfe, 5));
	KUNIT_EXPECT_NULL(test, memchr(beyond, 0xfe, sizeof(buf)));
}

static const struct place_case {
	const char *name;
	u64 start;	/* beyond a multiple of 2 MiB */
	u64 size;
	u64 offset;
	bool congruent;
} places[] = {
	{ "aligned", 0, SZ_8M, 0, true },
	{ "a page further", PAGE_SIZE, SZ_8M, 0, true },
	{ "a page less", SZ_2M - PAGE_SIZE, SZ_8M, 0, true },
	{ "with an offset", SZ_64K, SZ_8M, SZ_1M, true },
	{ "just one", SZ_1M, SZ_1M + SZ_2M, 0, true },
	{ "not even one", SZ_1M, SZ_2M, 0, false },
	{ "small", 0, SZ_64K, 0, false },
};

KUNIT_ARRAY_PARAM_DESC(place, places, name);

/* Catches: an address that no huge page fits, and address space wasted for none. */
static void mmap_has_a_good_place(struct kunit *test)
{
	const struct place_case *param = test->param_value;
	struct mmap_context *ctx = test->priv;
	unsigned long addr, other;
	struct file *file;

	if (!IS_ENABLED(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP))
		kunit_skip(test, "there are no huge mappings of page frames here");
	ctx->desc.base = TEST_BASE + param->start;
	ctx->desc.size = param->size + param->offset;
	add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	addr = test_map(test, file, CAN_READ, param->offset, param->size);
	other = test_map(test, file, CAN_READ, param->offset, param->size);
	if (param->congruent) {
		u64 phys = ctx->desc.base + param->offset;

		KUNIT_EXPECT_EQ(test, addr & (SZ_2M - 1), phys & (SZ_2M - 1));
		KUNIT_EXPECT_EQ(test, other & (SZ_2M - 1), phys & (SZ_2M - 1));
	} else {
		KUNIT_EXPECT_EQ(test, max(addr, other) - min(addr, other), param->size);
	}
}

/* Catches: the wish of a user that is overruled. */
static void mmap_has_the_place_that_was_asked_for(struct kunit *test)
{
	struct mmap_context *ctx = test->priv;
	unsigned long wish, addr;
	struct file *file;

	ctx->desc.size = SZ_8M;
	add(test);
	file = open_it(test, TEST_NAME, O_RDWR);
	wish = test_map(test, file, CAN_READ, 0, SZ_8M) + 3 * PAGE_SIZE;
	addr = kunit_vm_mmap(test, file, wish, SZ_4M, PROT_READ, MAP_SHARED | MAP_FIXED, 0);
	KUNIT_EXPECT_EQ(test, addr, wish);
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(wish, SZ_4M));
	addr = kunit_vm_mmap(test, file, wish, SZ_2M, PROT_READ, MAP_SHARED, 0);
	KUNIT_EXPECT_EQ(test, addr, wish);
}

static struct kunit_case mmap_cases[] = {
	KUNIT_CASE_PARAM(mmap_sets_flags, flags_gen_params),
	KUNIT_CASE_PARAM(mmap_is_refused, refusal_gen_params),
	KUNIT_CASE(mmap_does_not_wrap),
	KUNIT_CASE(mmap_of_read_only),
	KUNIT_CASE(mmap_of_file_opened_to_read),
	KUNIT_CASE_PARAM(mmap_of_partial_pages, partial_gen_params),
	KUNIT_CASE(mmap_of_partial_partition),
	KUNIT_CASE(mmap_of_nothing),
	KUNIT_CASE(mmap_gives_the_bytes),
	KUNIT_CASE(mmap_with_an_offset),
	KUNIT_CASE(mmap_with_a_far_offset),
	KUNIT_CASE(mmap_in_pieces),
	KUNIT_CASE(mmap_around_a_fault),
	KUNIT_CASE(mmap_of_scattered_pages),
	KUNIT_CASE(mmap_is_taken_away),
	KUNIT_CASE(mmap_has_no_pages),
	KUNIT_CASE(mmap_seen_by_a_debugger),
	KUNIT_CASE(mmap_ends_for_a_debugger),
	KUNIT_CASE_PARAM(mmap_has_a_good_place, place_gen_params),
	KUNIT_CASE(mmap_has_the_place_that_was_asked_for),
	{}
};

static struct kunit_suite mmap_suite = {
	.name = "extmem_mmap",
	.init = mmap_test_init,
	.test_cases = mmap_cases,
};

/* On 64 MiB of a board's, which lie where huge pages fit. */
static const struct attr_case {
	const char *name;
	const char *backend;
	enum extmem_policy policy;
	bool nonposted;
	enum extmem_effective attr;
} attrs[] = {
	{ "uncached", "ioremap", EXTMEM_UNCACHED, false, EXTMEM_EFFECTIVE_UNCACHED },
	{ "uncached non-posted", "ioremap", EXTMEM_UNCACHED, true,
	  EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED },
	{ "write-combine", "memremap", EXTMEM_WRITE_COMBINE, false,
	  EXTMEM_EFFECTIVE_WRITE_COMBINE },
	{ "write-through", "memremap", EXTMEM_WRITE_THROUGH, false,
	  EXTMEM_EFFECTIVE_WRITE_THROUGH },
	{ "write-back", "memremap", EXTMEM_WRITE_BACK, false, EXTMEM_EFFECTIVE_WRITE_BACK },
};

KUNIT_ARRAY_PARAM_DESC(attr, attrs, name);

static struct extmem_region *add_of_board(struct kunit *test, const char *name)
{
	const struct attr_case *param = test->param_value;
	struct mmap_context *ctx = test->priv;

	ctx->desc = test_take_from_board(test, name)->desc;
	if (!(extmem_attr_policies() & BIT(param->policy)))
		kunit_skip(test, "this machine has no %s mapping", param->name);
	if (param->nonposted && !extmem_attr_nonposted())
		kunit_skip(test, "this machine has no non-posted mapping");
	strscpy(ctx->desc.name, TEST_NAME);
	ctx->desc.policy = param->policy;
	ctx->desc.nonposted = param->nonposted;
	return test_region(test, ctx->owner, &ctx->desc,
			   test_backend(test, ctx->owner, param->backend));
}

/* Reads, writes, and looks at the entry that is there then. */
static void expect_attr(struct kunit *test, struct extmem_region *region,
			unsigned long addr, u64 offset, bool huge)
{
	const struct attr_case *param = test->param_value;
	const char *of_kernel = test_attr_name(extmem_region_attr(region));
	struct user_entry entry = {};

	KUNIT_EXPECT_TRUE(test, can_read(test, addr, 1));
	KUNIT_EXPECT_TRUE(test, can_write(addr, 0x5a));
	KUNIT_ASSERT_EQ(test, 0, user_entry_read(addr, &entry));
	KUNIT_EXPECT_EQ(test, entry.pfn, PHYS_PFN(region->base + offset));
	KUNIT_EXPECT_EQ(test, entry.huge, huge);
	KUNIT_EXPECT_STREQ(test, test_attr_name(entry.attr), of_kernel);
	/* On riscv, the table of a CPU alone knows how it caches what is not RAM. */
	if (!IS_ENABLED(CONFIG_RISCV) || param->policy != EXTMEM_WRITE_BACK)
		KUNIT_EXPECT_STREQ(test, test_attr_name(entry.attr),
				   test_attr_name(param->attr));
}

static bool has_pages(const struct extmem_region *region)
{
	return IS_ENABLED(CONFIG_ZONE_DEVICE) && region->desc.policy == EXTMEM_WRITE_BACK;
}

/* Of pages, it takes the administrator's wish, which a small machine has to be told. */
static bool can_be_huge(struct kunit *test, const struct extmem_region *region)
{
	static const char wish[] = "madvise";
	struct file *file;
	loff_t pos = 0;

	if (!has_pages(region))
		return IS_ENABLED(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP);
	file = test_open(test_mount(test, "sysfs"), "kernel/mm/transparent_hugepage/enabled",
			 O_WRONLY);
	if (IS_ERR(file))
		return false;
	KUNIT_EXPECT_EQ(test, (ssize_t)strlen(wish), kernel_write(file, wish, strlen(wish), &pos));
	__fput_sync(file);
	return true;
}

/* Catches: a user's page with another attribute than the policy's, or the kernel's. */
static void mmap_attr_of_pages(struct kunit *test)
{
	struct extmem_region *region = add_of_board(test, "ddr-window");
	struct file *file = open_it(test, TEST_NAME, O_RDWR);
	unsigned long addr;

	addr = test_map(test, file, CAN_WRITE, 0, PAGE_SIZE);
	expect_attr(test, region, addr, 0, false);
	addr = test_map(test, file, CAN_WRITE, SZ_2M + PAGE_SIZE, SZ_1M);
	expect_attr(test, region, addr, SZ_2M + PAGE_SIZE, false);
	expect_attr(test, region, addr + SZ_1M - 1, SZ_1M + SZ_2M + PAGE_SIZE - 1, false);
	if (!has_pages(region))
		expect_no_pages(test, addr);
}

/* Catches: the same for huge pages, or none where there could be. */
static void mmap_attr_of_huge_pages(struct kunit *test)
{
	struct extmem_region *region = add_of_board(test, "ddr-window");
	struct file *file = open_it(test, TEST_NAME, O_RDWR);
	unsigned long addr;

	if (!can_be_huge(test, region))
		kunit_skip(test, "there are no huge mappings of page frames here");
	KUNIT_ASSERT_TRUE(test, IS_ALIGNED(region->base, SZ_2M));
	addr = test_map(test, file, CAN_WRITE, 0, SZ_4M);
	expect_attr(test, region, addr + 12345, 12345, true);
	expect_attr(test, region, addr + SZ_4M - 1, SZ_4M - 1, true);
	if (!has_pages(region))
		expect_no_pages(test, addr);

	/* The two ends of one that is not aligned are of pages. */
	addr = test_map(test, file, CAN_WRITE, SZ_1M, SZ_4M);
	expect_attr(test, region, addr, SZ_1M, false);
	expect_attr(test, region, addr + SZ_1M - 1, SZ_2M - 1, false);
	expect_attr(test, region, addr + SZ_1M, SZ_2M, true);
	expect_attr(test, region, addr + SZ_1M + SZ_2M, SZ_4M, false);
}

/* Catches: a huge page of which unbind takes a part, or munmap() too much. */
static void mmap_huge_page_in_pieces(struct kunit *test)
{
	struct extmem_region *region = add_of_board(test, "ddr-window");
	unsigned long addr = test_map(test, open_it(test, TEST_NAME, O_RDWR), CAN_WRITE, 0, SZ_4M);

	KUNIT_EXPECT_TRUE(test, can_write(addr + 5, 0x11));
	KUNIT_EXPECT_TRUE(test, can_write(addr + SZ_2M + 5, 0x22));
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr + PAGE_SIZE, PAGE_SIZE));
	KUNIT_EXPECT_FALSE(test, can_read(test, addr + PAGE_SIZE, 1));
	expect_attr(test, region, addr + 6, 6, false);
	expect_attr(test, region, addr + 2 * PAGE_SIZE, 2 * PAGE_SIZE, false);

	test_region_remove(test, region);
	expect_no_entry(test, addr);
	expect_no_entry(test, addr + SZ_2M);
	KUNIT_EXPECT_FALSE(test, can_read(test, addr, 1));
	KUNIT_EXPECT_FALSE(test, can_read(test, addr + SZ_2M + 5, 1));
}

/* Catches: two mappings of which one sees other memory. */
static void mmap_and_the_kernels_view(struct kunit *test)
{
	struct extmem_region *region = add_of_board(test, "ddr-window");
	unsigned long addr = test_map(test, open_it(test, TEST_NAME, O_RDWR), CAN_WRITE, 0, SZ_8M);
	static const size_t offsets[] = { 0, PAGE_SIZE - 1, SZ_2M + 77, SZ_8M - 1 };
	struct mmap_context *ctx = test->priv;
	struct iosys_map view;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		KUNIT_EXPECT_TRUE(test, can_write(addr + offsets[i], 0x40 + i));
		mb();	/* some of it is not cached */
		KUNIT_EXPECT_EQ(test, iosys_map_rd(&view, offsets[i], u8), 0x40 + i);
		iosys_map_wr(&view, offsets[i], u8, 0x80 + i);
		mb();	/* as above */
		KUNIT_EXPECT_TRUE(test, can_read(test, addr + offsets[i], 1));
		KUNIT_EXPECT_EQ(test, ctx->buf[0], 0x80 + i);
	}
}

static struct kunit_case mmap_attr_cases[] = {
	KUNIT_CASE_PARAM(mmap_attr_of_pages, attr_gen_params),
	KUNIT_CASE_PARAM(mmap_attr_of_huge_pages, attr_gen_params),
	KUNIT_CASE_PARAM(mmap_huge_page_in_pieces, attr_gen_params),
	KUNIT_CASE_PARAM(mmap_and_the_kernels_view, attr_gen_params),
	{}
};

static struct kunit_suite mmap_attr_suite = {
	.name = "extmem_mmap_attr",
	.init = common_init,
	.test_cases = mmap_attr_cases,
};

kunit_test_suites(&mmap_suite, &mmap_attr_suite);
