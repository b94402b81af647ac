// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupts of a region, on a fake controller and a fake backend: what a file that
 * listens is told, what is masked and when, and what is refused. (What an eventfd is told
 * is in the selftests: the kernel has no way to make one.)
 */
#include <kunit/of.h>
#include <kunit/test.h>

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/of.h>
#include <linux/of_platform.h>
#include <linux/platform_device.h>
#include <linux/pm_wakeup.h>
#include <linux/poll.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/extmem.h>

#include "fake_backend.h"
#include "fake_irq.h"
#include "fixture.h"

#define IRQ_REGION	"extmem-irqs"
#define IRQ_PARTITION	IRQ_REGION ".window"
#define IRQ_UNNAMED	"extmem-unnamed"
#define IRQ_NODE	"/extmem-test-bus/region@d8100000"
#define IRQ_OTHER_NODE	"/extmem-test-bus/region@d8110000"

/* The lines, and the interrupts of IRQ_REGION. */
#define ALARM		0	/* a level */
#define FRAME		1	/* an edge */
#define ODD		2	/* nobody says */
#define IRQS		3
#define UNNAMED_LINE	3	/* an edge, of IRQ_UNNAMED */

#define ROOM		512	/* for a struct and what comes behind it */
#define NEWS		((__force unsigned int)EPOLLPRI)
#define END		((__force unsigned int)(EPOLLERR | EPOLLHUP))

struct irq_context {
	struct fake_backend *backend;
	struct fake_irq *fake;
	struct vfsmount *dev;
	struct device *owner;
	unsigned long page;	/* a user's; nothing is behind it */
	union {
		struct extmem_irq_arm arm;
		struct extmem_irq_read read;
		u8 bytes[ROOM];
	};
};

static void unbind(void *dev)
{
	device_release_driver(dev);
	put_device(dev);
}

/* Before the controller goes. */
static struct device *find_owner(struct kunit *test, const char *path)
{
	struct device_node *np = of_find_node_by_path(path);
	struct platform_device *pdev = of_find_device_by_node(np);

	of_node_put(np);
	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, unbind, &pdev->dev));
	return &pdev->dev;
}

static int irq_test_init(struct kunit *test)
{
	struct irq_context *ctx = kunit_kzalloc(test, sizeof(*ctx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ctx);
	test->priv = ctx;
	ctx->backend = fake_backend_new(test);
	ctx->backend->backend.compatible = "extmem-test,fake";
	ctx->dev = test_mount(test, "devtmpfs");
	test_register(test, &ctx->backend->backend, NULL);
	extmem_driver_settle();
	KUNIT_ASSERT_EQ(test, 0, of_overlay_apply_kunit(test, irq_region));
	ctx->fake = fake_irq_new(test, "extmem-test-irqs");
	ctx->page = kunit_vm_mmap(test, NULL, 0, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, 0);
	KUNIT_ASSERT_NE(test, ctx->page, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(ctx->page));
	return vm_munmap(ctx->page + PAGE_SIZE, PAGE_SIZE);
}

static void bring_up(struct kunit *test)
{
	struct irq_context *ctx = test->priv;

	test_populate(test);
	ctx->owner = find_owner(test, IRQ_NODE);
	find_owner(test, IRQ_OTHER_NODE);
}

/* Closed by a test that cares when, and else with the test. */
static void close_file(void *file)
{
	__fput_sync(file);
}

static struct file *open_it(struct kunit *test, const char *name)
{
	struct irq_context *ctx = test->priv;
	char path[EXTMEM_NAME_SIZE + 8];
	struct file *file;

	snprintf(path, sizeof(path), "extmem/%s", name);
	file = test_open(ctx->dev, path, O_RDWR);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, close_file, file));
	return file;
}

static void close_now(struct kunit *test, struct file *file)
{
	kunit_release_action(test, close_file, file);
}

static long try_at(struct file *file, unsigned int cmd, unsigned long arg)
{
	return file->f_op->unlocked_ioctl(file, cmd, arg);
}

/* With ctx->bytes in the user's memory, and back. */
static long call(struct kunit *test, struct file *file, unsigned int cmd)
{
	struct irq_context *ctx = test->priv;
	void __user *arg = (void __user *)ctx->page;
	long ret;

	KUNIT_ASSERT_EQ(test, 0, copy_to_user(arg, ctx->bytes, ROOM));
	ret = try_at(file, cmd, ctx->page);
	KUNIT_ASSERT_EQ(test, 0, copy_from_user(ctx->bytes, arg, ROOM));
	return ret;
}

