// SPDX-License-Identifier: GPL-2.0
/*
 * Regions described at random: an overlay is changed by mutate.c, applied and removed,
 * again and again. Whatever it says, each node is a region that can be used or has one line
 * in the log, with a remedy; its neighbours work; and nothing is left of it.
 *
 *	extmem.fuzz_rounds=N	so many overlays
 *	extmem.fuzz_seed=N	other ones
 *	extmem.fuzz_first=N	the number of the first one: what a failure names
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/ioport.h>
#include <linux/kmsg_dump.h>
#include <linux/libfdt.h>
#include <linux/moduleparam.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "cycle_board.h"
#include "fixture.h"
#include "form.h"
#include "mutate.h"

#define ROUNDS		(IS_ENABLED(CONFIG_UML) ? 200 : 20)	/* emulated, it is slow */
#define IN_A_CASE	50		/* KUnit lets none take more than five minutes */
#define TREE_SIZE	SZ_32K
#define LINE_SIZE	1024
#define NAME_END	40		/* what any line has of a node's name */
#define USED_AT		0x1000		/* in the region that stays */

static unsigned int fuzz_rounds = ROUNDS;
module_param(fuzz_rounds, uint, 0444);
MODULE_PARM_DESC(fuzz_rounds, "how many overlays the suite extmem_fuzz makes");

static unsigned int fuzz_seed = 1;
module_param(fuzz_seed, uint, 0444);
MODULE_PARM_DESC(fuzz_seed, "of the random numbers of extmem_fuzz");

static unsigned int fuzz_first = 1;
module_param(fuzz_first, uint, 0444);
MODULE_PARM_DESC(fuzz_first, "number of the first overlay of extmem_fuzz");

/**
 * struct fuzz - many rounds
 * @board: the board, to whose bus the overlays are applied
 * @stays: the file of the region that stays
 * @tree: the overlay of this round, TREE_SIZE bytes
 * @line: a line of the log, LINE_SIZE bytes
 * @round: its number
 * @log_start: where the log ended when it began
 * @refused_overlays: how many the kernel did not take
 * @regions: how many came up
 * @partitions: likewise
 * @refusals: how many nodes had a line in the log
 * @waiting: how many devices wait for others
 */
struct fuzz {
	struct cycle_board *board;
	struct file *stays;
	void *tree;
	char *line;
	unsigned int round;
	u64 log_start;
	unsigned int refused_overlays;
	unsigned int regions;
	unsigned int partitions;
	unsigned int refusals;
	unsigned int waiting;
};

