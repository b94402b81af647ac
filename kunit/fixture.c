// SPDX-License-Identifier: GPL-2.0
/*
 * What the suites have in common: see the header.
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kmsg_dump.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>

#include "fixture.h"

const struct extmem_machine test_machine = {
	.policies = BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_COMBINE) |
		    BIT(EXTMEM_WRITE_THROUGH) | BIT(EXTMEM_WRITE_BACK),
	.nonposted = true,
	.page_size = PAGE_SIZE,
	.last_address = U64_MAX,
};

struct extmem_desc test_desc(const char *name, u64 base, u64 size,
			     enum extmem_policy policy)
{
	struct extmem_desc desc = {
		.node = "/extmem-test",
		.base = base,
		.size = size,
		.type = EXTMEM_RAM,
		.policy = policy,
		.numa_node = -1,
	};

	strscpy(desc.name, name);
	return desc;
}

static void unregister_device(void *dev)
{
	root_device_unregister(dev);
}

static struct device *new_device(struct kunit *test, const char *name)
{
	struct device *dev = root_device_register(name);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unregister_device, dev), 0);
	return dev;
}

/*
 * A device that claims and allocates for the regions, and that no driver wants. Not
 * KUnit's own: their name stays taken under CONFIG_DEBUG_KOBJECT_RELEASE.
 */
struct device *test_owner(struct kunit *test)
{
	return new_device(test, "extmem-test-owner");
}

struct device *test_second_owner(struct kunit *test)
{
	return new_device(test, "extmem-test-second");
}

static void put_backend(void *backend)
{
	extmem_backend_put(backend);
}

struct extmem_backend *test_backend(struct kunit *test, struct device *owner,
				    const char *name)
{
	struct extmem_backend *backend = extmem_backend_get(owner, name, NULL);

	if (IS_ERR(backend))
		kunit_skip(test, "this kernel has no backend \"%s\"", name);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_backend, backend), 0);
	return backend;
}

static void remove_region(void *region)
{
	extmem_region_remove(region);
}

/* Serves nodes with OVERLAY_COMPATIBLE with pages that sim provides. */
void test_serve_by_sim(struct kunit *test)
{
	struct extmem_backend *sim = test_backend(test, test_owner(test), "sim");
	struct extmem_backend *backend = kunit_kzalloc(test, sizeof(*backend), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, backend);
	backend->name = "test-sim";
	backend->compatible = OVERLAY_COMPATIBLE;
	backend->ops = sim->ops;
	test_register(test, backend, NULL);
}

struct extmem_region *test_region_try(struct kunit *test, struct device *owner,
				      const struct extmem_desc *desc,
				      struct extmem_backend *backend)
{
	struct extmem_verdict verdict = {};
	struct extmem_region *region;

	region = extmem_region_add(owner, desc, &test_machine, backend, &verdict);
	if (IS_ERR(region))
		return region;
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, remove_region, region), 0);
	return region;
}

struct extmem_region *test_region(struct kunit *test, struct device *owner,
				  const struct extmem_desc *desc,
				  struct extmem_backend *backend)
{
	struct extmem_region *region = test_region_try(test, owner, desc, backend);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, region);
	return region;
}

void test_region_remove(struct kunit *test, struct extmem_region *region)
{
	kunit_release_action(test, remove_region, region);
}

bool test_region_is_there(const char *name)
{
	struct device *dev = class_find_device_by_name(&extmem_class, name);

	put_device(dev);
	return dev;
}

struct extmem_region *test_partition(struct kunit *test, struct extmem_region *root,
				     const char *name, u64 offset, u64 size)
{
	struct extmem_desc desc = test_desc(name, offset, size, root->desc.policy);
	struct extmem_verdict verdict = {};

	desc.type = root->desc.type;
	KUNIT_ASSERT_EQ(test, 0,
			extmem_partition_add(root, &desc, &test_machine, &verdict));
	return list_last_entry(&root->partitions, struct extmem_region, sibling);
}