static long arm_with(struct kunit *test, struct file *file, u32 index, u32 flags, s32 eventfd)
{
	struct irq_context *ctx = test->priv;

	ctx->arm = (struct extmem_irq_arm){
		.size = sizeof(ctx->arm), .flags = flags, .index = index, .eventfd = eventfd,
	};
	return call(test, file, EXTMEM_IOC_IRQ_ARM);
}

static long arm(struct kunit *test, struct file *file, u32 index)
{
	return arm_with(test, file, index, 0, 0);
}

static long read_irq(struct kunit *test, struct file *file, u32 index)
{
	struct irq_context *ctx = test->priv;

	ctx->read = (struct extmem_irq_read){ .size = sizeof(ctx->read), .index = index };
	return call(test, file, EXTMEM_IOC_IRQ_READ);
}

static void expect_read(struct kunit *test, struct file *file, u32 index, u64 count,
			u64 events, u32 state)
{
	struct irq_context *ctx = test->priv;

	KUNIT_ASSERT_EQ(test, 0, read_irq(test, file, index));
	KUNIT_EXPECT_EQ(test, ctx->read.count, count);
	KUNIT_EXPECT_EQ(test, ctx->read.events, events);
	KUNIT_EXPECT_EQ(test, ctx->read.state, state);
}

static unsigned int ready(struct file *file)
{
	return (__force unsigned int)(vfs_poll(file, NULL) & ~DEFAULT_POLLMASK);
}

/* Catches: an edge that is masked, is lost or is told of twice. */
static void irq_counts_edges(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	struct file *file;
	int i;

	bring_up(test);
	file = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, FRAME));
	expect_read(test, file, FRAME, 0, 0, EXTMEM_IRQ_ARMED);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, ready(file), i ? NEWS : 0);
		KUNIT_EXPECT_EQ(test, 1, fake_irq_pulse(ctx->fake, FRAME));
	}
	KUNIT_EXPECT_EQ(test, ready(file), NEWS);
	expect_read(test, file, FRAME, 3, 3, EXTMEM_IRQ_ARMED);
	KUNIT_EXPECT_EQ(test, ready(file), 0);
	expect_read(test, file, FRAME, 3, 0, EXTMEM_IRQ_ARMED);

	/* To arm it again changes nothing. */
	KUNIT_EXPECT_EQ(test, 1, fake_irq_pulse(ctx->fake, FRAME));
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, FRAME));
	expect_read(test, file, FRAME, 4, 1, EXTMEM_IRQ_ARMED);
}

static void expect_one_shot(struct kunit *test, u32 index)
{
	const u32 armed = EXTMEM_IRQ_LEVEL | EXTMEM_IRQ_ARMED;
	const u32 masked = armed | EXTMEM_IRQ_MASKED;
	struct irq_context *ctx = test->priv;
	struct file *file;

	bring_up(test);
	file = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, index));
	expect_read(test, file, index, 0, 0, armed);
	ctx->fake->lines[index].up = true;
	KUNIT_EXPECT_EQ(test, 1, fake_irq_run(ctx->fake, index));
	KUNIT_EXPECT_EQ(test, ready(file), NEWS);
	expect_read(test, file, index, 1, 1, masked);
	KUNIT_EXPECT_EQ(test, 0, fake_irq_run(ctx->fake, index));

	/* Who arms it before he has removed the cause is told once more. */
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, index));
	expect_read(test, file, index, 1, 0, armed);
	KUNIT_EXPECT_EQ(test, 1, fake_irq_run(ctx->fake, index));
	expect_read(test, file, index, 2, 1, masked);

	ctx->fake->lines[index].up = false;
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, index));
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, index));
	KUNIT_EXPECT_EQ(test, 0, fake_irq_run(ctx->fake, index));
	expect_read(test, file, index, 2, 0, armed);
	ctx->fake->lines[index].up = true;
	KUNIT_EXPECT_EQ(test, 1, fake_irq_run(ctx->fake, index));
	expect_read(test, file, index, 3, 1, masked);
}

/* Catches: a level that comes again while user space is at it, or never again. */
static void irq_masks_a_level(struct kunit *test)
{
	expect_one_shot(test, ALARM);
}