#define FUZZ_EXPECT(test, fuzz, holds, fmt, ...)				\
	KUNIT_EXPECT_TRUE_MSG(test, holds, "in round %u: " fmt, (fuzz)->round, ##__VA_ARGS__)

/* --- what is said --- */

/* What the next line of extmem's says that has the text, or NULL. */
static const char *next_line(struct fuzz *fuzz, struct kmsg_dump_iter *iter, const char *text)
{
	const char *said, *at;
	size_t len;

	while (kmsg_dump_get_line(iter, false, fuzz->line, LINE_SIZE - 1, &len)) {
		fuzz->line[len] = '\0';
		while (len && fuzz->line[len - 1] == '\n')
			fuzz->line[--len] = '\0';
		said = strstr(fuzz->line, EXTMEM_COMPATIBLE " ");
		said = said ? strstr(said, ": ") : NULL;
		/* dev_err_probe() tells the error first. */
		if (said && str_has_prefix(said, ": error "))
			said = strstr(said + 2, ": ");
		at = said ? strstr(said + 2, text) : NULL;
		if (at && (at == said + 2 || at[-1] == '/' || strlen(text) > NAME_END))
			return said + 2;
	}
	return NULL;
}

static void log_begin(struct fuzz *fuzz, struct kmsg_dump_iter *iter)
{
	kmsg_dump_rewind(iter);
	iter->cur_seq = max(iter->cur_seq, fuzz->log_start);
}

/* How many lines are about the node, each of which has the form that it must have. */
static int lines_about(struct kunit *test, struct fuzz *fuzz, const char *path)
{
	/* Of a long path, and a long name, only the end is told; each name has another one. */
	const char *name = kbasename(path);
	size_t len = strlen(name);
	char *text = kasprintf(GFP_KERNEL, "%s: ", len > NAME_END ? name + len - NAME_END : name);
	struct kmsg_dump_iter iter;
	const char *line, *wrong;
	int count = 0;

	if (!text)
		return -ENOMEM;
	log_begin(fuzz, &iter);
	while ((line = next_line(fuzz, &iter, text))) {
		/* A region is there whose memory cannot be mapped, for this machine is small. */
		if (strstr(line, ": cannot ") || strstr(line, ": drivers cannot "))
			continue;
		wrong = form_of_refusal(line, path);
		FUZZ_EXPECT(test, fuzz, !wrong, "%s: \"%s\"", wrong, line);
		count++;
	}
	kfree(text);
	return count;
}

/* --- what is there --- */

/* What a device may need that never comes. */
static bool may_wait(struct device_node *np)
{
	static const char * const needs[] = {
		"clocks", "resets", "vdd-supply", "power-domains", "dmas", "interrupts",
		"interrupts-extended",
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(needs); i++)
		if (of_property_present(np, needs[i]))
			return true;
	return false;
}

/* Memory that is there: what is said of it, first and last byte, and what is beyond. */
static void use_region(struct kunit *test, struct fuzz *fuzz, struct extmem_region *region)
{
	char path[EXTMEM_NAME_SIZE + 8];
	struct file *file;
	loff_t end, pos;
	u64 word;

	snprintf(path, sizeof(path), "extmem/%s", region->desc.name);
	file = test_open(fuzz->board->dev, path, O_RDONLY);
	FUZZ_EXPECT(test, fuzz, !IS_ERR(file), "%s: %pe", path, file);
	if (IS_ERR(file))
		return;
	end = vfs_llseek(file, 0, SEEK_END);
	FUZZ_EXPECT(test, fuzz, end == min_t(u64, region->size, LLONG_MAX) || end < 0,
		    "%s: %lld is not its size, %llu", path, end, region->size);
	/* Where nothing is, nothing may be touched. */
	if (region->base == EXTMEM_NO_ADDRESS) {
		pos = 0;
		kernel_read(file, &word, sizeof(word), &pos);
		pos = end - 8;
		kernel_read(file, &word, sizeof(word), &pos);
		pos = end;
		FUZZ_EXPECT(test, fuzz, end < 0 || kernel_read(file, &word, 1, &pos) <= 0,
			    "%s has more bytes than its size", path);
	}
	__fput_sync(file);
}

/* Nobody else can have its memory. */
static void expect_claimed(struct kunit *test, struct fuzz *fuzz,
			   const struct extmem_region *region)
{
	struct resource *res;

	if (region->base == EXTMEM_NO_ADDRESS || region->root != region)
		return;
	res = request_mem_region(region->base, 1, "extmem-test");
	FUZZ_EXPECT(test, fuzz, !res, "%s: nobody has claimed %pa", region->desc.name,
		    &region->base);
	if (res)
		release_mem_region(region->base, 1);
}

static void look_at_live(struct kunit *test, struct fuzz *fuzz, struct extmem_region *region)
{
	const char *wrong = form_of_name(region->desc.name, EXTMEM_NAME_SIZE - 1);

	FUZZ_EXPECT(test, fuzz, !wrong, "%s: \"%s\"", wrong, region->desc.name);
	FUZZ_EXPECT(test, fuzz, MAJOR(region->dev.devt), "%s has no number", region->desc.name);
	FUZZ_EXPECT(test, fuzz, region->size, "%s is empty", region->desc.name);
	expect_claimed(test, fuzz, region);
	if (!wrong)
		use_region(test, fuzz, region);
}

/* A node and whether it is a region or a partition now, by its path. */
static bool look_at_node(struct kunit *test, struct fuzz *fuzz, struct device_node *np,
			 bool can_be, bool must_be)
{
	char *path = kasprintf(GFP_KERNEL, "%pOF", np);
	struct extmem_region *region;
	int lines;

	KUNIT_ASSERT_NOT_NULL(test, path);
	region = extmem_index_find(path);
	lines = lines_about(test, fuzz, path);
	if (region) {
		FUZZ_EXPECT(test, fuzz, can_be, "%s is there", path);
		FUZZ_EXPECT(test, fuzz, !lines, "%s is there, and refused in %d lines", path,
			    lines);
		look_at_live(test, fuzz, region);
		put_device(&region->dev);
	} else {
		FUZZ_EXPECT(test, fuzz, lines <= 1, "%s is refused in %d lines", path, lines);
		FUZZ_EXPECT(test, fuzz, lines || !must_be, "%s is not there, and no line says why",
			    path);
		fuzz->refusals += lines;
	}
	kfree(path);
	return region;
}

static void look_at_partitions(struct kunit *test, struct fuzz *fuzz, struct device_node *np,
			       bool is_there)
{
	struct device_node *child;

	for_each_available_child_of_node(np, child)
		if (of_property_present(child, "reg"))
			fuzz->partitions += look_at_node(test, fuzz, child, is_there, is_there);
}

/* Another driver's that it is compatible with, too: with simple-bus, it is a bus. */
static bool is_of_others(struct platform_device *pdev)
{
	return device_is_bound(&pdev->dev) &&
	       strcmp(pdev->dev.driver->name, EXTMEM_COMPATIBLE);
}

static void look_at_region(struct kunit *test, struct fuzz *fuzz, struct device_node *np)
{
	struct platform_device *pdev = of_find_device_by_node(np);
	bool can_be = pdev && !is_of_others(pdev);
	bool is_there;

	is_there = look_at_node(test, fuzz, np, can_be, can_be && !may_wait(np));
	if (pdev) {
		FUZZ_EXPECT(test, fuzz, (can_be && device_is_bound(&pdev->dev)) == is_there,
			    "%pOF", np);
		fuzz->waiting += can_be && !is_there && may_wait(np);
		put_device(&pdev->dev);
	}
	fuzz->regions += is_there;
	look_at_partitions(test, fuzz, np, is_there);
}

static void look_at_bus(struct kunit *test, struct fuzz *fuzz, struct device_node *bus)
{
	struct device_node *np;

	for_each_available_child_of_node(bus, np) {
		if (of_device_is_compatible(np, EXTMEM_COMPATIBLE))
			look_at_region(test, fuzz, np);
		else
			look_at_bus(test, fuzz, np);
	}
}

/* Those that the kernel makes no devices of by itself. */
static void populate_buses(struct fuzz *fuzz)
{
	struct device_node *np;

	for_each_available_child_of_node(fuzz->board->bus, np) {
		struct platform_device *pdev = of_find_device_by_node(np);

		if (pdev && of_device_is_compatible(np, "simple-bus") &&
		    !of_device_is_compatible(np, EXTMEM_COMPATIBLE))
			of_platform_default_populate(np, NULL, &pdev->dev);
		if (pdev)
			put_device(&pdev->dev);
	}
	extmem_driver_settle();
}

/* --- the neighbours --- */

static void expect_stays(struct kunit *test, struct fuzz *fuzz)
{
	u32 out = fuzz->round, in = ~out;
	loff_t pos = USED_AT;

	FUZZ_EXPECT(test, fuzz, kernel_write(fuzz->stays, &out, sizeof(out), &pos) == sizeof(out),
		    "the region that stays cannot be written");
	pos = USED_AT;
	FUZZ_EXPECT(test, fuzz, kernel_read(fuzz->stays, &in, sizeof(in), &pos) == sizeof(in) &&
		    in == out, "the region that stays has %u", in);
	FUZZ_EXPECT(test, fuzz, test_region_is_there(CYCLE_EARLY) &&
		    test_region_is_there(CYCLE_POOLED) && test_region_is_there(CYCLE_POOL),
		    "a neighbour has gone");
}

/* The lowest minor that is free is taken, so that one that is lost makes others grow. */
static dev_t minor_of_next(struct kunit *test, struct fuzz *fuzz)
{
	struct device *dev;
	dev_t devt = 0;
	int id = 0;

	FUZZ_EXPECT(test, fuzz, !cycle_apply(fuzz->board, cycle_region, &id), "no cycle_region");
	extmem_driver_settle();
	dev = class_find_device_by_name(&extmem_class, CYCLE_COMES);
	FUZZ_EXPECT(test, fuzz, dev, "no %s", CYCLE_COMES);
	if (dev)
		devt = dev->devt;
	put_device(dev);
	cycle_remove(test, fuzz->board, &id);
	return devt;
}

/* --- rounds --- */

static int make_tree(struct fuzz *fuzz)
{
	int ret = fdt_open_into(__dtbo_fuzz_extmem_begin, fuzz->tree, TREE_SIZE);

	if (ret)
		return ret;
	mutate_overlay(fuzz->tree, fuzz_seed, fuzz->round);
	return fdt_pack(fuzz->tree);
}

static void round_of(struct kunit *test, struct fuzz *fuzz)
{
	int ret, id = 0;

	KUNIT_ASSERT_EQ(test, 0, make_tree(fuzz));
	fuzz->log_start = test_log_start();
	ret = cycle_apply_blob(fuzz->board, fuzz->tree, fdt_totalsize(fuzz->tree), &id);
	if (ret) {
		fuzz->refused_overlays++;
	} else {
		populate_buses(fuzz);
		look_at_bus(test, fuzz, fuzz->board->bus);
	}
	expect_stays(test, fuzz);
	if (id)
		cycle_remove(test, fuzz->board, &id);
	extmem_driver_settle();
	cycle_expect_as_before(test, fuzz->board);
	expect_stays(test, fuzz);
}

static struct fuzz *start(struct kunit *test)
{
	struct fuzz *fuzz = kunit_kzalloc(test, sizeof(*fuzz), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fuzz);
	fuzz->tree = kunit_kzalloc(test, TREE_SIZE, GFP_KERNEL);
	fuzz->line = kunit_kzalloc(test, LINE_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, fuzz->tree);
	KUNIT_ASSERT_NOT_NULL(test, fuzz->line);
	test_serve_by_sim(test);
	fuzz->board = cycle_board_new(test, CYCLE_SIM);
	fuzz->stays = test_open_device(test, fuzz->board->dev, CYCLE_STAYS, O_RDWR);
	/* A file that is open holds the region. */
	fuzz->board->before.stays = kref_read(&fuzz->board->stays->dev.kobj.kref);
	return fuzz;
}

/* The number of a case, from 1 on. */
static const void *next_case(const void *prev, char *desc)
{
	unsigned long number = (unsigned long)prev + 1;

	if ((number - 1) * IN_A_CASE >= fuzz_rounds)
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "from round %lu of seed %u",
		 fuzz_first + (number - 1) * IN_A_CASE, fuzz_seed);
	return (const void *)number;
}

