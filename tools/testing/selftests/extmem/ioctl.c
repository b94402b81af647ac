// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of /dev/extmem/<name>, for each region that there is. Built for 32 bits,
 * too, where the kernel runs such programs: the structs are the same. See regions.h for
 * what is needed.
 */
#include <assert.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "regions.h"

/* Neither a compiler's padding nor a width of its own. */
static_assert(sizeof(struct extmem_info) == 216, "size of extmem_info");
static_assert(offsetof(struct extmem_info, bytes) == 8, "extmem_info.bytes");
static_assert(offsetof(struct extmem_info, open_count) == 52, "extmem_info.open_count");
static_assert(offsetof(struct extmem_info, name) == 56, "extmem_info.name");
static_assert(offsetof(struct extmem_info, backend) == 184, "extmem_info.backend");
static_assert(sizeof(struct extmem_sync) == 32, "size of extmem_sync");
static_assert(offsetof(struct extmem_sync, done) == 24, "extmem_sync.done");
static_assert(EXTMEM_IOC_INFO == 0xba00 && EXTMEM_IOC_SYNC == 0xba01, "numbers");

static const char * const types[] = { "mmio", "ram", "rom", "nvram", "cma" };
static const char * const policies[] = {
	"uncached", "write-combine", "write-through", "write-back",
};

static const char * const effectives[] = {
	"unknown", "uncached-nonposted", "uncached", "write-combine", "write-through",
	"write-back",
};

static const char *name_of(const char * const names[], size_t count, unsigned int value)
{
	return value < count ? names[value] : "?";
}

struct visit {
	struct __test_metadata *_metadata;
	int count;
};

static void expect_fact(struct __test_metadata *_metadata, const struct region *region,
			const char *file, const char *said)
{
	char value[256];

	ASSERT_TRUE(region_fact(region->name, file, value, sizeof(value)));
	EXPECT_STREQ(value, said) {
		TH_LOG("%s of %s", file, region->name);
	}
}

static bool compare_with_sysfs(const struct region *region, void *data)
{
	struct visit *visit = data;
	struct __test_metadata *_metadata = visit->_metadata;
	struct extmem_info info = { .size = sizeof(info) };
	int fd = region_open(region->name, O_RDONLY);
	char text[32];

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, ioctl(fd, EXTMEM_IOC_INFO, &info)) {
		TH_LOG("%s: %s", region->name, strerror(errno));
	}
	EXPECT_EQ(sizeof(info), info.size);
	EXPECT_EQ(0, info.flags);
	EXPECT_STREQ(region->name, info.name);
	expect_fact(_metadata, region, "backend", info.backend);
	expect_fact(_metadata, region, "type", name_of(types, ARRAY_SIZE(types), info.type));
	expect_fact(_metadata, region, "cache_policy",
		    name_of(policies, ARRAY_SIZE(policies), info.policy));
	expect_fact(_metadata, region, "cache_policy_effective",
		    name_of(effectives, ARRAY_SIZE(effectives), info.effective));
	expect_fact(_metadata, region, "access", info.access & EXTMEM_ACCESS_WRITE ? "rw" : "ro");
	expect_fact(_metadata, region, "state",
		    info.state == EXTMEM_STATE_READY ? "ready" : "?");
	snprintf(text, sizeof(text), "%#llx", (unsigned long long)info.bytes);
	expect_fact(_metadata, region, "size", text);
	snprintf(text, sizeof(text), "%d", info.numa_node);
	expect_fact(_metadata, region, "numa_node", text);
	snprintf(text, sizeof(text), "%u", info.open_count);
	expect_fact(_metadata, region, "open_count", text);
	EXPECT_LE(1, info.open_count);
	EXPECT_EQ(region->has_address ? region->phys : EXTMEM_PHYS_ADDR_NONE, info.phys_addr) {
		TH_LOG("%s", region->name);
	}
	EXPECT_EQ(0, info.access & ~(EXTMEM_ACCESS_WRITE | EXTMEM_ACCESS_MMAP |
				     EXTMEM_ACCESS_COHERENT));
	EXPECT_TRUE(!info.io_width || info.io_width == 1 || info.io_width == 2 ||
		    info.io_width == 4 || info.io_width == 8);
	close(fd);
	visit->count++;
	return false;
}