/* Catches: a level that nobody called one, and that hangs the machine. */
static void irq_masks_what_may_be_a_level(struct kunit *test)
{
	expect_one_shot(test, ODD);
}

/* Catches: a line that screams while nobody listens, yet, any more or at all. */
static void irq_storm(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	struct file *file, *other;

	ctx->fake->lines[ALARM].up = true;
	bring_up(test);
	KUNIT_EXPECT_EQ(test, 0, fake_irq_run(ctx->fake, ALARM));
	KUNIT_EXPECT_EQ(test, 0, fake_irq_pulse(ctx->fake, FRAME));
	ctx->fake->lines[FRAME].latched = false;
	file = open_it(test, IRQ_REGION);
	KUNIT_EXPECT_EQ(test, 0, fake_irq_run(ctx->fake, ALARM));
	KUNIT_EXPECT_EQ(test, ready(file), 0);

	KUNIT_ASSERT_EQ(test, 0, arm(test, file, ALARM));
	KUNIT_EXPECT_EQ(test, 1, fake_irq_run(ctx->fake, ALARM));
	KUNIT_ASSERT_EQ(test, 0, arm_with(test, file, ALARM, EXTMEM_IRQ_DISARM, 0));
	KUNIT_EXPECT_EQ(test, 0, fake_irq_run(ctx->fake, ALARM));
	expect_read(test, file, ALARM, 1, 0, EXTMEM_IRQ_LEVEL);
	KUNIT_EXPECT_EQ(test, ready(file), 0);
	KUNIT_EXPECT_EQ(test, 0, arm_with(test, file, ALARM, EXTMEM_IRQ_DISARM, 0));

	/* Off while masked, and on: it is not masked twice over. */
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, ALARM));
	KUNIT_EXPECT_EQ(test, 1, fake_irq_run(ctx->fake, ALARM));

	/* Who goes without a word. */
	other = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, other, ALARM));
	close_now(test, file);
	KUNIT_EXPECT_EQ(test, 1, fake_irq_run(ctx->fake, ALARM));
	expect_read(test, other, ALARM, 3, 1,
		    EXTMEM_IRQ_LEVEL | EXTMEM_IRQ_ARMED | EXTMEM_IRQ_MASKED);
	KUNIT_ASSERT_EQ(test, 0, arm(test, other, ALARM));
	close_now(test, other);
	/* Linux masks it only when it comes once more. */
	KUNIT_EXPECT_LE(test, fake_irq_run(ctx->fake, ALARM), 1);
	KUNIT_EXPECT_TRUE(test, ctx->fake->lines[ALARM].masked);
	expect_read(test, open_it(test, IRQ_REGION), ALARM, 3, 0, EXTMEM_IRQ_LEVEL);
}

/*
 * Catches: a level that was there before anybody listened, and that he is never told of,
 * or that comes again while he is at it: it comes before the call is over that arms it.
 */
static void irq_level_is_there_before(struct kunit *test)
{
	const u32 armed = EXTMEM_IRQ_LEVEL | EXTMEM_IRQ_ARMED;
	struct irq_context *ctx = test->priv;
	struct fake_irq_line *line = &ctx->fake->lines[ALARM];
	struct file *file;
	u64 round;

	line->up = true;
	line->comes_at_once = true;
	bring_up(test);
	file = open_it(test, IRQ_REGION);
	expect_read(test, file, ALARM, 0, 0, EXTMEM_IRQ_LEVEL);
	for (round = 1; round <= 10; round++) {
		KUNIT_ASSERT_EQ(test, 0, arm(test, file, ALARM));
		KUNIT_EXPECT_EQ(test, ready(file), NEWS);
		expect_read(test, file, ALARM, round, 1, armed | EXTMEM_IRQ_MASKED);
		KUNIT_EXPECT_TRUE(test, line->masked);
		/* Every other time he begins anew. */
		if (round % 2)
			KUNIT_ASSERT_EQ(test, 0, arm_with(test, file, ALARM,
							  EXTMEM_IRQ_DISARM, 0));
	}
	line->comes_at_once = false;
}

