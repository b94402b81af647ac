// SPDX-License-Identifier: GPL-2.0
/*
 * What is counted of users, and what debugfs shows of it. Faults need memory that answers:
 * they are in the guest's test "inside".
 */
#include <kunit/test.h>

#include <linux/cpu.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "fake_backend.h"
#include "fixture.h"

#define PART_NAME	TEST_NAME ".part"

struct stats_context {
	struct fake_backend *fake;
	struct vfsmount *dev;
	struct extmem_region *region;
	struct extmem_region *partition;
	u8 buf[64];
	char summary[SZ_16K];
};

static int stats_init(struct kunit *test)
{
	struct stats_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE,
					    EXTMEM_WRITE_COMBINE);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->fake = fake_backend_new(test);
	ctx->dev = test_mount(test, "devtmpfs");
	ctx->region = test_region(test, test_owner(test), &desc, &ctx->fake->backend);
	ctx->partition = test_partition(test, ctx->region, PART_NAME, PAGE_SIZE, PAGE_SIZE);
	return 0;
}

static struct file *open_it(struct kunit *test, const char *name)
{
	struct stats_context *ctx = test->priv;

	return test_open_device(test, ctx->dev, name, O_RDWR);
}

static void expect_count(struct kunit *test, struct extmem_region *region, u64 read,
			 u64 written)
{
	KUNIT_EXPECT_EQ(test, read, extmem_stats_sum(region, EXTMEM_BYTES_READ));
	KUNIT_EXPECT_EQ(test, written, extmem_stats_sum(region, EXTMEM_BYTES_WRITTEN));
}

/* Catches: what was asked for and not moved, or one for the other. */
static void stats_of_files(struct kunit *test)
{
	struct stats_context *ctx = test->priv;
	struct file *file = open_it(test, TEST_NAME);
	loff_t pos = TEST_SIZE - 16;

	expect_count(test, ctx->region, 0, 0);
	KUNIT_EXPECT_EQ(test, 16, kernel_read(file, ctx->buf, sizeof(ctx->buf), &pos));
	expect_count(test, ctx->region, 16, 0);
	KUNIT_EXPECT_EQ(test, 0, kernel_read(file, ctx->buf, sizeof(ctx->buf), &pos));
	expect_count(test, ctx->region, 16, 0);
	pos = 0;
	KUNIT_EXPECT_EQ(test, 8, kernel_write(file, ctx->buf, 8, &pos));
	KUNIT_EXPECT_EQ(test, 4, kernel_write(file, ctx->buf, 4, &pos));
	expect_count(test, ctx->region, 16, 12);
	pos = TEST_SIZE;
	KUNIT_EXPECT_EQ(test, -ENOSPC, kernel_write(file, ctx->buf, 4, &pos));
	expect_count(test, ctx->region, 16, 12);
}

/* Catches: a partition's user who is counted at its region, or both ways. */
static void stats_of_partitions(struct kunit *test)
{
	struct stats_context *ctx = test->priv;
	struct file *file = open_it(test, PART_NAME);
	loff_t pos = 0;

	KUNIT_EXPECT_EQ(test, 64, kernel_write(file, ctx->buf, 64, &pos));
	expect_count(test, ctx->partition, 0, 64);
	expect_count(test, ctx->region, 0, 0);
}

/* Catches: a copy without a user's memory, which is a read there and a write here. */
static void stats_of_copies(struct kunit *test)
{
	struct stats_context *ctx = test->priv;
	struct extmem_end dst = {
		.region = ctx->partition, .size = PAGE_SIZE, .writable = true,
	};
	struct extmem_end src = { .region = ctx->region, .size = PAGE_SIZE };

	KUNIT_EXPECT_EQ(test, 100, extmem_copy(&dst, 0, &src, 0, 100));
	expect_count(test, ctx->partition, 0, 100);
	expect_count(test, ctx->region, 100, 0);
}

struct count_work {
	struct work_struct work;
	struct extmem_region *region;
};

static void count_much(struct work_struct *work)
{
	int i;

	for (i = 0; i < 1000; i++)
		extmem_count(container_of(work, struct count_work, work)->region,
			     EXTMEM_BYTES_READ, SZ_1G + 1);
}

/* Catches: a CPU that is left out, or 32 bits of a sum. */
static void stats_of_all_cpus(struct kunit *test)
{
	struct stats_context *ctx = test->priv;
	struct count_work count = { .region = ctx->region };
	unsigned int cpu, cpus = 0;

	for_each_online_cpu(cpu) {
		INIT_WORK_ONSTACK(&count.work, count_much);
		schedule_work_on(cpu, &count.work);
		flush_work(&count.work);
		destroy_work_on_stack(&count.work);
		cpus++;
	}
	expect_count(test, ctx->region, 1000ULL * cpus * (SZ_1G + 1), 0);
}

