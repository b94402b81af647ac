// SPDX-License-Identifier: GPL-2.0
/*
 * The facts of a region in sysfs, read as user space reads them.
 */
#include <kunit/test.h>

#include <linux/device.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include "fake_backend.h"
#include "fixture.h"

#define PART_NAME TEST_NAME ".part"

struct sysfs_context {
	struct fake_backend *fake;
	struct device *owner;
	struct vfsmount *sysfs;
	struct extmem_desc desc;
};

static int sysfs_test_init(struct kunit *test)
{
	struct sysfs_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	ctx->fake = fake_backend_new(test);
	ctx->owner = test_owner(test);
	ctx->sysfs = test_mount(test, "sysfs");
	ctx->desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_WRITE_COMBINE);
	test->priv = ctx;
	return 0;
}

static struct extmem_region *add(struct kunit *test)
{
	struct sysfs_context *ctx = test->priv;

	return test_region(test, ctx->owner, &ctx->desc, &ctx->fake->backend);
}

static void expect_text(struct kunit *test, const char *region, const char *attr,
			const char *text)
{
	struct sysfs_context *ctx = test->priv;
	char path[96], buf[64];
	ssize_t len;

	snprintf(path, sizeof(path), "class/extmem/%s/%s", region, attr);
	len = test_read(ctx->sysfs, path, buf, sizeof(buf));
	KUNIT_EXPECT_GT_MSG(test, len, 0, "%s", path);
	if (len > 0)
		KUNIT_EXPECT_STREQ_MSG(test, buf, text, "%s", path);
}

static struct file *open_attr(struct kunit *test, const char *attr)
{
	struct sysfs_context *ctx = test->priv;
	char path[96];

	snprintf(path, sizeof(path), "class/extmem/" TEST_NAME "/%s", attr);
	return test_open(ctx->sysfs, path, O_RDONLY);
}

/* Catches: a file that is missing, or another file's value or format. */
static void sysfs_has_every_fact(struct kunit *test)
{
	add(test);
	expect_text(test, TEST_NAME, "type", "ram\n");
	expect_text(test, TEST_NAME, "cache_policy", "write-combine\n");
	expect_text(test, TEST_NAME, "backend", FAKE_NAME "\n");
	expect_text(test, TEST_NAME, "access", "rw\n");
	expect_text(test, TEST_NAME, "phys_addr", "0xd8000000\n");
	expect_text(test, TEST_NAME, "numa_node", "-1\n");
	expect_text(test, TEST_NAME, "open_count", "0\n");
	expect_text(test, TEST_NAME, "state", "ready\n");
}

/* Catches: a size that is decimal, of the desc's, or cut to 32 bits. */
static void sysfs_size_has_64_bits(struct kunit *test)
{
	struct sysfs_context *ctx = test->priv;

	ctx->desc.base = TEST_HUGE_BASE;
	ctx->desc.size = TEST_HUGE_SIZE;
	add(test);
	expect_text(test, TEST_NAME, "size", "0x10000000000\n");
}

struct name_case {
	int value;
	const char *name;
};

static void name_to_desc(const struct name_case *param, char *desc)
{
	strscpy(desc, param->name, KUNIT_PARAM_DESC_SIZE);
}

static const struct name_case types[] = {
	{ EXTMEM_MMIO, "mmio" },
	{ EXTMEM_RAM, "ram" },
	{ EXTMEM_ROM, "rom" },
	{ EXTMEM_NVRAM, "nvram" },
	{ EXTMEM_CMA, "cma" },
};

KUNIT_ARRAY_PARAM(type, types, name_to_desc);

/* Catches: two types of the uAPI's enum that are swapped in the text. */
static void sysfs_type(struct kunit *test)
{
	const struct name_case *param = test->param_value;
	struct sysfs_context *ctx = test->priv;
	char text[32];

	ctx->desc.type = param->value;
	add(test);
	snprintf(text, sizeof(text), "%s\n", param->name);
	expect_text(test, TEST_NAME, "type", text);
}

static const struct name_case policies[] = {
	{ EXTMEM_UNCACHED, "uncached" },
	{ EXTMEM_WRITE_COMBINE, "write-combine" },
	{ EXTMEM_WRITE_THROUGH, "write-through" },
	{ EXTMEM_WRITE_BACK, "write-back" },
};