/* Catches: a file that is told what another one was told, and so is not told itself. */
static void irq_files_have_their_own_view(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	struct file *one, *two, *three;

	bring_up(test);
	one = open_it(test, IRQ_REGION);
	two = open_it(test, IRQ_REGION);
	three = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, one, FRAME));
	KUNIT_EXPECT_EQ(test, 1, fake_irq_pulse(ctx->fake, FRAME));
	KUNIT_ASSERT_EQ(test, 0, arm(test, two, FRAME));
	KUNIT_EXPECT_EQ(test, ready(two), 0);
	KUNIT_EXPECT_EQ(test, 1, fake_irq_pulse(ctx->fake, FRAME));
	expect_read(test, one, FRAME, 2, 2, EXTMEM_IRQ_ARMED);
	KUNIT_EXPECT_EQ(test, ready(one), 0);
	KUNIT_EXPECT_EQ(test, ready(two), NEWS);
	KUNIT_EXPECT_EQ(test, ready(three), 0);
	expect_read(test, two, FRAME, 2, 1, EXTMEM_IRQ_ARMED);
	expect_read(test, three, FRAME, 2, 0, 0);

	/* Of a level any of them removes the cause, and any of them arms it. */
	KUNIT_ASSERT_EQ(test, 0, arm(test, one, ALARM));
	KUNIT_ASSERT_EQ(test, 0, arm(test, two, ALARM));
	ctx->fake->lines[ALARM].up = true;
	KUNIT_EXPECT_EQ(test, 1, fake_irq_run(ctx->fake, ALARM));
	KUNIT_ASSERT_EQ(test, 0, arm(test, two, ALARM));
	KUNIT_EXPECT_EQ(test, 1, fake_irq_run(ctx->fake, ALARM));
	expect_read(test, one, ALARM, 2, 2,
		    EXTMEM_IRQ_LEVEL | EXTMEM_IRQ_ARMED | EXTMEM_IRQ_MASKED);
}

static void expect_name(struct kunit *test, const char *region, u32 index, const char *name,
			const char *count)
{
	struct vfsmount *sysfs = test_mount(test, "sysfs");
	struct irq_context *ctx = test->priv;
	struct file *file = open_it(test, region);
	char path[128], text[32] = "";

	KUNIT_ASSERT_EQ(test, 0, read_irq(test, file, index));
	KUNIT_EXPECT_STREQ(test, ctx->read.name, name);
	snprintf(path, sizeof(path), "class/extmem/%s/interrupts/%s", region, name);
	KUNIT_EXPECT_GT_MSG(test, test_read(sysfs, path, text, sizeof(text)), 0, "%s", path);
	KUNIT_EXPECT_STREQ(test, text, count);
}

/* Catches: a name that is another one's, in the call, in sysfs or in /proc/interrupts. */
static void irq_names(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	struct vfsmount *proc = test_mount(test, "proc");
	char *text = kunit_kzalloc(test, SZ_16K, GFP_KERNEL);
	struct file *file;

	KUNIT_ASSERT_NOT_NULL(test, text);
	bring_up(test);
	file = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, FRAME));
	KUNIT_EXPECT_EQ(test, 1, fake_irq_pulse(ctx->fake, FRAME));
	KUNIT_EXPECT_EQ(test, 1, fake_irq_pulse(ctx->fake, FRAME));
	expect_name(test, IRQ_REGION, ALARM, "alarm", "0\n");
	expect_name(test, IRQ_REGION, FRAME, "frame", "2\n");
	expect_name(test, IRQ_REGION, ODD, "odd.one", "0\n");
	expect_name(test, IRQ_UNNAMED, 0, "0", "0\n");
	KUNIT_ASSERT_GT(test, test_read(proc, "interrupts", text, SZ_16K), 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " " IRQ_REGION ":frame\n"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, " " IRQ_UNNAMED ":0\n"));
}

/* Catches: interrupts that a partition has, for whom they are not, or that are not there. */
static void irq_of_others(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	struct extmem_desc desc = test_desc(TEST_NAME, TEST_BASE, TEST_SIZE, EXTMEM_UNCACHED);
	struct file *file;

	bring_up(test);
	test_region(test, test_owner(test), &desc, &ctx->backend->backend);
	file = open_it(test, IRQ_PARTITION);
	KUNIT_EXPECT_EQ(test, -ENOTTY, arm(test, file, 0));
	KUNIT_EXPECT_EQ(test, -ENOTTY, arm_with(test, file, 0, EXTMEM_IRQ_DISARM, 0));
	KUNIT_EXPECT_EQ(test, -ENOTTY, read_irq(test, file, 0));
	KUNIT_EXPECT_EQ(test, ready(file), 0);
	close_now(test, file);
	file = open_it(test, TEST_NAME);
	KUNIT_EXPECT_EQ(test, -ENOTTY, arm(test, file, 0));
	KUNIT_EXPECT_EQ(test, -ENOTTY, read_irq(test, file, 0));
	KUNIT_EXPECT_EQ(test, ready(file), 0);
	close_now(test, file);
}

