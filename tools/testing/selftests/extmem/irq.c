// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupts of a region. Most of it needs one whose memory is a PL031, a clock with
 * an alarm that raises a level: QEMU's machine virt has it. Built for 32 bits, too, as
 * ioctl.c is. See regions.h for what else is needed.
 */
#include <assert.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "regions.h"

/* Neither a compiler's padding nor a width of its own. */
static_assert(sizeof(struct extmem_irq_arm) == 16, "size of extmem_irq_arm");
static_assert(sizeof(struct extmem_irq_read) == 64, "size of extmem_irq_read");
static_assert(offsetof(struct extmem_irq_read, count) == 16, "extmem_irq_read.count");
static_assert(offsetof(struct extmem_irq_read, name) == 32, "extmem_irq_read.name");
static_assert(EXTMEM_IOC_IRQ_ARM == 0xba05 && EXTMEM_IOC_IRQ_READ == 0xba06, "numbers");

/* The PL031's registers. */
#define NOW		0x00
#define MATCH		0x04
#define ENABLE		0x10
#define RAISED		0x14
#define CLEAR		0x1c
#define PART_0		0xfe0
#define PART_1		0xfe4

#define SOON		10000	/* milliseconds that it takes at most */
#define A_WHILE		300	/* in which nothing is to come */

#define MASKED		(EXTMEM_IRQ_LEVEL | EXTMEM_IRQ_MASKED | EXTMEM_IRQ_ARMED)

static int arm_with(int fd, unsigned int index, unsigned int flags, int eventfd)
{
	struct extmem_irq_arm arm = {
		.size = sizeof(arm), .flags = flags, .index = index, .eventfd = eventfd,
	};

	return errno_of(ioctl(fd, EXTMEM_IOC_IRQ_ARM, &arm));
}

static int arm(int fd)
{
	return arm_with(fd, 0, 0, 0);
}

static int bind_eventfd(int fd, int eventfd)
{
	return arm_with(fd, 0, EXTMEM_IRQ_EVENTFD, eventfd);
}

static int read_index(int fd, unsigned int index)
{
	struct extmem_irq_read irq = { .size = sizeof(irq), .index = index };

	return errno_of(ioctl(fd, EXTMEM_IOC_IRQ_READ, &irq));
}

/* All ones if that cannot be had. */
static struct extmem_irq_read read_irq(int fd)
{
	struct extmem_irq_read irq = { .size = sizeof(irq) };

	if (ioctl(fd, EXTMEM_IOC_IRQ_READ, &irq))
		memset(&irq, 0xff, sizeof(irq));
	return irq;
}

/* What poll() says beside that memory can be read and written. */
static int wait_for(int fd, int ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLPRI };

	return poll(&pollfd, 1, ms) < 0 ? -errno : pollfd.revents;
}

static __u32 get_register(int fd, off_t offset)
{
	__u32 value = 0;

	return pread(fd, &value, 4, offset) == 4 ? value : 0xffffffff;
}

static void set_register(int fd, off_t offset, __u32 value)
{
	if (pwrite(fd, &value, 4, offset) != 4)
		perror("pwrite");
}

static bool has_interrupts(const struct region *region)
{
	char path[512];

	snprintf(path, sizeof(path), CLASS "/%s/interrupts", region->name);
	return !access(path, F_OK);
}

static bool is_pl031(const struct region *region)
{
	int fd;
	bool yes;

	if (!has_interrupts(region) || !region->writable)
		return false;
	fd = region_open(region->name, O_RDONLY);
	yes = (get_register(fd, PART_0) & 0xff) == 0x31 && (get_register(fd, PART_1) & 0xf) == 0;
	close(fd);
	return yes;
}

FIXTURE(clock) {
	struct region region;
	int fd;
	__u64 before;
};

/* The line is up, unless the clock goes on in between each time. */
static bool ring(int fd)
{
	int tries = 100;

	set_register(fd, ENABLE, 1);
	while (!get_register(fd, RAISED) && tries--)
		set_register(fd, MATCH, get_register(fd, NOW));
	return get_register(fd, RAISED);
}

static void hush(int fd)
{
	set_register(fd, MATCH, get_register(fd, NOW) - 1);
	set_register(fd, CLEAR, 1);
}

FIXTURE_SETUP(clock)
{
	if (!region_find(&self->region, "mmio", NULL, 4 * KiB, is_pl031))
		SKIP(return, "no region that is a PL031 and has an interrupt");
	self->fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, self->fd);
	hush(self->fd);
	self->before = read_irq(self->fd).count;
}

FIXTURE_TEARDOWN(clock)
{
	hush(self->fd);
	set_register(self->fd, ENABLE, 0);
	close(self->fd);
}