/* Catches: a fact that is another one's, or that sysfs and the ioctl see differently. */
TEST(info_of_every_region)
{
	struct visit visit = { _metadata, 0 };

	region_each(compare_with_sysfs, &visit);
	if (!visit.count)
		SKIP(return, "no regions");
	TH_LOG("%d regions", visit.count);
}

static bool compare_mmap(const struct region *region, void *data)
{
	struct visit *visit = data;
	struct __test_metadata *_metadata = visit->_metadata;
	struct extmem_info info = region_info(region);
	int fd = region_open(region->name, O_RDONLY);
	void *at;

	ASSERT_LE(0, fd);
	at = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
	EXPECT_EQ(!!(info.access & EXTMEM_ACCESS_MMAP), at != MAP_FAILED) {
		TH_LOG("%s: access 0x%x, mmap: %s", region->name, info.access, strerror(errno));
	}
	close(fd);
	visit->count++;
	return false;
}

/* Catches: a promise that mmap() does not keep, and the reverse. */
TEST(info_mmap_is_true)
{
	struct visit visit = { _metadata, 0 };

	region_each(compare_mmap, &visit);
	if (!visit.count)
		SKIP(return, "no regions");
}

/* --- on one region --- */

FIXTURE(ioctl) {
	struct region region;
	int fd;
};