/* Catches: an index that is another interrupt's, or beyond the last. */
static void irq_bad_index(struct kunit *test)
{
	static const u32 bad[] = { IRQS, IRQS + 1, 31, 32, 1U << 31, U32_MAX };
	struct file *file;
	size_t i;

	bring_up(test);
	file = open_it(test, IRQ_REGION);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_EXPECT_EQ(test, -EINVAL, arm(test, file, bad[i]));
		KUNIT_EXPECT_EQ(test, -EINVAL,
				arm_with(test, file, bad[i], EXTMEM_IRQ_DISARM, 0));
		KUNIT_EXPECT_EQ(test, -EINVAL,
				arm_with(test, file, bad[i], EXTMEM_IRQ_EVENTFD, -1));
		KUNIT_EXPECT_EQ(test, -EINVAL, read_irq(test, file, bad[i]));
	}
	KUNIT_EXPECT_EQ(test, 0, read_irq(test, file, IRQS - 1));
}

/* Catches: a user who has the kernel's memory by listening, and pays for none of it. */
static void irq_is_charged(struct kunit *test)
{
	struct test_charges *charges = test_watch_charges(test);
	const struct extmem_file *efile;
	struct file *file;

	bring_up(test);
	file = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, FRAME));
	efile = file->private_data;
	test_expect_charged(test, charges, efile->listeners);
}

/* Catches: bytes after a name that are nobody's to say. */
static void irq_name_is_padded(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	struct file *file;
	size_t length;

	bring_up(test);
	file = open_it(test, IRQ_REGION);
	memset(ctx->bytes, 0x5a, ROOM);
	ctx->read.size = sizeof(ctx->read);
	ctx->read.flags = 0;
	ctx->read.index = FRAME;
	KUNIT_ASSERT_EQ(test, 0, call(test, file, EXTMEM_IOC_IRQ_READ));
	length = strnlen(ctx->read.name, sizeof(ctx->read.name));
	KUNIT_EXPECT_GT(test, length, 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->read.name + length, 0,
					   sizeof(ctx->read.name) - length));
	KUNIT_EXPECT_NULL(test, memchr_inv(ctx->bytes + sizeof(ctx->read), 0x5a,
					   ROOM - sizeof(ctx->read)));
}

/* Catches: a flag that is not known today, and is not refused. */
static void irq_bad_flags(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	struct file *file;
	int bit;

	bring_up(test);
	file = open_it(test, IRQ_REGION);
	for (bit = 2; bit < 32; bit++) {
		KUNIT_EXPECT_EQ(test, -EINVAL, arm_with(test, file, FRAME, BIT(bit), 0));
		KUNIT_EXPECT_EQ(test, -EINVAL,
				arm_with(test, file, FRAME, BIT(bit) | EXTMEM_IRQ_EVENTFD, -1));
	}
	KUNIT_EXPECT_EQ(test, -EINVAL,
			arm_with(test, file, FRAME, EXTMEM_IRQ_EVENTFD | EXTMEM_IRQ_DISARM, -1));
	for (bit = 0; bit < 32; bit++) {
		ctx->read = (struct extmem_irq_read){
			.size = sizeof(ctx->read), .flags = BIT(bit),
		};
		KUNIT_EXPECT_EQ(test, -EINVAL, call(test, file, EXTMEM_IOC_IRQ_READ));
	}
	/* Nothing of it was done. */
	expect_read(test, file, FRAME, 0, 0, 0);
}

