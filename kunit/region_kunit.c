// SPDX-License-Identifier: GPL-2.0
/*
 * A region from its birth to its last reference, and its gate, on a fake backend.
 */
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/sizes.h>

#include "fake_backend.h"
#include "fixture.h"

#define PART_NAME	TEST_NAME ".part"
#define PART_OFFSET	(4 * PAGE_SIZE + 64)
#define PART_SIZE	PAGE_SIZE

struct region_context {
	struct fake_backend *fake;
	struct device *owner;
	struct extmem_desc desc;
};

static int region_init(struct kunit *test)
{
	struct region_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->fake = fake_backend_new(test);
	ctx->owner = test_owner(test);
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_BACK);
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct region_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, &ctx->fake->backend);
}

static struct extmem_region *try_add(struct kunit *test, const struct extmem_desc *desc)
{
	struct region_context *ctx = test->priv;

	return test_region_try(test, ctx->owner, desc, &ctx->fake->backend);
}

static void expect_calls(struct kunit *test, const char *calls)
{
	struct region_context *ctx = test->priv;

	fake_backend_expect(test, ctx->fake, calls);
}

static void *view_of(struct kunit *test, struct extmem_region *region)
{
	struct iosys_map view;

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	KUNIT_ASSERT_FALSE(test, view.is_iomem);
	return view.vaddr;
}

/* Catches: a mapping that is made at probe, so that a large region is slow to probe. */
static void region_is_added_without_a_mapping(struct kunit *test)
{
	add(test);
	KUNIT_EXPECT_TRUE(test, test_region_is_there(TEST_NAME));
	expect_calls(test, "attach,");
}

/* Catches: a mapping for each who asks, or one of a part of the region. */
static void region_view_is_made_once(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	void *first = view_of(test, region);

	KUNIT_EXPECT_PTR_EQ(test, view_of(test, region), first);
	expect_calls(test, "attach,map,");
	KUNIT_EXPECT_EQ(test, ctx->fake->records[1].offset, 0);
	KUNIT_EXPECT_EQ(test, ctx->fake->records[1].size, TEST_SIZE);
	memset(first, 0x5a, TEST_SIZE);
}

/* Catches: a partition with a mapping of its own, or without its offset. */
static void region_view_is_shared_with_partitions(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct extmem_region *part = test_partition(test, region, PART_NAME,
						    PART_OFFSET, PART_SIZE);
	void *of_part = view_of(test, part);

	KUNIT_EXPECT_PTR_EQ(test, of_part, view_of(test, region) + PART_OFFSET);
	expect_calls(test, "attach,map,");
}

/* Catches: a failed map() that is taken for a view, and unmapped at the end. */
static void region_view_can_be_tried_again(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct iosys_map view;

	ctx->fake->map_error = -EIO;
	KUNIT_EXPECT_EQ(test, extmem_region_view(region, &view), -EIO);
	ctx->fake->map_error = 0;
	view_of(test, region);
	test_region_remove(test, region);
	expect_calls(test, "attach,map,map,unmap,detach,");
}

/* Catches: unmap() of a view that could never be made. */
static void region_without_a_view_is_removed(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_region *region = add(test);
	struct iosys_map view;

	ctx->fake->map_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, extmem_region_view(region, &view), -ENOMEM);
	test_region_remove(test, region);
	expect_calls(test, "attach,map,detach,");
}

/* Catches: a pool that is mapped as though it had a buffer. */
static void region_pool_has_no_view(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct iosys_map view;

	ctx->desc.type = EXTMEM_CMA;
	KUNIT_EXPECT_EQ(test, extmem_region_view(add(test), &view), -ENXIO);
	expect_calls(test, "attach,");
}