/*
 * What a driver in user space does. Catches: an interrupt that does not come, comes again
 * while it is being seen to, or comes once and never again.
 */
TEST_F(clock, alarm)
{
	struct extmem_irq_read irq;
	char text[32];
	int i;

	ASSERT_EQ(0, arm(self->fd));
	EXPECT_EQ(0, wait_for(self->fd, 0));
	for (i = 1; i <= 2; i++) {
		set_register(self->fd, MATCH, get_register(self->fd, NOW) + 2);
		set_register(self->fd, ENABLE, 1);
		EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
		irq = read_irq(self->fd);
		EXPECT_EQ(self->before + i, irq.count);
		EXPECT_EQ(1, irq.events);
		EXPECT_EQ(MASKED, irq.state);
		EXPECT_STREQ("alarm", irq.name);

		/* The line is still up, and nobody hears of it. */
		EXPECT_EQ(1, get_register(self->fd, RAISED));
		EXPECT_EQ(0, wait_for(self->fd, A_WHILE));
		EXPECT_EQ(self->before + i, read_irq(self->fd).count);

		hush(self->fd);
		ASSERT_EQ(0, arm(self->fd));
		EXPECT_EQ(0, wait_for(self->fd, A_WHILE));
		EXPECT_EQ(self->before + i, read_irq(self->fd).count);
	}
	ASSERT_TRUE(region_fact(self->region.name, "interrupts/alarm", text, sizeof(text)));
	EXPECT_EQ(self->before + 2, strtoull(text, NULL, 10));
}

/* Catches: an interrupt that is lost, or a storm, where the cause is still there. */
TEST_F(clock, armed_with_the_line_up)
{
	int i;

	ASSERT_TRUE(ring(self->fd));
	/* Nobody listens. */
	EXPECT_EQ(0, wait_for(self->fd, A_WHILE));
	EXPECT_EQ(self->before, read_irq(self->fd).count);
	for (i = 1; i <= 5; i++) {
		ASSERT_EQ(0, arm(self->fd));
		EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
		EXPECT_EQ(self->before + i, read_irq(self->fd).count);
	}
	EXPECT_EQ(0, wait_for(self->fd, A_WHILE));

	/* And nobody again. */
	ASSERT_EQ(0, arm_with(self->fd, 0, EXTMEM_IRQ_DISARM, 0));
	EXPECT_EQ(0, wait_for(self->fd, A_WHILE));
	EXPECT_EQ(self->before + 5, read_irq(self->fd).count);
	EXPECT_EQ(EXTMEM_IRQ_LEVEL, read_irq(self->fd).state);
}

/* Catches: a file that misses what another one was told, or dup() that does not. */
TEST_F(clock, views)
{
	int other = region_open(self->region.name, O_RDONLY), same = dup(self->fd);
	int third = region_open(self->region.name, O_RDONLY);

	ASSERT_EQ(0, arm(self->fd));
	ASSERT_EQ(0, arm(other));
	ASSERT_TRUE(ring(self->fd));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(POLLPRI, wait_for(same, 0));
	EXPECT_EQ(1, read_irq(self->fd).events);
	EXPECT_EQ(0, wait_for(same, 0));
	EXPECT_EQ(0, read_irq(same).events);
	EXPECT_EQ(POLLPRI, wait_for(other, 0));

	/* Any of them arms it. */
	ASSERT_EQ(0, arm(self->fd));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(2, read_irq(other).events);
	EXPECT_EQ(1, read_irq(self->fd).events);
	EXPECT_EQ(0, wait_for(third, 0));
	EXPECT_EQ(0, read_irq(third).events);
	EXPECT_EQ(self->before + 2, read_irq(third).count);
	close(third);
	close(same);
	close(other);
}