/* Catches: what is no eventfd taken for one, and who is armed though he was refused. */
static void irq_bad_eventfd(struct kunit *test)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct irq_context *ctx = test->priv;
	struct file *file;

	KUNIT_ASSERT_GE(test, fd, 0);
	bring_up(test);
	file = open_it(test, IRQ_REGION);
	KUNIT_EXPECT_EQ(test, -EBADF, arm_with(test, file, FRAME, EXTMEM_IRQ_EVENTFD, fd));
	KUNIT_EXPECT_EQ(test, -EBADF, arm_with(test, file, FRAME, EXTMEM_IRQ_EVENTFD, -2));
	KUNIT_EXPECT_EQ(test, -EBADF, arm_with(test, file, FRAME, EXTMEM_IRQ_EVENTFD, INT_MIN));
	fd_install(fd, get_file(file));
	KUNIT_EXPECT_EQ(test, -EINVAL, arm_with(test, file, FRAME, EXTMEM_IRQ_EVENTFD, fd));
	KUNIT_EXPECT_EQ(test, 0, close_fd(fd));
	flush_delayed_fput();
	/* One that is given without its flag is a mistake, too. */
	KUNIT_EXPECT_EQ(test, -EINVAL, arm_with(test, file, FRAME, 0, 1));
	KUNIT_EXPECT_EQ(test, -EINVAL, arm_with(test, file, FRAME, 0, -1));
	KUNIT_EXPECT_EQ(test, -EINVAL, arm_with(test, file, FRAME, EXTMEM_IRQ_DISARM, 1));
	expect_read(test, file, FRAME, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, ctx->fake->lines[FRAME].masked);

	/* None is none. */
	KUNIT_EXPECT_EQ(test, 0, arm_with(test, file, FRAME, EXTMEM_IRQ_EVENTFD, -1));
	expect_read(test, file, FRAME, 0, 0, EXTMEM_IRQ_ARMED);
}

static void try_sizes(struct kunit *test, struct file *file, unsigned int cmd, u32 least)
{
	struct irq_context *ctx = test->priv;
	u32 size;

	for (size = 0; size <= ROOM; size++) {
		memset(ctx->bytes, 0, ROOM);
		ctx->arm.size = size;
		KUNIT_EXPECT_EQ_MSG(test, size < least ? -EINVAL : 0, call(test, file, cmd),
				    "size %u", size);
		if (size < least)
			continue;
		KUNIT_EXPECT_EQ(test, ctx->arm.size, size);
		if (size == least)
			continue;
		ctx->bytes[size - 1] = 1;
		KUNIT_EXPECT_EQ_MSG(test, -E2BIG, call(test, file, cmd), "size %u", size);
	}
	KUNIT_EXPECT_EQ(test, -EFAULT, try_at(file, cmd, 0));
	KUNIT_EXPECT_EQ(test, -EFAULT, try_at(file, cmd, ctx->page + PAGE_SIZE));
	KUNIT_EXPECT_EQ(test, -EFAULT, try_at(file, cmd, ctx->page + PAGE_SIZE - 2));
}

/* Catches: a struct of another version that is taken for ours, or not understood. */
static void irq_struct_sizes(struct kunit *test)
{
	struct file *file;

	bring_up(test);
	file = open_it(test, IRQ_REGION);
	try_sizes(test, file, EXTMEM_IOC_IRQ_ARM, 16);
	try_sizes(test, file, EXTMEM_IOC_IRQ_READ, 64);
}

/**
 * struct waiter - who waits at a file
 * @file: it
 * @region: whose it is
 * @found: what he found
 * @done: he has ended
 */
struct waiter {
	struct file *file;
	struct extmem_region *region;
	unsigned int found;
	struct completion done;
};

static int wait_for_end(void *data)
{
	struct waiter *waiter = data;

	if (!wait_event_timeout(waiter->region->wait, ready(waiter->file), 30 * HZ))
		pr_err("extmem: nobody has woken the waiter\n");
	waiter->found = ready(waiter->file);
	complete(&waiter->done);
	return 0;
}

/* Whether another driver could have it. */
static irqreturn_t other_handler(int number, void *data)
{
	return IRQ_HANDLED;
}

static void expect_free(struct kunit *test, unsigned int number)
{
	static int cookie;
	int ret = request_irq(number, other_handler, IRQF_NO_AUTOEN, "extmem-test", &cookie);

	KUNIT_EXPECT_EQ(test, ret, 0);
	if (!ret)
		free_irq(number, &cookie);
}