/* Catches: a u64 size that is cut to 32 bits, and a view of what is left of it. */
static void region_too_large_for_a_view(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct iosys_map view;

	if (sizeof(size_t) > 4)
		kunit_skip(test, "no region is larger than size_t here");
	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = SZ_4G + PAGE_SIZE;
	KUNIT_EXPECT_EQ(test, extmem_region_view(add(test), &view), -EFBIG);
	expect_calls(test, "attach,");
}

/* Catches: a cost of add, sysfs or remove that depends on the size. */
static void region_of_1_tib_is_cheap(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_region *region, *part;

	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = TEST_HUGE_SIZE;
	region = add(test);
	part = test_partition(test, region, PART_NAME, ctx->desc.size - PAGE_SIZE,
			      PAGE_SIZE);
	extmem_region_attr(region);
	extmem_region_attr(part);
	test_region_remove(test, region);
	expect_calls(test, "attach,map,unmap,map,unmap,detach,");
	KUNIT_EXPECT_EQ(test, ctx->fake->records[1].size, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ctx->fake->records[3].size, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ctx->fake->records[3].offset, TEST_HUGE_SIZE - PAGE_SIZE);
}

/* Catches: an attribute that is measured on something else than the view. */
static void region_attr_is_measured_on_the_view(struct kunit *test)
{
	struct extmem_region *region = add(test);

	view_of(test, region);
	extmem_region_attr(region);
	expect_calls(test, "attach,map,");
}

/* Catches: reading the attribute of an address that nobody mapped. */
static void region_attr_without_a_mapping(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_region *region = add(test);

	ctx->fake->map_error = -ENOMEM;
	KUNIT_EXPECT_EQ(test, extmem_region_attr(region), EXTMEM_EFFECTIVE_UNKNOWN);
	test_region_remove(test, region);
	expect_calls(test, "attach,map,detach,");
}

/* Catches: map() of a page that reaches beyond the last byte of a region. */
static void region_attr_of_less_than_a_page(struct kunit *test)
{
	struct region_context *ctx = test->priv;

	ctx->desc.size = PAGE_SIZE + 16;
	extmem_region_attr(test_partition(test, add(test), PART_NAME,
					  PAGE_SIZE + 8, 8));
	expect_calls(test, "attach,map,unmap,");
	KUNIT_EXPECT_EQ(test, ctx->fake->records[1].offset, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, ctx->fake->records[1].size, 16);
}

/* Catches: memory given back while it is mapped, or before the gate is closed. */
static void region_is_taken_apart_in_order(struct kunit *test)
{
	struct extmem_region *region = add(test);

	test_partition(test, region, PART_NAME, PART_OFFSET, PART_SIZE);
	view_of(test, region);
	test_region_remove(test, region);
	expect_calls(test, "attach,map,unmap,detach,");
	KUNIT_EXPECT_FALSE(test, test_region_is_there(TEST_NAME));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(PART_NAME));
}

/* CONFIG_DEBUG_KOBJECT_RELEASE puts some references seconds later. */
static void expect_references(struct kunit *test, struct device *dev, unsigned int count)
{
	int tries = 500;

	while (kref_read(&dev->kobj.kref) != count && tries--)
		msleep(20);
	KUNIT_EXPECT_EQ(test, kref_read(&dev->kobj.kref), count);
}

/* What a failed add must not leave: a name or a range that stays taken, or a device. */
static void expect_add_works_now(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, test_region_is_there(TEST_NAME));
	add(test);
	KUNIT_EXPECT_TRUE(test, test_region_is_there(TEST_NAME));
}

/* Catches: a name, a range or a device that stays when the backend refuses. */
static void region_unwinds_when_attach_fails(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	unsigned int refs = kref_read(&ctx->owner->kobj.kref);

	ctx->fake->attach_error = -EBUSY;
	KUNIT_EXPECT_EQ(test, PTR_ERR(try_add(test, &ctx->desc)), -EBUSY);
	expect_calls(test, "attach,");
	expect_references(test, ctx->owner, refs);
	ctx->fake->attach_error = 0;
	expect_add_works_now(test);
}

