// SPDX-License-Identifier: GPL-2.0
/*
 * failnth REGION [bind]	all that is done with a region, or that it comes, is open and goes
 * failnth use USER		a device of tools/testing/planted/user.c uses its region
 * failnth rebind USER		and comes and goes
 *
 * Each allocation and each copy from and to user memory that a call makes fails once: the
 * first, the second and so on, until the call comes through without one. Each time the
 * error is one that makes sense, and afterwards the region is as it was.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nth.h"
#include "stress.h"

#define SMALL		8
#define LARGE		(64UL << 10)
/* More than any call has; what goes beyond does not end. */
#define MOST_POINTS	100000
/* Up to here each point is tried, and then fewer and fewer: sim takes page by page. */
#define EACH_POINT	64

static struct stress_region region;
static char buffer[LARGE];
static bool is_pool, only_binding;

/* What a call needs that is not to fail. */
struct setting {
	int fd;
	char *map;
	int dmabuf;
	char *dmabuf_map;
};

/**
 * struct call - what is called
 * @name: of it
 * @fresh: the region is rebound before, so that all is made anew
 * @run: it; a negative errno, or not
 * @needs_file: and it needs an open file
 * @needs_map: and a mapping that nobody has touched
 * @needs_unbound: the region is unbound before
 * @needs_dmabuf: and it needs a buffer of it, or a window
 * @of_pools: a pool has it, too
 * @of_binding: so has what is only to come, be opened and go
 */
struct call {
	const char *name;
	bool fresh;
	long (*run)(struct setting *setting);
	bool needs_file;
	bool needs_map;
	bool needs_unbound;
	bool needs_dmabuf;
	bool of_pools;
	bool of_binding;
};

static size_t large(void)
{
	return region.size < LARGE ? region.size : LARGE;
}

static long call_open(struct setting *setting)
{
	setting->fd = open(region.path, O_RDWR | O_CLOEXEC);
	return or_errno(setting->fd);
}

static long call_open_alone(struct setting *setting)
{
	setting->fd = open(region.path, O_RDWR | O_CLOEXEC | O_EXCL);
	return or_errno(setting->fd);
}

static long call_read_small(struct setting *setting)
{
	return or_errno(pread(setting->fd, buffer, SMALL, 0));
}

static long call_read_large(struct setting *setting)
{
	return or_errno(pread(setting->fd, buffer, large(), 0));
}

static long call_write_small(struct setting *setting)
{
	return or_errno(pwrite(setting->fd, buffer, SMALL, 0));
}

static long call_write_large(struct setting *setting)
{
	return or_errno(pwrite(setting->fd, buffer, large(), 0));
}

static long call_mmap(struct setting *setting)
{
	char *map = mmap(NULL, region.size, PROT_READ | PROT_WRITE, MAP_SHARED, setting->fd, 0);

	if (map == MAP_FAILED)
		return -errno;
	setting->map = map;
	return 0;
}

/* The kernel tries again by itself when it has no memory for a page table. */
static long call_touch(struct setting *setting)
{
	if (FAULTS())
		return -EIO;
	peek8(setting->map);
	fault_end();
	return 0;
}

static long call_info(struct setting *setting)
{
	struct extmem_info info;

	return info_of_region(setting->fd, &info);
}

static long call_sync(struct setting *setting)
{
	long ret = sync_region(setting->fd, EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END, 0, large());

	return ret == -EOPNOTSUPP ? 0 : ret;
}

static long call_fsync(struct setting *setting)
{
	long ret = or_errno(fsync(setting->fd));

	return ret == -EOPNOTSUPP ? 0 : ret;
}

static long call_dmabuf(struct setting *setting)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = LARGE };
	struct extmem_export export = { .size = sizeof(export), .length = 4096 };
	long ret;

	if (is_pool)
		ret = or_errno(ioctl(setting->fd, EXTMEM_IOC_ALLOC, &alloc));
	else
		ret = or_errno(ioctl(setting->fd, EXTMEM_IOC_EXPORT, &export));
	if (!ret)
		setting->dmabuf = is_pool ? alloc.fd : export.fd;
	/* Registers, and what is simulated, have no windows. */
	return ret == -EPERM || ret == -EOPNOTSUPP ? 0 : ret;
}