/* Catches: who waits for ever, an interrupt that comes to a region that has gone. */
static void irq_unbind_while_waiting(struct kunit *test)
{
	struct waiter *waiter = kunit_kzalloc(test, sizeof(*waiter), GFP_KERNEL);
	struct irq_context *ctx = test->priv;
	struct task_struct *task;
	struct file *file;

	KUNIT_ASSERT_NOT_NULL(test, waiter);
	bring_up(test);
	file = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, ALARM));
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, FRAME));
	waiter->file = file;
	waiter->region = dev_get_drvdata(ctx->owner);
	init_completion(&waiter->done);
	task = kthread_run(wait_for_end, waiter, "extmem-waiter");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	msleep(50);
	device_release_driver(ctx->owner);
	while (!wait_for_completion_timeout(&waiter->done, 60 * HZ))
		KUNIT_FAIL(test, "the waiter is stuck");
	KUNIT_EXPECT_EQ(test, waiter->found, END);

	ctx->fake->lines[ALARM].up = true;
	KUNIT_EXPECT_EQ(test, 0, fake_irq_run(ctx->fake, ALARM));
	KUNIT_EXPECT_EQ(test, 0, fake_irq_pulse(ctx->fake, FRAME));
	KUNIT_EXPECT_EQ(test, -ENODEV, arm(test, file, ALARM));
	KUNIT_EXPECT_EQ(test, -ENODEV, arm_with(test, file, ALARM, EXTMEM_IRQ_DISARM, 0));
	KUNIT_EXPECT_EQ(test, -ENODEV, read_irq(test, file, ALARM));
	KUNIT_EXPECT_EQ(test, ready(file), END);
	expect_free(test, fake_irq_number(ctx->fake, ALARM, IRQ_TYPE_LEVEL_HIGH));
	expect_free(test, fake_irq_number(ctx->fake, FRAME, IRQ_TYPE_EDGE_RISING));

	/* The next region is another one, and the old file does not end its listening. */
	KUNIT_ASSERT_EQ(test, 1, device_attach(ctx->owner));
	waiter->file = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, waiter->file, FRAME));
	ctx->fake->lines[FRAME].latched = false;
	close_now(test, file);
	KUNIT_EXPECT_EQ(test, 1, fake_irq_pulse(ctx->fake, FRAME));
	expect_read(test, waiter->file, FRAME, 1, 1, EXTMEM_IRQ_ARMED);
}

/* Catches: a region that shares a line with who does not expect it, or fails in silence. */
static void irq_taken(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	unsigned int number = fake_irq_number(ctx->fake, FRAME, IRQ_TYPE_EDGE_RISING);
	u64 start = test_log_start();
	char text[192];

	KUNIT_ASSERT_NE(test, number, 0);
	KUNIT_ASSERT_EQ(test, 0, request_irq(number, other_handler, IRQF_NO_AUTOEN,
					     "extmem-test-other", ctx));
	bring_up(test);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(IRQ_REGION));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(IRQ_UNNAMED));
	snprintf(text, sizeof(text),
		 "%s: interrupts: number 1 is taken already; line %u of /proc/interrupts says by whom: disable that driver or node, or remove it here",
		 IRQ_NODE, number);
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, text));
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, "mismatch"));

	/* What it had already it has given back, and it comes when the other one goes. */
	expect_free(test, fake_irq_number(ctx->fake, ALARM, IRQ_TYPE_LEVEL_HIGH));
	free_irq(number, ctx);
	KUNIT_EXPECT_EQ(test, 1, device_attach(ctx->owner));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(IRQ_REGION));
}

/* Catches: a region that is refused though its controller is about to come. */
static void irq_waits_for_its_controller(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	u64 start = test_log_start();

	fake_irq_remove(test, ctx->fake);
	bring_up(test);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(IRQ_REGION));
	KUNIT_EXPECT_EQ(test, 0, test_log_count(start, IRQ_NODE ": interrupts:"));
	KUNIT_EXPECT_EQ(test, ctx->backend->attached, 0);

	/* Both are bound then, and have to go before it does. */
	ctx->fake = fake_irq_new(test, "extmem-test-irqs");
	find_owner(test, IRQ_NODE);
	find_owner(test, IRQ_OTHER_NODE);
	KUNIT_EXPECT_GE(test, device_attach(ctx->owner), 0);
	extmem_driver_settle();
	KUNIT_EXPECT_TRUE(test, test_region_is_there(IRQ_REGION));
}