/* Catches: a backend left attached when the device cannot be made. */
static void region_unwinds_when_its_device_fails(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_verdict verdict = {};
	struct extmem_region *region;
	struct device *owner;

	/* A parent that is not in sysfs lets device_add() fail. */
	owner = root_device_register("extmem-test-lost");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, owner);
	get_device(owner);
	root_device_unregister(owner);
	region = extmem_region_add(owner, &ctx->desc, &test_machine,
				   &ctx->fake->backend, &verdict);
	KUNIT_EXPECT_TRUE(test, IS_ERR(region));
	put_device(owner);
	KUNIT_EXPECT_EQ(test, verdict.err, 0);
	expect_calls(test, "attach,detach,");
	expect_add_works_now(test);
}

/* Catches: an overlap that is found only after the memory was claimed. */
static void region_in_the_way_is_named(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_desc desc = test_desc("extmem-other", TEST_BASE + PAGE_SIZE,
					    TEST_SIZE, EXTMEM_WRITE_BACK);
	struct extmem_verdict verdict = {};
	struct extmem_region *other;

	add(test);
	desc.node = "/extmem-other";
	other = extmem_region_add(ctx->owner, &desc, &test_machine,
				  &ctx->fake->backend, &verdict);
	KUNIT_EXPECT_EQ(test, PTR_ERR(other), -EBUSY);
	KUNIT_EXPECT_EQ(test, verdict.err, -EBUSY);
	KUNIT_EXPECT_NOT_NULL(test, strstr(verdict.message, "overlaps /extmem-test"));
	expect_calls(test, "attach,");
	KUNIT_EXPECT_FALSE(test, test_region_is_there("extmem-other"));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(TEST_NAME));
}

/* Catches: two devices of one name, of which sysfs warns with a back trace. */
static void region_with_a_taken_name_is_refused(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_desc desc = ctx->desc;

	add(test);
	desc.base += TEST_SIZE;
	KUNIT_EXPECT_EQ(test, PTR_ERR(try_add(test, &desc)), -EEXIST);
	expect_calls(test, "attach,");
}

/* Catches: the range of a refused region that stays in the index of addresses. */
static void region_refused_for_its_name_leaves_no_range(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_desc desc = ctx->desc;

	add(test);
	desc.base += TEST_SIZE;
	KUNIT_EXPECT_EQ(test, PTR_ERR(try_add(test, &desc)), -EEXIST);
	strscpy(desc.name, "extmem-other");
	KUNIT_EXPECT_FALSE(test, IS_ERR(try_add(test, &desc)));
}

/* Catches: a copied desc whose strings go with the DT node. */
static void region_keeps_its_own_desc(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	char *node = kstrdup("/extmem-here", GFP_KERNEL);
	char *reserved_by = kstrdup("/reserved-memory/there", GFP_KERNEL);
	struct extmem_region *region;

	ctx->desc.node = node;
	ctx->desc.reserved_by = reserved_by;
	region = add(test);
	kfree(node);
	kfree(reserved_by);
	KUNIT_EXPECT_STREQ(test, region->desc.node, "/extmem-here");
	KUNIT_EXPECT_STREQ(test, region->desc.reserved_by, "/reserved-memory/there");
}

/* Catches: a device that is freed by unbind, or with its root, under a holder. */
static void region_memory_outlives_removal(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct extmem_region *part = test_partition(test, region, PART_NAME,
						    PART_OFFSET, PART_SIZE);

	get_device(&part->dev);
	test_region_remove(test, region);
	KUNIT_EXPECT_STREQ(test, dev_name(&part->dev), PART_NAME);
	KUNIT_EXPECT_STREQ(test, part->root->desc.name, TEST_NAME);
	scoped_class(extmem_gate, gate, part)
		KUNIT_EXPECT_FALSE(test, gate.open);
	put_device(&part->dev);
}