/* As sysfs has them, for messages that one can read. */
const char *test_attr_name(enum extmem_effective attr)
{
	static const char * const names[] = {
		[EXTMEM_EFFECTIVE_UNKNOWN] = "unknown",
		[EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED] = "uncached-nonposted",
		[EXTMEM_EFFECTIVE_UNCACHED] = "uncached",
		[EXTMEM_EFFECTIVE_WRITE_COMBINE] = "write-combine",
		[EXTMEM_EFFECTIVE_WRITE_THROUGH] = "write-through",
		[EXTMEM_EFFECTIVE_WRITE_BACK] = "write-back",
	};

	return names[attr];
}

static void unregister(void *backend)
{
	extmem_backend_unregister(backend);
}

void test_register(struct kunit *test, struct extmem_backend *backend,
		   struct module *module)
{
	KUNIT_ASSERT_EQ(test, 0, __extmem_backend_register(backend, module));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unregister, backend));
}

void test_unregister(struct kunit *test, struct extmem_backend *backend)
{
	kunit_release_action(test, unregister, backend);
}

/* The devices of the test's overlay come, those that wait for another of them, too. */
void test_populate(struct kunit *test)
{
	struct device_node *bus = of_find_node_by_name(NULL, "extmem-test-bus");

	KUNIT_ASSERT_NOT_NULL(test, bus);
	KUNIT_EXPECT_EQ(test, 0, of_platform_default_populate(bus, NULL, NULL));
	of_node_put(bus);
	extmem_driver_settle();
}

/* Brings fake_region.dtso to life until the test ends. */
void test_apply_overlay(struct kunit *test)
{
	extmem_driver_settle();
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, fake_region));
	test_populate(test);
}

static void give_back(void *data)
{
	struct test_board_region *taken = data;

	if (device_attach(taken->owner) != 1)
		pr_err("extmem: the board's region %s did not come back\n",
		       taken->desc.name);
	put_device(taken->owner);
}

static bool tree_has(const char *name)
{
	struct device_node *np;

	for_each_compatible_node(np, NULL, EXTMEM_COMPATIBLE) {
		if (of_property_match_string(np, "label", name) == 0) {
			of_node_put(np);
			return true;
		}
	}
	return false;
}

/**
 * test_find_on_board() - a region of the board's
 * @test: the test, which is skipped where there is no such board, and fails where
 *	the board's region has not come up
 * @name: its label; configs/boards has the DTS
 *
 * Return: its device, to be put.
 */
struct device *test_find_on_board(struct kunit *test, const char *name)
{
	struct device *dev;

	if (!tree_has(name))
		kunit_skip(test, "no region \"%s\" here: needs a board's DTB", name);
	dev = class_find_device_by_name(&extmem_class, name);
	KUNIT_ASSERT_NOT_NULL_MSG(test, dev, "the board's region %s is missing", name);
	return dev;
}

/**
 * test_take_from_board() - have real memory to play with
 * @test: as of test_find_on_board(); skipped, too, if the board is simulated
 * @name: as of test_find_on_board()
 *
 * Return: where the memory is. The region comes back when the test ends.
 */
const struct test_board_region *test_take_from_board(struct kunit *test, const char *name)
{
	struct device *dev = test_find_on_board(test, name);
	struct test_board_region *taken;
	struct extmem_region *region;

	region = to_extmem_region(dev);
	if (region->base == EXTMEM_NO_ADDRESS) {
		put_device(dev);
		kunit_skip(test, "the region \"%s\" is simulated", name);
	}
	taken = kunit_kzalloc(test, sizeof(*taken), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, taken);
	taken->desc = region->desc;
	taken->desc.node = kunit_kstrdup(test, region->desc.node, GFP_KERNEL);
	taken->desc.reserved_by = kunit_kstrdup(test, region->desc.reserved_by, GFP_KERNEL);
	taken->owner = get_device(region->owner);
	put_device(dev);
	device_release_driver(taken->owner);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, give_back, taken), 0);
	KUNIT_ASSERT_FALSE(test, test_region_is_there(name));
	return taken;
}