KUNIT_ARRAY_PARAM(policy, policies, name_to_desc);

/* Catches: two policies of the uAPI's enum that are swapped in the text. */
static void sysfs_cache_policy(struct kunit *test)
{
	const struct name_case *param = test->param_value;
	struct sysfs_context *ctx = test->priv;
	char text[32];

	ctx->desc.policy = param->value;
	add(test);
	snprintf(text, sizeof(text), "%s\n", param->name);
	expect_text(test, TEST_NAME, "cache_policy", text);
}

/* Catches: read-only memory that is said to be writable. */
static void sysfs_access_of_read_only(struct kunit *test)
{
	struct sysfs_context *ctx = test->priv;

	ctx->desc.read_only = true;
	add(test);
	expect_text(test, TEST_NAME, "access", "ro\n");
}

/* Catches: the facts of the root where those of the partition are asked for. */
static void sysfs_of_partition(struct kunit *test)
{
	char text[32];

	test_partition(test, add(test), PART_NAME, 2 * PAGE_SIZE, 64);
	expect_text(test, PART_NAME, "size", "0x40\n");
	expect_text(test, PART_NAME, "backend", FAKE_NAME "\n");
	expect_text(test, PART_NAME, "type", "ram\n");
	expect_text(test, PART_NAME, "state", "ready\n");
	snprintf(text, sizeof(text), "%#llx\n", TEST_BASE + 2 * PAGE_SIZE);
	expect_text(test, PART_NAME, "phys_addr", text);
}

/* Catches: an invented address of memory that has none. */
static void sysfs_hides_an_address_that_is_none(struct kunit *test)
{
	struct sysfs_context *ctx = test->priv;
	struct file *file;

	ctx->fake->no_address = true;
	test_partition(test, add(test), PART_NAME, 0, 64);
	file = open_attr(test, "phys_addr");
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(file), -ENOENT);
	file = test_open(ctx->sysfs, "class/extmem/" PART_NAME "/phys_addr", O_RDONLY);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(file), -ENOENT);
	expect_text(test, TEST_NAME, "type", "ram\n");
}

static umode_t mode_of(struct kunit *test, const char *attr)
{
	struct file *file = open_attr(test, attr);
	umode_t mode;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	mode = file_inode(file)->i_mode & 0777;
	__fput_sync(file);
	return mode;
}

/* Catches: a physical address that everybody may read, and a fact that root alone may. */
static void sysfs_modes(struct kunit *test)
{
	add(test);
	KUNIT_EXPECT_EQ(test, mode_of(test, "phys_addr"), 0400);
	KUNIT_EXPECT_EQ(test, mode_of(test, "size"), 0444);
	KUNIT_EXPECT_EQ(test, mode_of(test, "cache_policy_effective"), 0444);
}

/* Catches: a count that does not follow the files. */
static void sysfs_open_count(struct kunit *test)
{
	struct vfsmount *dev = test_mount(test, "devtmpfs");
	struct file *file;

	add(test);
	file = test_open(dev, "extmem/" TEST_NAME, O_RDONLY);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	expect_text(test, TEST_NAME, "open_count", "1\n");
	__fput_sync(file);
	expect_text(test, TEST_NAME, "open_count", "0\n");
}

static bool can_tell_attributes(void)
{
	return IS_ENABLED(CONFIG_ARM64) || IS_ENABLED(CONFIG_ARM) ||
	       (IS_ENABLED(CONFIG_X86) && !IS_ENABLED(CONFIG_UML)) ||
	       (IS_ENABLED(CONFIG_RISCV) && IS_ENABLED(CONFIG_64BIT));
}

/*
 * Catches: an effective attribute that is the policy by another name. The fake maps
 * write-back whatever it is asked for.
 */
static void sysfs_effective_differs_from_policy(struct kunit *test)
{
	const char *truth = can_tell_attributes() ? "write-back\n" : "unknown\n";
	struct extmem_region *region = add(test);
	struct iosys_map view;

	expect_text(test, TEST_NAME, "cache_policy", "write-combine\n");
	expect_text(test, TEST_NAME, "cache_policy_effective", truth);

	KUNIT_ASSERT_EQ(test, 0, extmem_region_view(region, &view));
	expect_text(test, TEST_NAME, "cache_policy_effective", truth);
}