/* From the region to a window of it, and further on in the region. */
static long call_copy(struct setting *setting)
{
	struct extmem_copy copy = {
		.size = sizeof(copy),
		.src_fd = setting->dmabuf, .dst_fd = setting->fd,
		.dst_offset = 4096, .length = 512,
	};

	long ret = setting->dmabuf < 0 ? 0 : or_errno(ioctl(setting->fd, EXTMEM_IOC_COPY, &copy));

	return ret == -EPERM || ret == -EBADF ? 0 : ret;	/* read-only */
}

/* Most regions have none. */
static long call_irq(struct setting *setting)
{
	struct extmem_irq_arm arm = { .size = sizeof(arm) };
	struct extmem_irq_read irq = { .size = sizeof(irq) };
	long ret = or_errno(ioctl(setting->fd, EXTMEM_IOC_IRQ_ARM, &arm));

	if (!ret)
		ret = or_errno(ioctl(setting->fd, EXTMEM_IOC_IRQ_READ, &irq));
	return ret == -ENOTTY ? 0 : ret;
}

static long call_dmabuf_mmap(struct setting *setting)
{
	char *map;

	if (setting->dmabuf < 0)
		return 0;
	map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, setting->dmabuf, 0);
	if (map == MAP_FAILED)
		return -errno;
	setting->dmabuf_map = map;
	return 0;
}

static long call_unbind(struct setting *setting)
{
	(void)setting;
	return driver_write("unbind", region.device);
}

static long call_bind(struct setting *setting)
{
	(void)setting;
	return driver_write("bind", region.device);
}

static long call_sysfs(struct setting *setting)
{
	static const char * const facts[] = {
		"type", "cache_policy", "cache_policy_effective", "size", "backend", "access",
		"numa_node", "open_count", "state", "uevent",
	};
	char path[256], text[256];
	size_t i;

	(void)setting;
	for (i = 0; i < ARRAY_SIZE(facts); i++) {
		ssize_t ret;

		snprintf(path, sizeof(path), "/sys/class/extmem/%s/%s", region.name, facts[i]);
		ret = read_text(path, text, sizeof(text));
		if (ret <= 0)
			return ret ?: -EIO;
	}
	return 0;
}

static const struct call calls[] = {
	{ "open, the first", .run = call_open, .fresh = true, .of_pools = true,
	  .of_binding = true },
	{ "open, another", .run = call_open, .of_pools = true },
	{ "open with O_EXCL", .run = call_open_alone, .of_pools = true },
	{ "read, the first", .run = call_read_small, .needs_file = true, .fresh = true },
	{ "read, another", .run = call_read_small, .needs_file = true },
	{ "read, a large one", .run = call_read_large, .needs_file = true },
	{ "write, the first", .run = call_write_small, .needs_file = true, .fresh = true },
	{ "write, another", .run = call_write_small, .needs_file = true },
	{ "write, a large one", .run = call_write_large, .needs_file = true },
	{ "mmap, the first", .run = call_mmap, .needs_file = true, .fresh = true },
	{ "mmap, another", .run = call_mmap, .needs_file = true },
	{ "the first touch", .run = call_touch, .needs_map = true, .fresh = true },
	{ "a touch", .run = call_touch, .needs_map = true },
	{ "INFO, the first", .run = call_info, .needs_file = true, .fresh = true,
	  .of_pools = true },
	{ "INFO, another", .run = call_info, .needs_file = true },
	{ "SYNC, the first", .run = call_sync, .needs_file = true, .fresh = true },
	{ "SYNC, another", .run = call_sync, .needs_file = true },
	{ "COPY", .run = call_copy, .needs_file = true, .needs_dmabuf = true, .fresh = true },
	{ "IRQ_ARM and IRQ_READ", .run = call_irq, .needs_file = true, .fresh = true },
	{ "fsync", .run = call_fsync, .needs_file = true, .fresh = true },
	{ "a dma-buf", .run = call_dmabuf, .needs_file = true, .fresh = true,
	  .of_pools = true },
	{ "mmap of a dma-buf", .run = call_dmabuf_mmap, .needs_file = true,
	  .needs_dmabuf = true, .of_pools = true },
	{ "sysfs", .run = call_sysfs, .fresh = true, .of_pools = true },
	{ "unbind, unused", .run = call_unbind, .fresh = true, .of_pools = true,
	  .of_binding = true },
	{ "unbind, with a dma-buf", .run = call_unbind, .needs_file = true,
	  .needs_dmabuf = true, .of_pools = true },
	{ "unbind, mapped", .run = call_unbind, .needs_map = true },
	{ "bind", .run = call_bind, .needs_unbound = true, .of_pools = true,
	  .of_binding = true },
};