static __u64 signals(int eventfd)
{
	__u64 count;

	return read(eventfd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

/* Catches: an eventfd that is not signalled, once too often, or after its time. */
TEST_F(clock, eventfd)
{
	int one = eventfd(0, EFD_NONBLOCK), two = eventfd(0, EFD_NONBLOCK);

	ASSERT_EQ(0, bind_eventfd(self->fd, one));
	ASSERT_TRUE(ring(self->fd));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(1, signals(one));
	EXPECT_EQ(1, read_irq(self->fd).events);
	ASSERT_EQ(0, arm(self->fd));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(1, signals(one));
	EXPECT_EQ(1, read_irq(self->fd).events);

	ASSERT_EQ(0, bind_eventfd(self->fd, two));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(0, signals(one));
	EXPECT_EQ(1, signals(two));
	EXPECT_EQ(1, read_irq(self->fd).events);

	ASSERT_EQ(0, bind_eventfd(self->fd, -1));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(0, signals(one));
	EXPECT_EQ(0, signals(two));

	/* Who listens no more is told by no means. */
	ASSERT_EQ(0, bind_eventfd(self->fd, one));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(1, signals(one));
	ASSERT_EQ(0, arm_with(self->fd, 0, EXTMEM_IRQ_DISARM, 0));
	ASSERT_EQ(0, arm(self->fd));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(0, signals(one));
	close(one);
	close(two);
}

/* Catches: an eventfd that was let go of, and is used. */
TEST_F(clock, eventfd_is_held)
{
	int one = eventfd(0, EFD_NONBLOCK), same = dup(one);

	ASSERT_EQ(0, bind_eventfd(self->fd, one));
	close(one);
	ASSERT_TRUE(ring(self->fd));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(1, signals(same));
	close(same);
	ASSERT_EQ(0, arm(self->fd));
	EXPECT_EQ(self->before + 2, read_irq(self->fd).count);
}

TEST_F(clock, epoll)
{
	struct epoll_event event = { .events = EPOLLPRI | EPOLLET };
	int epoll = epoll_create1(0);

	ASSERT_EQ(0, epoll_ctl(epoll, EPOLL_CTL_ADD, self->fd, &event));
	ASSERT_EQ(0, arm(self->fd));
	EXPECT_EQ(0, epoll_wait(epoll, &event, 1, 0));
	ASSERT_TRUE(ring(self->fd));
	EXPECT_EQ(1, epoll_wait(epoll, &event, 1, SOON));
	EXPECT_EQ(EPOLLPRI, event.events);
	EXPECT_EQ(0, epoll_wait(epoll, &event, 1, A_WHILE));
	close(epoll);
}

/* Catches: what is no eventfd taken for one, and who listens though he was refused. */
TEST_F(clock, eventfd_that_is_none)
{
	int null = open("/dev/null", O_RDWR), epoll = epoll_create1(0), pipes[2];

	ASSERT_EQ(0, pipe(pipes));
	EXPECT_EQ(EINVAL, bind_eventfd(self->fd, null));
	EXPECT_EQ(EINVAL, bind_eventfd(self->fd, epoll));
	EXPECT_EQ(EINVAL, bind_eventfd(self->fd, pipes[1]));
	EXPECT_EQ(EINVAL, bind_eventfd(self->fd, self->fd));
	close(null);
	EXPECT_EQ(EBADF, bind_eventfd(self->fd, null));
	EXPECT_EQ(EBADF, bind_eventfd(self->fd, -2));
	EXPECT_EQ(EBADF, bind_eventfd(self->fd, 1 << 30));
	EXPECT_EQ(EINVAL, arm_with(self->fd, 0, 0, epoll));
	EXPECT_EQ(EXTMEM_IRQ_LEVEL, read_irq(self->fd).state);
	close(epoll);
	close(pipes[0]);
	close(pipes[1]);
}

TEST_F(clock, bad_input)
{
	unsigned int bit;

	EXPECT_EQ(EINVAL, arm_with(self->fd, 1, 0, 0));
	EXPECT_EQ(EINVAL, arm_with(self->fd, -1, 0, 0));
	EXPECT_EQ(EINVAL, read_index(self->fd, 1));
	EXPECT_EQ(EINVAL, read_index(self->fd, 1U << 31));
	EXPECT_EQ(EINVAL, arm_with(self->fd, 0, EXTMEM_IRQ_EVENTFD | EXTMEM_IRQ_DISARM, -1));
	for (bit = 2; bit < 32; bit++)
		EXPECT_EQ(EINVAL, arm_with(self->fd, 0, 1U << bit, 0));
	EXPECT_EQ(EFAULT, errno_of(ioctl(self->fd, EXTMEM_IOC_IRQ_ARM, NULL)));
	EXPECT_EQ(EFAULT, errno_of(ioctl(self->fd, EXTMEM_IOC_IRQ_READ, (void *)~0xfffUL)));
	EXPECT_EQ(EXTMEM_IRQ_LEVEL, read_irq(self->fd).state);
}

/* Catches: a struct of another version that is taken for ours, or not understood. */
TEST_F(clock, sizes)
{
	static const unsigned int commands[] = { EXTMEM_IOC_IRQ_ARM, EXTMEM_IOC_IRQ_READ };
	static const unsigned int least[] = { 16, 64 };
	union {
		unsigned int size;
		unsigned char bytes[4096];
	} arg;
	unsigned int i, size;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		for (size = 0; size <= 4096; size += size < 100 ? 1 : 444) {
			memset(&arg, 0, sizeof(arg));
			arg.size = size;
			EXPECT_EQ(size < least[i] ? EINVAL : 0,
				  errno_of(ioctl(self->fd, commands[i], &arg)));
			if (size <= least[i])
				continue;
			arg.bytes[size - 1] = 1;
			EXPECT_EQ(E2BIG, errno_of(ioctl(self->fd, commands[i], &arg)));
		}
	}
}

static bool device_of(const char *name, char *device, size_t size)
{
	char path[512], link[512];
	ssize_t len;

	snprintf(path, sizeof(path), CLASS "/%s/device", name);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return false;
	link[len] = '\0';
	snprintf(device, size, "%s", strrchr(link, '/') + 1);
	return true;
}

static bool driver_write(const char *file, const char *device)
{
	char path[128];
	bool good;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/extmem-region/%s", file);
	fd = open(path, O_WRONLY);
	good = fd >= 0 && write(fd, device, strlen(device)) > 0;
	close(fd);
	return good;
}

/* When the region has gone. */
static bool ring_later(int fd)
{
	set_register(fd, MATCH, get_register(fd, NOW) + 2);
	set_register(fd, ENABLE, 1);
	return !get_register(fd, RAISED);
}

/* Catches: who waits for ever, and an eventfd that is signalled by what has gone. */
TEST_F(clock, unbind)
{
	int signal = eventfd(0, EFD_NONBLOCK), epoll = epoll_create1(0), status;
	struct epoll_event event = { .events = EPOLLPRI };
	char device[128];
	pid_t pid;

	ASSERT_TRUE(device_of(self->region.name, device, sizeof(device)));
	ASSERT_EQ(0, bind_eventfd(self->fd, signal));
	ASSERT_EQ(0, epoll_ctl(epoll, EPOLL_CTL_ADD, self->fd, &event));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(wait_for(self->fd, SOON));
	usleep(200000);
	EXPECT_TRUE(ring_later(self->fd));
	ASSERT_TRUE(driver_write("unbind", device));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(POLLERR | POLLHUP, WEXITSTATUS(status));
	EXPECT_EQ(1, epoll_wait(epoll, &event, 1, 0));
	EXPECT_EQ(EPOLLERR | EPOLLHUP, event.events);

	/* The alarm rings, and nobody is there. */
	usleep(2500000);
	EXPECT_EQ(0, signals(signal));
	EXPECT_EQ(ENODEV, arm(self->fd));
	EXPECT_EQ(ENODEV, bind_eventfd(self->fd, signal));
	EXPECT_EQ(ENODEV, arm_with(self->fd, 0, EXTMEM_IRQ_DISARM, 0));
	EXPECT_EQ(ENODEV, read_index(self->fd, 0));
	EXPECT_EQ(POLLERR | POLLHUP, wait_for(self->fd, -1));

	/* The next one has the line, which is still up. */
	ASSERT_TRUE(driver_write("bind", device));
	EXPECT_EQ(ENODEV, arm(self->fd));
	close(self->fd);
	self->fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(0, read_irq(self->fd).count);
	EXPECT_EQ(1, get_register(self->fd, RAISED));
	ASSERT_EQ(0, arm(self->fd));
	EXPECT_EQ(POLLPRI, wait_for(self->fd, SOON));
	EXPECT_EQ(1, read_irq(self->fd).count);
	EXPECT_EQ(0, signals(signal));
	close(epoll);
	close(signal);
}

/* --- regions that have none --- */

static bool has_none(const struct region *region)
{
	return !has_interrupts(region);
}

static bool find_partition(const struct region *region, void *data)
{
	if (region->partition)
		*(struct region *)data = *region;
	return region->partition;
}

static void expect_none(struct __test_metadata *_metadata, const char *name)
{
	int fd = region_open(name, O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(ENOTTY, arm(fd));
	EXPECT_EQ(ENOTTY, arm_with(fd, 0, EXTMEM_IRQ_DISARM, 0));
	EXPECT_EQ(ENOTTY, read_index(fd, 0));
	EXPECT_EQ(0, wait_for(fd, 0));
	close(fd);
}

/* Catches: an interrupt that is another region's. */
TEST(of_a_region_without)
{
	struct region region;

	if (!region_find(&region, NULL, NULL, 0, has_none))
		SKIP(return, "no region without interrupts");
	expect_none(_metadata, region.name);
}

TEST(of_a_partition)
{
	struct region region;

	if (!region_each(find_partition, &region))
		SKIP(return, "no partition");
	EXPECT_TRUE(has_none(&region));
	expect_none(_metadata, region.name);
}

TEST_HARNESS_MAIN