/* Catches: an effective attribute that is "write-back" whatever is mapped. */
static void sysfs_effective_follows_the_mapping(struct kunit *test)
{
	pgprot_t write_combine = pgprot_writecombine(PAGE_KERNEL);
	struct sysfs_context *ctx = test->priv;

	if (!can_tell_attributes())
		kunit_skip(test, "the attribute of a mapping cannot be read here");
	if (pgprot_val(write_combine) == pgprot_val(PAGE_KERNEL))
		kunit_skip(test, "this CPU has no write-combining mapping");
	ctx->fake->prot = write_combine;
	ctx->desc.policy = EXTMEM_WRITE_BACK;
	add(test);
	expect_text(test, TEST_NAME, "cache_policy", "write-back\n");
	expect_text(test, TEST_NAME, "cache_policy_effective", "write-combine\n");
}

/* Catches: a fact that is made up when nothing could be mapped. */
static void sysfs_effective_of_no_mapping(struct kunit *test)
{
	struct sysfs_context *ctx = test->priv;

	ctx->fake->map_error = -ENOMEM;
	add(test);
	expect_text(test, TEST_NAME, "cache_policy_effective", "unknown\n");
}

static struct device_attribute *find_attr(struct kunit *test, const char *name)
{
	struct attribute **attr;

	for (attr = extmem_region_groups[0]->attrs; *attr; attr++)
		if (!strcmp((*attr)->name, name))
			return container_of(*attr, struct device_attribute, attr);
	KUNIT_FAIL_AND_ABORT(test, "no attribute %s", name);
	return NULL;
}

/* Catches: a reader who came just before unbind, and touches the backend after it. */
static void sysfs_behind_a_closed_gate(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct device *dev = get_device(&region->dev);
	char *buf = (char *)get_zeroed_page(GFP_KERNEL);
	static const char * const gated[] = { "backend", "cache_policy_effective" };
	int i;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	test_region_remove(test, region);
	for (i = 0; i < ARRAY_SIZE(gated); i++) {
		struct device_attribute *attr = find_attr(test, gated[i]);

		KUNIT_EXPECT_EQ(test, attr->show(dev, attr, buf), -ENODEV);
	}
	find_attr(test, "state")->show(dev, NULL, buf);
	KUNIT_EXPECT_STREQ(test, buf, "removed\n");
	put_device(dev);
	free_page((unsigned long)buf);
}

/* Catches: an open sysfs file that still answers, or crashes, when its region is gone. */
static void sysfs_file_open_over_removal(struct kunit *test)
{
	struct extmem_region *region = add(test);
	struct file *file = open_attr(test, "cache_policy_effective");
	loff_t pos = 0;
	char buf[32];

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	test_region_remove(test, region);
	KUNIT_EXPECT_EQ(test, kernel_read(file, buf, sizeof(buf), &pos), -ENODEV);
	__fput_sync(file);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(open_attr(test, "type")), -ENOENT);
}

static struct kunit_case sysfs_cases[] = {
	KUNIT_CASE(sysfs_has_every_fact),
	KUNIT_CASE(sysfs_size_has_64_bits),
	KUNIT_CASE_PARAM(sysfs_type, type_gen_params),
	KUNIT_CASE_PARAM(sysfs_cache_policy, policy_gen_params),
	KUNIT_CASE(sysfs_access_of_read_only),
	KUNIT_CASE(sysfs_of_partition),
	KUNIT_CASE(sysfs_hides_an_address_that_is_none),
	KUNIT_CASE(sysfs_modes),
	KUNIT_CASE(sysfs_open_count),
	KUNIT_CASE(sysfs_effective_differs_from_policy),
	KUNIT_CASE(sysfs_effective_follows_the_mapping),
	KUNIT_CASE(sysfs_effective_of_no_mapping),
	KUNIT_CASE(sysfs_behind_a_closed_gate),
	KUNIT_CASE(sysfs_file_open_over_removal),
	{}
};

static struct kunit_suite sysfs_suite = {
	.name = "extmem_sysfs",
	.init = sysfs_test_init,
	.test_cases = sysfs_cases,
};

kunit_test_suite(sysfs_suite);