static void unmount(void *mnt)
{
	kern_unmount(mnt);
}

/* Nothing is mounted while KUnit runs, so a test mounts what it reads. */
struct vfsmount *test_mount(struct kunit *test, const char *fs)
{
	struct file_system_type *type = get_fs_type(fs);
	struct vfsmount *mnt;

	if (!type)
		kunit_skip(test, "this kernel has no %s", fs);
	mnt = kern_mount(type);
	module_put(type->owner);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mnt);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unmount, mnt), 0);
	return mnt;
}

/* To be closed by __fput_sync(): a test has no return to user space. */
struct file *test_open(struct vfsmount *mnt, const char *path, int flags)
{
	return file_open_root_mnt(mnt, path, flags, 0);
}

/* The test's thread may be about to end still, and its mappings with it. */
static void close_device(void *data)
{
	struct file *file = data;
	int tries = 1000;

	while (mapping_mapped(file->f_mapping) && tries--)
		msleep(20);
	__fput_sync(file);
}

/**
 * test_open_device() - open a region
 * @test: the test
 * @dev: a devtmpfs of test_mount()
 * @name: of the region
 * @flags: of open()
 *
 * Return: the file, which is closed when the test ends and has none of its mappings any
 * more: UML complains when a mapping is taken away at the time that its program ends.
 */
struct file *test_open_device(struct kunit *test, struct vfsmount *dev, const char *name,
			      int flags)
{
	char path[EXTMEM_NAME_SIZE + 8];
	struct file *file;

	snprintf(path, sizeof(path), "extmem/%s", name);
	file = test_open(dev, path, flags);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, close_device, file));
	return file;
}

/* Where a user of the test's has a file's bytes. */
unsigned long test_map(struct kunit *test, struct file *file, unsigned long prot,
		       unsigned long offset, unsigned long size)
{
	unsigned long addr = kunit_vm_mmap(test, file, 0, size, prot, MAP_SHARED, offset);

	KUNIT_ASSERT_NE(test, addr, 0);
	KUNIT_ASSERT_FALSE_MSG(test, IS_ERR_VALUE(addr), "%ld", (long)addr);
	return addr;
}

/**
 * test_read() - what a file says
 * @mnt: its file system
 * @path: in there
 * @buf: filled, with a NUL at the end
 * @size: of @buf
 *
 * Return: the number of bytes, or a negative errno.
 */
ssize_t test_read(struct vfsmount *mnt, const char *path, char *buf, size_t size)
{
	struct file *file = test_open(mnt, path, O_RDONLY);
	ssize_t len, done = 0;
	loff_t pos = 0;

	if (IS_ERR(file))
		return PTR_ERR(file);
	do {
		len = kernel_read(file, buf + done, size - 1 - done, &pos);
		if (len > 0)
			done += len;
	} while (len > 0 && done < size - 1);
	__fput_sync(file);
	buf[done] = '\0';
	return len < 0 ? len : done;
}