/* Catches: a reference that is never put, so that a region is never freed. */
static void region_is_freed_with_its_last_reference(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	unsigned int refs = kref_read(&ctx->owner->kobj.kref);
	struct extmem_region *region = add(test);
	struct extmem_region *part = test_partition(test, region, PART_NAME,
						    PART_OFFSET, PART_SIZE);

	get_device(&region->dev);
	get_device(&part->dev);
	test_region_remove(test, region);
	/* One of the two is the partition's. */
	expect_references(test, &region->dev, 2);
	expect_references(test, &part->dev, 1);
	put_device(&part->dev);
	expect_references(test, &region->dev, 1);
	put_device(&region->dev);
	expect_references(test, ctx->owner, refs);
}

/* Catches: a gate that stays open after unbind, in a root or in its partition. */
static void region_gate_is_closed_by_removal(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct extmem_region *part = test_partition(test, region, PART_NAME,
						    PART_OFFSET, PART_SIZE);

	scoped_class(extmem_gate, gate, region)
		KUNIT_EXPECT_TRUE(test, gate.open);
	scoped_class(extmem_gate, gate, part)
		KUNIT_EXPECT_TRUE(test, gate.open);
	get_device(&region->dev);
	get_device(&part->dev);
	test_region_remove(test, region);
	scoped_class(extmem_gate, gate, region)
		KUNIT_EXPECT_FALSE(test, gate.open);
	scoped_class(extmem_gate, gate, part)
		KUNIT_EXPECT_FALSE(test, gate.open);
	put_device(&part->dev);
	put_device(&region->dev);
}

/* One who is inside the gate, and one who takes the region away meanwhile. */
struct visit {
	struct extmem_region *region;
	struct extmem_region *root;
	u8 *view;
	bool was_open;
	struct completion inside, leave, removed;
};

static int stay_inside(void *data)
{
	struct visit *visit = data;

	scoped_class(extmem_gate, gate, visit->region) {
		visit->was_open = gate.open;
		complete(&visit->inside);
		wait_for_completion(&visit->leave);
		visit->view[0] = 1;	/* what the gate is for */
	}
	return 0;
}

static int take_away(void *data)
{
	struct visit *visit = data;

	extmem_region_remove(visit->root);
	complete(&visit->removed);
	return 0;
}

static const char * const visited[] = { "root", "partition" };

static void visited_to_desc(const char * const *name, char *desc)
{
	strscpy(desc, *name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(visited, visited, visited_to_desc);

/* Catches: unbind that does not wait, and takes the mapping from who is inside. */
static void region_removal_waits_for_the_gate(struct kunit *test)
{
	const char * const *which = test->param_value;
	struct region_context *ctx = test->priv;
	struct extmem_verdict verdict = {};
	struct task_struct *visitor, *remover;
	struct visit visit = {};

	init_completion(&visit.inside);
	init_completion(&visit.leave);
	init_completion(&visit.removed);
	visit.root = extmem_region_add(ctx->owner, &ctx->desc, &test_machine,
				       &ctx->fake->backend, &verdict);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, visit.root);
	visit.region = visit.root;
	if (!strcmp(*which, "partition"))
		visit.region = test_partition(test, visit.root, PART_NAME,
					      PART_OFFSET, PART_SIZE);
	visit.view = view_of(test, visit.region);

	visitor = kthread_run(stay_inside, &visit, "extmem-inside");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, visitor);
	wait_for_completion(&visit.inside);
	remover = kthread_run(take_away, &visit, "extmem-remove");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, remover);

	KUNIT_EXPECT_TRUE(test, visit.was_open);
	KUNIT_EXPECT_EQ(test, 0, wait_for_completion_timeout(&visit.removed, HZ / 5));
	expect_calls(test, "attach,map,");
	complete(&visit.leave);
	KUNIT_EXPECT_NE(test, 0, wait_for_completion_timeout(&visit.removed, 10 * HZ));
	expect_calls(test, "attach,map,unmap,detach,");
}