FIXTURE_SETUP(ioctl)
{
	/* Cached memory has not on each machine what SYNC takes. */
	if (!region_find(&self->region, "ram", "write-combine", 64 * KiB, region_is_usable))
		SKIP(return, "no write-combined ram region");
	self->fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(ioctl)
{
	close(self->fd);
}

union grown {
	struct extmem_info info;
	struct extmem_sync sync;
	unsigned char bytes[8192];
};

#define TRY(number, arg)	errno_of(ioctl(self->fd, number, arg))

/* Catches: a struct of another version that is taken for ours, or not understood. */
TEST_F(ioctl, info_sizes)
{
	union grown arg;
	size_t i;

	for (i = 0; i < sizeof(arg.info); i++) {
		memset(&arg, 0, sizeof(arg));
		arg.info.size = i;
		EXPECT_EQ(EINVAL, TRY(EXTMEM_IOC_INFO, &arg));
	}
	memset(&arg, 0, sizeof(arg));
	for (i = sizeof(arg.info); i <= 4096; i += i < 300 ? 1 : 512) {
		memset(arg.bytes, 0, i);
		memset(arg.bytes + i, 0xa5, 8);
		arg.info.size = i;
		ASSERT_EQ(0, TRY(EXTMEM_IOC_INFO, &arg)) {
			TH_LOG("size %zu", i);
		}
		EXPECT_EQ(i, arg.info.size);
		EXPECT_EQ(self->region.size, arg.info.bytes);
		EXPECT_EQ(0xa5, arg.bytes[i]);
		if (i > sizeof(arg.info)) {
			arg.bytes[i - 1] = 1;
			EXPECT_EQ(E2BIG, TRY(EXTMEM_IOC_INFO, &arg));
			arg.bytes[i - 1] = 0;
			arg.bytes[sizeof(arg.info)] = 0x80;
			EXPECT_EQ(E2BIG, TRY(EXTMEM_IOC_INFO, &arg));
		}
	}
}

/* Catches: a member that is not looked at, so that it can never mean anything. */
TEST_F(ioctl, info_flags)
{
	struct extmem_info info;
	int bit;

	for (bit = 0; bit < 32; bit++) {
		info = (struct extmem_info) { .size = sizeof(info), .flags = 1U << bit };
		EXPECT_EQ(EINVAL, TRY(EXTMEM_IOC_INFO, &info));
	}
	/* What is for the kernel to fill in may have anything in it. */
	memset(&info, 0xff, sizeof(info));
	info.size = sizeof(info);
	info.flags = 0;
	EXPECT_EQ(0, TRY(EXTMEM_IOC_INFO, &info));
	EXPECT_STREQ(self->region.name, info.name);
}

/* Catches: a number that is cut, or taken for another because of its direction or size. */
TEST_F(ioctl, unknown_numbers)
{
	struct extmem_info info = { .size = sizeof(info) };
	unsigned int number;

	for (number = 0xba05; number <= 0xbaff; number++)
		EXPECT_EQ(ENOTTY, TRY(number, &info));
	EXPECT_EQ(ENOTTY, TRY(0, &info));
	EXPECT_EQ(ENOTTY, TRY(0xbb00, &info));
	EXPECT_EQ(ENOTTY, TRY(_IOR(EXTMEM_IOC_TYPE, 0, struct extmem_info), &info));
	EXPECT_EQ(ENOTTY, TRY(_IOWR(EXTMEM_IOC_TYPE, 0, struct extmem_info), &info));
	EXPECT_EQ(ENOTTY, TRY(_IOWR(EXTMEM_IOC_TYPE, 1, struct extmem_sync), &info));
	EXPECT_EQ(ENOTTY, TRY(0xffffffff, &info));
}

/* Catches: an argument that the kernel believes in, or whose end it does not check. */
TEST_F(ioctl, bad_pointers)
{
	static const unsigned int numbers[] = { EXTMEM_IOC_INFO, EXTMEM_IOC_SYNC };
	size_t page = sysconf(_SC_PAGESIZE), i;
	unsigned char *at = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_TRUE(at != MAP_FAILED);
	ASSERT_EQ(0, munmap(at + page, page));
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		union grown *end = (void *)(at + page - 16);
		union grown *fits;

		EXPECT_EQ(EFAULT, TRY(numbers[i], NULL));
		EXPECT_EQ(EFAULT, TRY(numbers[i], (void *)-4096L));
		EXPECT_EQ(EFAULT, TRY(numbers[i], at + page));
		EXPECT_EQ(EFAULT, TRY(numbers[i], at + page - 2));
		/* Too short is too short, wherever it ends. */
		end->info.size = 16;
		EXPECT_EQ(EINVAL, TRY(numbers[i], end));
		end->info.size = numbers[i] == EXTMEM_IOC_INFO ? sizeof(end->info) :
								 sizeof(end->sync);
		EXPECT_EQ(EFAULT, TRY(numbers[i], end));
		/* Longer than the address space. */
		fits = (void *)(at + page - sizeof(fits->info));
		memset(fits, 0, sizeof(fits->info));
		fits->info.size = 0xffffffff;
		EXPECT_NE(0, TRY(numbers[i], fits));
		/* What cannot be written to cannot be answered. */
		fits->info = (struct extmem_info) { .size = sizeof(fits->info) };
		if (numbers[i] == EXTMEM_IOC_SYNC)
			fits->sync = (struct extmem_sync) {
				.size = sizeof(fits->sync), .flags = EXTMEM_SYNC_READ, .length = 1,
			};
		ASSERT_EQ(0, mprotect(at, page, PROT_READ));
		EXPECT_EQ(EFAULT, TRY(numbers[i], fits));
		ASSERT_EQ(0, mprotect(at, page, PROT_READ | PROT_WRITE));
		EXPECT_EQ(0, TRY(numbers[i], fits));
	}
	munmap(at, page);
}

/* Catches: a struct that must be where the compiler would have put it. */
TEST_F(ioctl, unaligned)
{
	unsigned char buf[sizeof(struct extmem_info) + 8];
	struct extmem_info info = { .size = sizeof(info) }, aligned = info;
	struct extmem_sync sync = { .size = sizeof(sync), .flags = EXTMEM_SYNC_READ, .length = 8 };
	int i;

	ASSERT_EQ(0, TRY(EXTMEM_IOC_INFO, &aligned));
	for (i = 1; i < 8; i++) {
		memcpy(buf + i, &info, sizeof(info));
		ASSERT_EQ(0, TRY(EXTMEM_IOC_INFO, buf + i));
		EXPECT_EQ(0, memcmp(buf + i, &aligned, sizeof(aligned)));
		memcpy(buf + i, &sync, sizeof(sync));
		EXPECT_EQ(0, TRY(EXTMEM_IOC_SYNC, buf + i));
	}
}