/* Catches: whatever no author of a tree has thought of. */
static void fuzz_trees_test(struct kunit *test)
{
	unsigned long done = ((unsigned long)test->param_value - 1) * IN_A_CASE;
	unsigned int i, count = min_t(unsigned long, IN_A_CASE, fuzz_rounds - done);
	struct fuzz *fuzz = start(test);
	dev_t minor = minor_of_next(test, fuzz);

	for (i = 0; i < count; i++) {
		fuzz->round = fuzz_first + done + i;
		round_of(test, fuzz);
	}
	FUZZ_EXPECT(test, fuzz, minor_of_next(test, fuzz) == minor, "a minor is lost");
	kunit_info(test, "%u overlays, %u not applied; %u regions and %u partitions were there, %u were refused, %u wait\n",
		   count, fuzz->refused_overlays, fuzz->regions, fuzz->partitions, fuzz->refusals,
		   fuzz->waiting);
	/* Or it has shown nothing. */
	if (count == IN_A_CASE) {
		KUNIT_EXPECT_GT(test, fuzz->regions, 4 * count);
		KUNIT_EXPECT_GT(test, fuzz->refusals, count / 4);
		KUNIT_EXPECT_LT(test, fuzz->refused_overlays, count / 2);
	}
}

static struct kunit_case fuzz_test_cases[] = {
	KUNIT_CASE_PARAM_ATTR(fuzz_trees_test, next_case, { .speed = KUNIT_SPEED_SLOW }),
	{}
};

static struct kunit_suite fuzz_suite = {
	.name = "extmem_fuzz",
	.test_cases = fuzz_test_cases,
};

kunit_test_suite(fuzz_suite);