/* Catches: two partitions of one window, or of one name. */
static void region_partition_is_refused(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct extmem_desc desc = test_desc("extmem-test.other",
					    PART_OFFSET + PART_SIZE - 1, 1,
					    EXTMEM_WRITE_BACK);
	struct extmem_verdict verdict = {};

	test_partition(test, region, PART_NAME, PART_OFFSET, PART_SIZE);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			extmem_partition_add(region, &desc, &test_machine, &verdict));
	KUNIT_EXPECT_FALSE(test, test_region_is_there("extmem-test.other"));

	desc.base++;
	strscpy(desc.name, PART_NAME);
	KUNIT_EXPECT_EQ(test, -EEXIST,
			extmem_partition_add(region, &desc, &test_machine, &verdict));

	/* What was refused left nothing: the window is free, and so is the name. */
	strscpy(desc.name, "extmem-test.other");
	KUNIT_EXPECT_EQ(test, 0,
			extmem_partition_add(region, &desc, &test_machine, &verdict));
	KUNIT_EXPECT_TRUE(test, test_region_is_there("extmem-test.other"));
}

/* Catches: the address of a partition that is only its offset, or made up. */
static void region_partition_has_an_address(struct kunit *test)
{
	struct extmem_region *part = test_partition(test, add(test), PART_NAME,
						    PART_OFFSET, PART_SIZE);

	KUNIT_EXPECT_EQ(test, part->base, TEST_BASE + PART_OFFSET);
	KUNIT_EXPECT_EQ(test, part->size, PART_SIZE);
}

/* Catches: EXTMEM_NO_ADDRESS plus an offset, which looks like an address. */
static void region_partition_of_no_address_has_none(struct kunit *test)
{
	struct region_context *ctx = test->priv;

	ctx->fake->no_address = true;
	KUNIT_EXPECT_EQ(test, EXTMEM_NO_ADDRESS,
			test_partition(test, add(test), PART_NAME, PART_OFFSET,
				       PART_SIZE)->base);
}

/* Catches: clean-up that works only while the test looks on. */
static void region_goes_with_its_test(struct kunit *test)
{
	struct region_context *ctx = test->priv;
	struct extmem_region *region;
	struct kunit other;

	kunit_init_test(&other, "other", NULL);
	region = test_region(&other, ctx->owner, &ctx->desc, &ctx->fake->backend);
	test_partition(&other, region, PART_NAME, PART_OFFSET, PART_SIZE);
	view_of(&other, region);
	KUNIT_EXPECT_TRUE(test, test_region_is_there(PART_NAME));
	kunit_cleanup(&other);

	KUNIT_EXPECT_EQ(test, other.status, KUNIT_SUCCESS);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(PART_NAME));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(TEST_NAME));
	expect_calls(test, "attach,map,unmap,detach,");
	expect_add_works_now(test);
}

static struct file *open_node(struct kunit *test, const char *name)
{
	return test_open(test_mount(test, "devtmpfs"), name, O_RDWR);
}

/* Catches: a device node that all may use, or that comes only with udev. */
static void region_has_a_device_node(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct file *file = open_node(test, "extmem/" TEST_NAME);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_EXPECT_TRUE(test, S_ISCHR(file_inode(file)->i_mode));
	KUNIT_EXPECT_EQ(test, file_inode(file)->i_mode & 0777, 0600);
	KUNIT_EXPECT_EQ(test, file_inode(file)->i_rdev, region->dev.devt);
	__fput_sync(file);
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, -ENOENT,
			PTR_ERR(open_node(test, "extmem/" TEST_NAME)));
}