/* Catches: a refusal of the controller's that is not told, or that leaves a part behind. */
static void irq_refused_by_its_controller(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	u64 start = test_log_start();

	ctx->fake->no_line = true;
	bring_up(test);
	KUNIT_EXPECT_FALSE(test, test_region_is_there(IRQ_REGION));
	test_expect_said(test, start, IRQ_NODE
			 ": interrupts: number 0 is not to be had from its controller (error -22); mind its #interrupt-cells, and what else the line is used for");

	ctx->fake->no_line = false;
	ctx->fake->no_type = true;
	KUNIT_EXPECT_EQ(test, 0, device_attach(ctx->owner));
	KUNIT_EXPECT_FALSE(test, test_region_is_there(IRQ_REGION));
	test_expect_said(test, start, IRQ_NODE
			 ": interrupts: number 0 is refused by its controller (error -22); give it another kind of trigger, or remove it");
	KUNIT_EXPECT_EQ(test, ctx->backend->attached, 0);

	ctx->fake->no_type = false;
	KUNIT_EXPECT_EQ(test, 1, device_attach(ctx->owner));
	KUNIT_EXPECT_TRUE(test, test_region_is_there(IRQ_REGION));
}

/* Catches: a machine that sleeps on, and one that is woken by what nobody listens to. */
static void irq_wakes_the_machine(struct kunit *test)
{
	struct irq_context *ctx = test->priv;
	struct extmem_region *region;
	struct file *file;
	char text[160];
	u64 start;

	bring_up(test);
	region = dev_get_drvdata(ctx->owner);
	file = open_it(test, IRQ_REGION);
	KUNIT_ASSERT_EQ(test, 0, arm(test, file, FRAME));
	KUNIT_EXPECT_TRUE(test, device_may_wakeup(ctx->owner));
	extmem_irqs_suspend(region);
	KUNIT_EXPECT_TRUE(test, ctx->fake->lines[FRAME].wakes);
	KUNIT_EXPECT_FALSE(test, ctx->fake->lines[ALARM].wakes);
	extmem_irqs_resume(region);
	KUNIT_EXPECT_FALSE(test, ctx->fake->lines[FRAME].wakes);

	/* As "disabled" in power/wakeup has it. */
	KUNIT_EXPECT_EQ(test, 0, device_set_wakeup_enable(ctx->owner, false));
	extmem_irqs_suspend(region);
	KUNIT_EXPECT_FALSE(test, ctx->fake->lines[FRAME].wakes);
	extmem_irqs_resume(region);

	KUNIT_EXPECT_EQ(test, 0, device_set_wakeup_enable(ctx->owner, true));
	ctx->fake->no_wake = true;
	start = test_log_start();
	extmem_irqs_suspend(region);
	extmem_irqs_resume(region);
	snprintf(text, sizeof(text),
		 "%s: wakeup-source: interrupt number 1 cannot wake this machine: -EOPNOTSUPP; remove wakeup-source",
		 IRQ_NODE);
	KUNIT_EXPECT_EQ(test, 1, test_log_count(start, text));
	device_release_driver(ctx->owner);
	KUNIT_EXPECT_FALSE(test, device_can_wakeup(ctx->owner));
}

static struct kunit_case irq_cases[] = {
	KUNIT_CASE(irq_counts_edges),
	KUNIT_CASE(irq_masks_a_level),
	KUNIT_CASE(irq_masks_what_may_be_a_level),
	KUNIT_CASE(irq_storm),
	KUNIT_CASE(irq_level_is_there_before),
	KUNIT_CASE(irq_files_have_their_own_view),
	KUNIT_CASE(irq_names),
	KUNIT_CASE(irq_of_others),
	KUNIT_CASE(irq_bad_index),
	KUNIT_CASE(irq_is_charged),
	KUNIT_CASE(irq_name_is_padded),
	KUNIT_CASE(irq_bad_flags),
	KUNIT_CASE(irq_bad_eventfd),
	KUNIT_CASE(irq_struct_sizes),
	KUNIT_CASE(irq_unbind_while_waiting),
	KUNIT_CASE(irq_taken),
	KUNIT_CASE(irq_waits_for_its_controller),
	KUNIT_CASE(irq_refused_by_its_controller),
	KUNIT_CASE(irq_wakes_the_machine),
	{}
};

static struct kunit_suite irq_suite = {
	.name = "extmem_irq",
	.init = irq_test_init,
	.test_cases = irq_cases,
};

kunit_test_suite(irq_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