/* Catches: parts of a mapping that are not counted, or stay when they are unmapped. */
static void stats_of_mappings(struct kunit *test)
{
	struct stats_context *ctx = test->priv;
	struct file *file = open_it(test, TEST_NAME);
	unsigned long addr;

	KUNIT_EXPECT_EQ(test, 0, atomic_read(&ctx->region->mappings));
	addr = test_map(test, file, PROT_READ, 0, 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&ctx->region->mappings));
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr + PAGE_SIZE, PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, 2, atomic_read(&ctx->region->mappings));
	KUNIT_EXPECT_EQ(test, 0, vm_munmap(addr, 4 * PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&ctx->region->mappings));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&ctx->partition->mappings));
}

/* The line of the summary that begins so, or NULL. */
static const char *line_of(struct kunit *test, const char *start)
{
	struct stats_context *ctx = test->priv;
	char *line = ctx->summary;

	while (line && !str_has_prefix(line, start)) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return line;
}

/* Columns that are as wide as one word and a space; what a line begins with stays. */
static void squeeze(char *text)
{
	char *to = text;
	bool is_inside = false;

	for (; *text; text++) {
		if (*text == ' ' && is_inside && text[1] == ' ')
			continue;
		is_inside = *text != '\n' && (is_inside || *text != ' ');
		*to++ = *text;
	}
	*to = '\0';
}

static void expect_line(struct kunit *test, const char *line)
{
	struct stats_context *ctx = test->priv;

	KUNIT_EXPECT_NOT_NULL_MSG(test, line_of(test, line), "no '%s' in:\n%s", line,
				  ctx->summary);
}

/* As a user reads it: the kernel cannot read files of debugfs. */
static void read_summary(struct kunit *test)
{
	struct stats_context *ctx = test->priv;
	struct file *file;
	unsigned long user;
	loff_t pos = 0;
	ssize_t size;

	if (!IS_ENABLED(CONFIG_DEBUG_FS))
		kunit_skip(test, "no CONFIG_DEBUG_FS");
	user = kunit_vm_mmap(test, NULL, 0, sizeof(ctx->summary), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_NE(test, user, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(user));
	file = test_open(test_mount(test, "debugfs"), "extmem/summary", O_RDONLY);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	do {
		size = file->f_op->read(file, (char __user *)user + pos,
					sizeof(ctx->summary) - 1 - pos, &pos);
	} while (size > 0);
	__fput_sync(file);
	KUNIT_ASSERT_EQ(test, 0, size);
	KUNIT_ASSERT_EQ(test, 0, copy_from_user(ctx->summary, (void __user *)user, pos));
	ctx->summary[pos] = '\0';
	squeeze(ctx->summary);
}

/* Catches: a column that has another's figure, or a partition beside its region. */
static void stats_in_summary(struct kunit *test)
{
	struct stats_context *ctx = test->priv;
	struct file *file = open_it(test, TEST_NAME), *part = open_it(test, PART_NAME);
	const char *region, *partition;
	loff_t pos = 0;

	if (PAGE_SIZE != SZ_4K)
		kunit_skip(test, "the sizes here are of pages of 4 KiB");
	KUNIT_EXPECT_EQ(test, 64, kernel_read(file, ctx->buf, 64, &pos));
	KUNIT_EXPECT_EQ(test, 32, kernel_write(file, ctx->buf, 32, &pos));
	pos = 0;
	KUNIT_EXPECT_EQ(test, 16, kernel_read(part, ctx->buf, 16, &pos));
	test_map(test, file, PROT_READ, 0, PAGE_SIZE);
	extmem_count(ctx->region, EXTMEM_FAULTS, 3);
	extmem_count(ctx->region, EXTMEM_HUGE_FAULTS, 2);
	read_summary(test);

	expect_line(test, "region size type policy state open maps faults huge read written\n");
	expect_line(test, "extmem-test 0x10000 ram write-combine ready 1 1 3 2 64 32\n");
	expect_line(test, "  extmem-test.part 0x1000 ram write-combine ready 1 0 0 0 16 0\n");
	region = line_of(test, TEST_NAME " ");
	partition = line_of(test, "  " PART_NAME " ");
	KUNIT_ASSERT_NOT_NULL(test, region);
	KUNIT_ASSERT_NOT_NULL(test, partition);
	KUNIT_EXPECT_PTR_EQ(test, strchr(region, '\n') + 1, partition);
}

/* Catches: a line of what is gone. */
static void stats_after_removal(struct kunit *test)
{
	struct stats_context *ctx = test->priv;
	struct file *file = open_it(test, TEST_NAME);

	test_region_remove(test, ctx->region);
	read_summary(test);
	KUNIT_EXPECT_NULL(test, line_of(test, TEST_NAME));
	KUNIT_EXPECT_NULL(test, line_of(test, "  " TEST_NAME));
	KUNIT_EXPECT_TRUE(test, file_count(file));
}

static struct kunit_case stats_cases[] = {
	KUNIT_CASE(stats_of_files),
	KUNIT_CASE(stats_of_partitions),
	KUNIT_CASE(stats_of_copies),
	KUNIT_CASE(stats_of_all_cpus),
	KUNIT_CASE(stats_of_mappings),
	KUNIT_CASE(stats_in_summary),
	KUNIT_CASE(stats_after_removal),
	{}
};

static struct kunit_suite stats_suite = {
	.name = "extmem_stats",
	.init = stats_init,
	.test_cases = stats_cases,
};

kunit_test_suite(stats_suite);