static bool is_bound(void)
{
	char path[256];

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/extmem-region/%s", region.device);
	return !access(path, F_OK);
}

static void rebind(void)
{
	if (is_bound())
		must("unbind", driver_write("unbind", region.device));
	must("bind", driver_write("bind", region.device));
}

static void prepare(const struct call *call, struct setting *setting)
{
	*setting = (struct setting){ .fd = -1, .dmabuf = -1 };
	if (call->fresh)
		rebind();
	if (call->needs_file || call->needs_map)
		must("open", call_open(setting));
	if (call->needs_map)
		must("mmap", call_mmap(setting));
	if (call->needs_dmabuf)
		must("a dma-buf", call_dmabuf(setting));
	if (call->needs_unbound)
		must("unbind", driver_write("unbind", region.device));
}

/* Catches: a success that is none, a failure that has left something behind. */
static void clean_up(const struct call *call, struct setting *setting, long ret)
{
	if (setting->map)
		munmap(setting->map, region.size);
	if (setting->dmabuf_map)
		munmap(setting->dmabuf_map, 4096);
	if (setting->dmabuf >= 0)
		close(setting->dmabuf);
	if (setting->fd >= 0)
		close(setting->fd);
	if ((call->run == call_unbind && ret >= 0 && is_bound()) ||
	    (call->run == call_unbind && ret < 0 && !is_bound()) ||
	    (call->run == call_bind && ret >= 0 && !is_bound()) ||
	    (call->run == call_bind && ret < 0 && is_bound()))
		fail("%s: returned %ld, but it is %sbound", call->name, ret,
		     is_bound() ? "" : "not ");
	/* After a success, too: a partition that could not be made does not fail bind. */
	if (call->run == call_bind)
		rebind();
	else if (!is_bound())
		must("bind", driver_write("bind", region.device));
}

/* Catches: a buffer that nobody has, and that is not given back. */
static void look_at_pool(const struct call *call)
{
	char path[256], text[32] = "";

	snprintf(path, sizeof(path), "/sys/class/extmem/%s/pool_in_use", region.name);
	must("pool_in_use", read_text(path, text, sizeof(text)));
	if (strcmp(text, "0") && strcmp(text, "0\n"))
		fail("after %s %s bytes are in use", call->name, text);
}

/* Catches: a region that a failure has broken, and a user that is still counted. */
static void region_works(const struct call *call)
{
	struct setting setting = { .fd = -1, .dmabuf = -1 };
	struct extmem_info info;

	step("a look at the region after %s", call->name);
	if (only_binding)
		return;
	must("open alone", call_open_alone(&setting));
	must("info", info_of_region(setting.fd, &info));
	if (info.open_count != 1)
		fail("after %s it is open %u times", call->name, info.open_count);
	if (is_pool) {
		look_at_pool(call);
	} else {
		must("read", call_read_small(&setting));
		must("write", call_write_small(&setting));
		must("mmap", call_mmap(&setting));
		must("touch", call_touch(&setting));
		munmap(setting.map, region.size);
	}
	must("a dma-buf", call_dmabuf(&setting));
	must("mmap of a dma-buf", call_dmabuf_mmap(&setting));
	if (setting.dmabuf_map)
		munmap(setting.dmabuf_map, 4096);
	if (setting.dmabuf >= 0)
		close(setting.dmabuf);
	close(setting.fd);
}

/*
 * What an allocation, or a copy of user memory, that fails may come to.
 * request_mem_region() does not tell its own want of memory from a claim of others.
 */
static bool makes_sense(const struct call *call, long ret)
{
	return ret >= 0 || ret == -ENOMEM || ret == -EFAULT ||
	       (ret == -EBUSY && call->run == call_bind);
}