/* Catches: a count that misses an open, a close, or whose it is. */
static void region_counts_open_files(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct extmem_region *part = test_partition(test, region, PART_NAME,
						    PART_OFFSET, PART_SIZE);
	struct file *first = open_node(test, "extmem/" TEST_NAME);
	struct file *second = open_node(test, "extmem/" TEST_NAME);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, first);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, second);
	KUNIT_EXPECT_EQ(test, atomic_read(&region->open_count), 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&part->open_count), 0);
	__fput_sync(first);
	KUNIT_EXPECT_EQ(test, atomic_read(&region->open_count), 1);
	__fput_sync(second);
	KUNIT_EXPECT_EQ(test, atomic_read(&region->open_count), 0);
}

/* Catches: an open file whose region is freed by unbind, and an open after it. */
static void region_outlives_removal_in_a_file(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct file *file = open_node(test, "extmem/" TEST_NAME);
	struct cdev *cdev = &region->cdev;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 0, SEEK_END), TEST_SIZE);
	/* Who found the cdev just before it went. */
	KUNIT_EXPECT_EQ(test, -ENODEV, cdev->ops->open(file_inode(file), file));
	KUNIT_EXPECT_EQ(test, atomic_read(&region->open_count), 1);
	__fput_sync(file);
}

/* Catches: a position beyond the end, or SEEK_END that goes by st_size. */
static void region_file_has_a_position(struct kunit *test)
{
	struct file *file;

	add(test);
	file = open_node(test, "extmem/" TEST_NAME);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 0, SEEK_END), TEST_SIZE);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, -4, SEEK_CUR), TEST_SIZE - 4);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 8, SEEK_SET), 8);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, TEST_SIZE + 1, SEEK_SET), -EINVAL);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, -1, SEEK_SET), -EINVAL);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 0, SEEK_DATA), -EINVAL);
	__fput_sync(file);
}

static struct kunit_case region_cases[] = {
	KUNIT_CASE(region_is_added_without_a_mapping),
	KUNIT_CASE(region_view_is_made_once),
	KUNIT_CASE(region_view_is_shared_with_partitions),
	KUNIT_CASE(region_view_can_be_tried_again),
	KUNIT_CASE(region_without_a_view_is_removed),
	KUNIT_CASE(region_pool_has_no_view),
	KUNIT_CASE(region_too_large_for_a_view),
	KUNIT_CASE(region_of_1_tib_is_cheap),
	KUNIT_CASE(region_attr_is_measured_on_the_view),
	KUNIT_CASE(region_attr_without_a_mapping),
	KUNIT_CASE(region_attr_of_less_than_a_page),
	KUNIT_CASE(region_is_taken_apart_in_order),
	KUNIT_CASE(region_unwinds_when_attach_fails),
	KUNIT_CASE(region_unwinds_when_its_device_fails),
	KUNIT_CASE(region_in_the_way_is_named),
	KUNIT_CASE(region_with_a_taken_name_is_refused),
	KUNIT_CASE(region_refused_for_its_name_leaves_no_range),
	KUNIT_CASE(region_keeps_its_own_desc),
	KUNIT_CASE(region_memory_outlives_removal),
	KUNIT_CASE(region_is_freed_with_its_last_reference),
	KUNIT_CASE(region_gate_is_closed_by_removal),
	KUNIT_CASE_PARAM(region_removal_waits_for_the_gate, visited_gen_params),
	KUNIT_CASE(region_partition_is_refused),
	KUNIT_CASE(region_partition_has_an_address),
	KUNIT_CASE(region_partition_of_no_address_has_none),
	KUNIT_CASE(region_goes_with_its_test),
	KUNIT_CASE(region_has_a_device_node),
	KUNIT_CASE(region_counts_open_files),
	KUNIT_CASE(region_outlives_removal_in_a_file),
	KUNIT_CASE(region_file_has_a_position),
	{}
};

static struct kunit_suite region_suite = {
	.name = "extmem_region",
	.init = region_init,
	.test_cases = region_cases,
};

kunit_test_suite(region_suite);