/* A process that is nobody, with a file that root has opened for it. */
static int phys_addr_for_nobody(int fd)
{
	struct extmem_info info = { .size = sizeof(info) };
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (setgid(65534) || setuid(65534))
			_exit(1);
		if (ioctl(fd, EXTMEM_IOC_INFO, &info))
			_exit(2);
		_exit(info.phys_addr == EXTMEM_PHYS_ADDR_NONE && info.bytes ? 0 : 3);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Catches: an address that who has no use for it learns. */
TEST_F(ioctl, nobody_sees_no_address)
{
	struct extmem_info info = { .size = sizeof(info) };

	ASSERT_EQ(0, TRY(EXTMEM_IOC_INFO, &info));
	if (info.phys_addr == EXTMEM_PHYS_ADDR_NONE)
		SKIP(return, "%s has no address", self->region.name);
	EXPECT_EQ(0, phys_addr_for_nobody(self->fd));
}

static int open_as_nobody(const char *name)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (setgid(65534) || setuid(65534))
			_exit(1);
		_exit(errno_of(region_open(name, O_RDONLY)));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Catches: a device for everybody. */
TEST_F(ioctl, nobody_opens_nothing)
{
	EXPECT_EQ(EACCES, open_as_nobody(self->region.name));
}

#define SYNC(...)								\
	({									\
		struct extmem_sync sync_ = { .size = sizeof(sync_), __VA_ARGS__ }; \
		TRY(EXTMEM_IOC_SYNC, &sync_);					\
	})

/* Catches: a flag that is not known today, and is not refused. */
TEST_F(ioctl, sync_flags)
{
	static const unsigned int good[] = {
		EXTMEM_SYNC_READ, EXTMEM_SYNC_WRITE, EXTMEM_SYNC_READ | EXTMEM_SYNC_WRITE,
		EXTMEM_SYNC_READ | EXTMEM_SYNC_END, EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END,
		EXTMEM_SYNC_READ | EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		EXPECT_EQ(0, SYNC(.flags = good[i], .length = 64)) {
			TH_LOG("flags 0x%x", good[i]);
		}
	}
	EXPECT_EQ(EINVAL, SYNC(.flags = 0, .length = 64));
	EXPECT_EQ(EINVAL, SYNC(.flags = EXTMEM_SYNC_END, .length = 64));
	for (i = 3; i < 32; i++)
		EXPECT_EQ(EINVAL, SYNC(.flags = EXTMEM_SYNC_READ | 1U << i, .length = 64));
}

/* Catches: a range that is empty, wraps, or is another's. */
TEST_F(ioctl, sync_range)
{
	const __u64 size = self->region.size;
	const unsigned int flags = EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END;

	EXPECT_EQ(0, SYNC(.flags = flags, .offset = 0, .length = size));
	EXPECT_EQ(0, SYNC(.flags = flags, .offset = size - 1, .length = 1));
	EXPECT_EQ(0, SYNC(.flags = flags, .offset = 13, .length = 77));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = 0, .length = 0));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = size, .length = 0));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = size, .length = 1));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = 0, .length = size + 1));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = size - 1, .length = 2));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = 1, .length = UINT64_MAX));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = UINT64_MAX, .length = 1));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = 1ULL << 63, .length = 1ULL << 63));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = 0, .length = 1ULL << 63));
	EXPECT_EQ(EINVAL, SYNC(.flags = flags, .offset = 1ULL << 32, .length = 1));
}

TEST_F(ioctl, sync_reserved)
{
	int bit;

	for (bit = 0; bit < 32; bit++)
		EXPECT_EQ(EINVAL, SYNC(.flags = EXTMEM_SYNC_READ, .length = 1,
				       .reserved = 1U << bit));
}

TEST_F(ioctl, sync_sizes)
{
	union grown arg;
	size_t i;

	for (i = 0; i <= 4096; i += i < 100 ? 1 : 512) {
		memset(&arg, 0, sizeof(arg));
		arg.sync = (struct extmem_sync) {
			.size = i, .flags = EXTMEM_SYNC_READ, .length = 1, .done = 0xffffffff,
		};
		if (i < sizeof(arg.sync)) {
			EXPECT_EQ(EINVAL, TRY(EXTMEM_IOC_SYNC, &arg));
			continue;
		}
		ASSERT_EQ(0, TRY(EXTMEM_IOC_SYNC, &arg));
		EXPECT_EQ(i, arg.sync.size);
		EXPECT_NE(0xffffffff, arg.sync.done);
		if (i > sizeof(arg.sync)) {
			arg.bytes[i - 1] = 0x80;
			EXPECT_EQ(E2BIG, TRY(EXTMEM_IOC_SYNC, &arg));
		}
	}
}