static void try_all(const struct call *call)
{
	unsigned int nth, points = 0, failures = 0;
	bool came = true;

	for (nth = 1; came; nth += 1 + nth / EACH_POINT) {
		struct setting setting;
		long ret;

		step("%s, failure %u", call->name, nth);
		if (nth > MOST_POINTS)
			fail("%s: still fails at %u", call->name, nth);
		prepare(call, &setting);
		nth_arm(nth);
		ret = call->run(&setting);
		came = nth_disarm();
		if (!makes_sense(call, ret) || (!came && ret < 0))
			fail("%s: failure %u: %s", call->name, nth, strerror(-ret));
		points += came;
		failures += ret < 0;
		clean_up(call, &setting, ret);
		region_works(call);
	}
	nth_count(call->name, points, failures);
}

static bool has_no_bytes(void)
{
	struct setting setting = { .fd = -1 };
	long ret;

	must("open", call_open(&setting));
	ret = call_read_small(&setting);
	close(setting.fd);
	return ret == -ENXIO;
}

static void try_region(const char *name)
{
	size_t i;

	find_region(name, &region);
	is_pool = !only_binding && has_no_bytes();
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		if (only_binding ? calls[i].of_binding : !is_pool || calls[i].of_pools)
			try_all(&calls[i]);
}

/* A device of user.c, whose driver uses a region in all the ways there are. */
#define USERS "/sys/bus/platform/drivers/failnth-user"

static bool user_is_bound(const char *device)
{
	char path[256];

	snprintf(path, sizeof(path), USERS "/%s", device);
	return !access(path, F_OK);
}

static long user_write(const char *file, const char *device)
{
	char path[256];
	long ret;
	int fd;

	snprintf(path, sizeof(path), USERS "/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = or_errno(write(fd, device, strlen(device)));
	close(fd);
	return ret;
}

static void try_user(const char *device, bool bind)
{
	const char *what = bind ? "bind" : "unbind";
	unsigned int nth, points = 0, failures = 0;
	bool came = true;

	for (nth = 1; came; nth++) {
		long ret;

		step("%s of a user, failure %u", what, nth);
		if (user_is_bound(device) == bind)
			must("prepare", user_write(bind ? "unbind" : "bind", device));
		nth_arm(nth);
		ret = user_write(what, device);
		came = nth_disarm();
		/*
		 * Any error: device_link_add() does not say that it had no memory, and is
		 * taken to have found a circle.
		 */
		if (ret < 0 && !came)
			fail("%s of a user, failure %u: %s", what, nth, strerror(-ret));
		if (user_is_bound(device) != (ret >= 0 ? bind : !bind))
			fail("%s of a user: returned %ld, but it is %sbound", what, ret,
			     user_is_bound(device) ? "" : "not ");
		points += came;
		failures += ret < 0;
	}
	nth_count(bind ? "bind of a user" : "unbind of a user", points, failures);
}

static void try_using(const char *device)
{
	unsigned int nth, points = 0, failures = 0;
	bool came = true;
	char path[256];
	int fd;

	snprintf(path, sizeof(path), USERS "/%s/use", device);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	for (nth = 1; came; nth++) {
		long ret;

		step("use, failure %u", nth);
		nth_arm(nth);
		ret = or_errno(pwrite(fd, "1", 1, 0));
		came = nth_disarm();
		if (ret < 0 && !(came && (ret == -ENOMEM || ret == -EFAULT)))
			fail("use, failure %u: %s", nth, strerror(-ret));
		points += came;
		failures += ret < 0;
	}
	close(fd);
	nth_count("use", points, failures);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		fail("usage: failnth REGION [bind] | (use|rebind) USER");
	watch();
	catch_faults();
	nth_start();
	if (argc > 2 && !strcmp(argv[1], "use")) {
		try_using(argv[2]);
	} else if (argc > 2 && !strcmp(argv[1], "rebind")) {
		try_user(argv[2], true);
		try_user(argv[2], false);
	} else {
		only_binding = argc > 2 && !strcmp(argv[2], "bind");
		try_region(argv[1]);
	}
	nth_end();
}