/* The line of a region in /proc/iomem. */
bool test_iomem_has(struct kunit *test, const struct extmem_region *region)
{
	struct vfsmount *proc = test_mount(test, "proc");
	const size_t size = SZ_64K;
	char line[EXTMEM_NAME_SIZE + 64];
	char *text = kunit_kzalloc(test, size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_ASSERT_GT(test, test_read(proc, "iomem", text, size), 0);
	snprintf(line, sizeof(line), "%08llx-%08llx : %s\n", region->desc.base,
		 region->desc.base + region->desc.size - 1, region->desc.name);
	return strstr(text, line);
}

#ifdef CONFIG_TRACEPOINTS
struct listener {
	const char *event;
	struct tracepoint *tracepoint;
	void *probe;
	void *data;
};

static void find_tracepoint(struct tracepoint *tracepoint, void *data)
{
	struct listener *listener = data;

	if (!strcmp(tracepoint->name, listener->event))
		listener->tracepoint = tracepoint;
}

static void stop_listening(void *data)
{
	struct listener *listener = data;

	tracepoint_probe_unregister(listener->tracepoint, listener->probe, listener->data);
	tracepoint_synchronize_unregister();
}

/**
 * test_listen() - have a probe be told of an event of the kernel's until the test ends
 * @test: the test, which is skipped where the kernel has no such event
 * @event: its name
 * @probe: a function of @data and of what the event is declared with
 * @data: for it
 *
 * By name, for modules cannot link to most of them.
 */
void test_listen(struct kunit *test, const char *event, void *probe, void *data)
{
	struct listener *listener = kunit_kzalloc(test, sizeof(*listener), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, listener);
	*listener = (struct listener){ .event = event, .probe = probe, .data = data };
	for_each_kernel_tracepoint(find_tracepoint, listener);
	if (!listener->tracepoint)
		kunit_skip(test, "this kernel has no event %s", event);
	KUNIT_ASSERT_EQ(test, 0,
			tracepoint_probe_register(listener->tracepoint, probe, data));
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, stop_listening, listener));
}
#else
void test_listen(struct kunit *test, const char *event, void *probe, void *data)
{
	kunit_skip(test, "this kernel has no event %s: CONFIG_TRACEPOINTS", event);
}
#endif

static void on_kmalloc(void *data, unsigned long call_site, const void *ptr,
		       size_t bytes_req, size_t bytes_alloc, gfp_t gfp, int node)
{
	struct test_charges *charges = data;
	unsigned int i = charges->count % ARRAY_SIZE(charges->allocations);

	if (current != charges->task || !in_task())
		return;
	charges->allocations[i].ptr = ptr;
	charges->allocations[i].charged = gfp & __GFP_ACCOUNT;
	charges->count++;
}

/* Skips the test where the kernel does not tell of what is allocated. */
struct test_charges *test_watch_charges(struct kunit *test)
{
	struct test_charges *charges = kunit_kzalloc(test, sizeof(*charges), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, charges);
	charges->task = current;
	test_listen(test, "kmalloc", on_kmalloc, charges);
	return charges;
}

/* Whether it was allocated by the test's thread of late, at the thread's expense. */
void test_expect_charged(struct kunit *test, const struct test_charges *charges,
			 const void *ptr)
{
	unsigned int i = charges->count, room = ARRAY_SIZE(charges->allocations);

	while (i-- && charges->count - i <= room) {
		if (charges->allocations[i % room].ptr != ptr)
			continue;
		KUNIT_EXPECT_TRUE(test, charges->allocations[i % room].charged);
		return;
	}
	KUNIT_FAIL(test, "it was not allocated");
}

/* Where the kernel's log ends now. */
u64 test_log_start(void)
{
	struct kmsg_dump_iter iter;

	kmsg_dump_rewind(&iter);
	return iter.next_seq;
}

/* The lines since then that have a text. */
int test_log_count(u64 start, const char *text)
{
	struct kmsg_dump_iter iter;
	static char line[1024];
	int count = 0;
	size_t len;

	kmsg_dump_rewind(&iter);
	iter.cur_seq = max(iter.cur_seq, start);
	while (kmsg_dump_get_line(&iter, false, line, sizeof(line) - 1, &len)) {
		line[len] = '\0';
		if (strstr(line, text))
			count++;
	}
	return count;
}

/* Whether that has been said since then, once. */
void test_expect_said(struct kunit *test, u64 start, const char *text)
{
	KUNIT_EXPECT_EQ_MSG(test, 1, test_log_count(start, text), "%s", text);
}