/* What was needed, or minus the errno. */
static int sync_done(const struct region *region, unsigned int flags)
{
	struct extmem_sync sync = {
		.size = sizeof(sync), .flags = flags, .length = 64, .done = 77,
	};
	int fd = region_open(region->name, O_RDONLY);
	int ret = errno_of(ioctl(fd, EXTMEM_IOC_SYNC, &sync));

	close(fd);
	return ret ? -ret : (int)sync.done;
}

static bool is_cached(const struct region *region)
{
	return !strcmp(region->policy, "write-back") || !strcmp(region->policy, "write-through");
}

static bool check_sync(const struct region *region, void *data)
{
	const unsigned int to_cpu = EXTMEM_SYNC_READ;
	const unsigned int to_device = EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END;
	struct visit *visit = data;
	struct __test_metadata *_metadata = visit->_metadata;
	bool coherent = region_info(region).access & EXTMEM_ACCESS_COHERENT;
	int done = sync_done(region, to_device);

	if (region_is_pool(region)) {
		EXPECT_EQ(-ENXIO, done);
		return false;
	}
	/* Nothing is pending before one writes, and after one has read. */
	EXPECT_EQ(EXTMEM_SYNC_NOTHING, sync_done(region, EXTMEM_SYNC_WRITE));
	EXPECT_EQ(EXTMEM_SYNC_NOTHING, sync_done(region, EXTMEM_SYNC_READ | EXTMEM_SYNC_END));
	if (!strcmp(region->policy, "uncached") && strcmp(region->type, "cma")) {
		EXPECT_EQ(EXTMEM_SYNC_NOTHING, done);
	} else if (!is_cached(region) || coherent) {
		EXPECT_EQ(EXTMEM_SYNC_BARRIER, done);
	} else {
		EXPECT_TRUE(done == EXTMEM_SYNC_CACHE || done == -EOPNOTSUPP) {
			TH_LOG("%s: %d", region->name, done);
		}
	}
	EXPECT_EQ(done, sync_done(region, to_cpu)) {
		TH_LOG("%s", region->name);
	}
	EXPECT_EQ(!is_cached(region) || coherent, coherent);
	visit->count++;
	return false;
}

/* Catches: cached memory that is said to need nothing, and work that nobody needs. */
TEST(sync_says_what_was_done)
{
	struct visit visit = { _metadata, 0 };

	region_each(check_sync, &visit);
	if (!visit.count)
		SKIP(return, "no regions");
}

/* Catches: a SYNC of which the content does not survive. */
TEST(sync_keeps_the_content)
{
	static const unsigned int flags[] = {
		EXTMEM_SYNC_READ, EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END,
		EXTMEM_SYNC_READ | EXTMEM_SYNC_WRITE,
	};
	static const char * const kinds[] = { "ram", "nvram", "cma" };
	unsigned char out[4096], in[4096];
	struct region region;
	size_t kind, i;

	for (kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
		int fd;

		if (!region_find(&region, kinds[kind], "write-back", 64 * KiB, region_is_usable))
			continue;
		fd = region_open(region.name, O_RDWR);
		for (i = 0; i < ARRAY_SIZE(flags); i++) {
			struct extmem_sync sync = {
				.size = sizeof(sync), .flags = EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END,
				.length = 8192,
			};

			fill(out, sizeof(out), i + kind);
			ASSERT_EQ(4096, pwrite(fd, out, 4096, 100));
			/* What the CPU has written is the device's to see. */
			ioctl(fd, EXTMEM_IOC_SYNC, &sync);
			sync.flags = flags[i];
			ioctl(fd, EXTMEM_IOC_SYNC, &sync);
			ASSERT_EQ(4096, pread(fd, in, 4096, 100));
			EXPECT_EQ(4096, differs(in, 4096, i + kind));
		}
		close(fd);
	}
}

TEST_HARNESS_MAIN
