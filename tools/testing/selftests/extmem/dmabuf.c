// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers from pools and windows of regions, as dma-bufs: for their user, for his
 * children and for another driver (vgem). See regions.h for what is needed.
 */
#include <assert.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <drm/drm.h>
#include <linux/dma-buf.h>

#include "kselftest_harness.h"
#include "regions.h"

static_assert(sizeof(struct extmem_alloc) == 32, "size of extmem_alloc");
static_assert(offsetof(struct extmem_alloc, fd) == 24, "extmem_alloc.fd");
static_assert(sizeof(struct extmem_export) == 32, "size of extmem_export");
static_assert(offsetof(struct extmem_export, fd) == 24, "extmem_export.fd");
static_assert(EXTMEM_IOC_ALLOC == 0xba02 && EXTMEM_IOC_EXPORT == 0xba03, "numbers");

#define BUFFER_SIZE	(64 * KiB)
#define LARGE_SIZE	(256 * KiB)

FIXTURE(pool)
{
	struct region region;
	int fd;
};

FIXTURE_VARIANT(pool)
{
	const char *policy;
	bool for_drivers;	/* the only such pools are reusable */
};

FIXTURE_VARIANT_ADD(pool, cached)
{
	.policy = "write-back",
	.for_drivers = true,
};

FIXTURE_VARIANT_ADD(pool, write_combine)
{
	.policy = "write-combine",
};

FIXTURE_VARIANT_ADD(pool, uncached)
{
	.policy = "uncached",
	.for_drivers = true,
};

FIXTURE_SETUP(pool)
{
	self->fd = -1;
	if (!region_find(&self->region, "cma", variant->policy, 2 * LARGE_SIZE, region_is_pool))
		SKIP(return, "no %s pool", variant->policy);
	self->fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(pool)
{
	if (self->fd >= 0)
		close(self->fd);
}

/* The descriptor, or -1. */
static int take(int pool, __u64 length)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = length };

	return ioctl(pool, EXTMEM_IOC_ALLOC, &alloc) ? -1 : alloc.fd;
}

static unsigned char *map(int buffer, size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, buffer, 0);
}

static int sync_with(int buffer, __u64 flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	return ioctl(buffer, DMA_BUF_IOCTL_SYNC, &sync);
}

static long long figure(const struct region *region, const char *file)
{
	char text[32];

	return region_fact(region->name, file, text, sizeof(text)) ? atoll(text) : -1;
}

/* Catches: part of a page, a size that is another's, a descriptor that leaks into others. */
TEST_F(pool, sizes)
{
	static const __u64 asked[] = { 1, 4095, 4096, 4097, BUFFER_SIZE, LARGE_SIZE };
	const size_t page = sysconf(_SC_PAGESIZE);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(asked); i++) {
		struct extmem_alloc alloc = { .size = sizeof(alloc), .length = asked[i] };
		__u64 whole = (asked[i] + page - 1) / page * page;

		ASSERT_EQ(0, ioctl(self->fd, EXTMEM_IOC_ALLOC, &alloc)) {
			TH_LOG("%llu bytes: %s", (unsigned long long)asked[i], strerror(errno));
		}
		EXPECT_EQ(whole, alloc.length);
		EXPECT_EQ(sizeof(alloc), alloc.size);
		EXPECT_NE(EXTMEM_PHYS_ADDR_NONE, alloc.dma_addr);
		EXPECT_EQ(0, alloc.dma_addr % page);
		EXPECT_EQ(whole, lseek(alloc.fd, 0, SEEK_END));
		EXPECT_EQ(FD_CLOEXEC, fcntl(alloc.fd, F_GETFD));
		EXPECT_EQ(0, close(alloc.fd));
	}
}

/* Catches: the bytes of who had the buffer before. */
TEST_F(pool, zeroed)
{
	int round, buffers[8];
	unsigned int i;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < ARRAY_SIZE(buffers); i++) {
			unsigned char *at;
			size_t k;

			buffers[i] = take(self->fd, BUFFER_SIZE);
			ASSERT_LE(0, buffers[i]);
			at = map(buffers[i], BUFFER_SIZE);
			ASSERT_TRUE(at != MAP_FAILED);
			for (k = 0; k < BUFFER_SIZE && !at[k]; k++)
				;
			EXPECT_EQ(BUFFER_SIZE, k);
			memset(at, 0xff, BUFFER_SIZE);
			munmap(at, BUFFER_SIZE);
		}
		for (i = 0; i < ARRAY_SIZE(buffers); i++)
			close(buffers[i]);
	}
}

/* Catches: bad input that is taken, or that costs the pool something. */
TEST_F(pool, bad_input)
{
	const struct extmem_alloc good = { .size = sizeof(good), .length = BUFFER_SIZE };
	struct {
		struct extmem_alloc alloc;
		__u64 more;
	} longer = { .alloc = good };
	struct extmem_alloc alloc;
	int reader;

	alloc = good;
	alloc.length = 0;
	EXPECT_EQ(EINVAL, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, &alloc)));
	alloc.length = self->region.size + 1;
	EXPECT_EQ(ENOMEM, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, &alloc)));
	alloc.length = 1ULL << 63;
	EXPECT_EQ(ENOMEM, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, &alloc)));
	alloc.length = ~0ULL;
	EXPECT_EQ(ENOMEM, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, &alloc)));
	alloc = good;
	alloc.flags = 1;
	EXPECT_EQ(EINVAL, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, &alloc)));
	alloc = good;
	alloc.reserved = 1;
	EXPECT_EQ(EINVAL, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, &alloc)));
	alloc = good;
	alloc.size = sizeof(alloc) - 1;
	EXPECT_EQ(EINVAL, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, &alloc)));
	longer.alloc.size = sizeof(longer);
	longer.more = 1;
	EXPECT_EQ(E2BIG, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, &longer)));
	EXPECT_EQ(EFAULT, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, NULL)));

	reader = region_open(self->region.name, O_RDONLY);
	ASSERT_LE(0, reader);
	alloc = good;
	EXPECT_EQ(EACCES, errno_of(ioctl(reader, EXTMEM_IOC_ALLOC, &alloc)));
	close(reader);
	EXPECT_EQ(0, figure(&self->region, "pool_in_use"));

	/* A struct of tomorrow's, from somebody who wants nothing new. */
	longer.more = 0;
	EXPECT_EQ(0, ioctl(self->fd, EXTMEM_IOC_ALLOC, &longer));
	close(longer.alloc.fd);
}

/* Catches: a buffer for which there is a descriptor that nobody was told of. */
TEST_F(pool, told_to_nobody)
{
	struct extmem_alloc *alloc = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int before, after;

	ASSERT_TRUE(alloc != MAP_FAILED);
	alloc->size = sizeof(*alloc);
	alloc->length = BUFFER_SIZE;
	ASSERT_EQ(0, mprotect(alloc, 4096, PROT_READ));
	before = dup(self->fd);
	close(before);
	EXPECT_EQ(EFAULT, errno_of(ioctl(self->fd, EXTMEM_IOC_ALLOC, alloc)));
	after = dup(self->fd);
	close(after);
	EXPECT_EQ(before, after);
	EXPECT_EQ(0, figure(&self->region, "pool_in_use"));
}

/* Catches: figures that are of something else. */
TEST_F(pool, figures)
{
	long long allocations = figure(&self->region, "pool_allocations");
	long long failures = figure(&self->region, "pool_failures");
	int one = take(self->fd, BUFFER_SIZE), two = take(self->fd, LARGE_SIZE);

	ASSERT_LE(0, one);
	ASSERT_LE(0, two);
	EXPECT_EQ(BUFFER_SIZE + LARGE_SIZE, figure(&self->region, "pool_in_use"));
	EXPECT_EQ(allocations + 2, figure(&self->region, "pool_allocations"));
	EXPECT_LE(BUFFER_SIZE + LARGE_SIZE, figure(&self->region, "pool_high_water"));
	EXPECT_EQ(-1, take(self->fd, self->region.size));
	EXPECT_EQ(failures + 1, figure(&self->region, "pool_failures"));
	close(one);
	EXPECT_EQ(LARGE_SIZE, figure(&self->region, "pool_in_use"));
	close(two);
	EXPECT_EQ(0, figure(&self->region, "pool_in_use"));
	EXPECT_LE(BUFFER_SIZE + LARGE_SIZE, figure(&self->region, "pool_high_water"));
}

/* Catches: a buffer that is not where its user wrote, or gone before he is. */
TEST_F(pool, mapping_outlives_all_descriptors)
{
	int buffer = take(self->fd, BUFFER_SIZE), status;
	unsigned char *at;
	pid_t child;

	ASSERT_LE(0, buffer);
	at = map(buffer, BUFFER_SIZE);
	ASSERT_TRUE(at != MAP_FAILED);
	close(buffer);
	close(self->fd);
	self->fd = -1;
	fill(at, BUFFER_SIZE, 3);
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		bool same = differs(at, BUFFER_SIZE, 3) == BUFFER_SIZE;

		fill(at, BUFFER_SIZE, 5);
		_exit(!same);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(BUFFER_SIZE, differs(at, BUFFER_SIZE, 5));
	EXPECT_EQ(BUFFER_SIZE, figure(&self->region, "pool_in_use"));
	munmap(at, BUFFER_SIZE);
	EXPECT_EQ(0, figure(&self->region, "pool_in_use"));
}

/* Catches: rights that a mapping of memory for devices must not have. */
TEST_F(pool, mapping_rights)
{
	int buffer = take(self->fd, BUFFER_SIZE);
	unsigned char *at;

	ASSERT_LE(0, buffer);
	EXPECT_TRUE(mmap(NULL, BUFFER_SIZE, PROT_READ, MAP_PRIVATE, buffer, 0) == MAP_FAILED);
	EXPECT_EQ(EINVAL, errno);
	EXPECT_TRUE(mmap(NULL, BUFFER_SIZE, PROT_READ, MAP_SHARED, buffer, 4096) == MAP_FAILED);
	EXPECT_EQ(EINVAL, errno);
	at = mmap(NULL, BUFFER_SIZE, PROT_READ | PROT_EXEC, MAP_SHARED, buffer, 0);
	EXPECT_TRUE(at == MAP_FAILED);
	EXPECT_EQ(EPERM, errno);
	at = map(buffer, BUFFER_SIZE);
	ASSERT_TRUE(at != MAP_FAILED);
	EXPECT_EQ(EACCES, errno_of(mprotect(at, 4096, PROT_READ | PROT_EXEC)));
	EXPECT_TRUE(mremap(at, BUFFER_SIZE, 2 * BUFFER_SIZE, MREMAP_MAYMOVE) == MAP_FAILED);
	munmap(at, BUFFER_SIZE);

	/* An old program, in whose eyes all that can be read can be executed. */
	EXPECT_LE(0, personality(READ_IMPLIES_EXEC));
	at = map(buffer, BUFFER_SIZE);
	EXPECT_TRUE(at != MAP_FAILED);
	close(buffer);
}

/* Catches: a page of a CMA area that a pin makes immovable for ever. */
TEST_F(pool, no_pins)
{
	int buffer = take(self->fd, BUFFER_SIZE), pipes[2];
	struct iovec iov = { .iov_len = 4096 };

	ASSERT_LE(0, buffer);
	iov.iov_base = map(buffer, BUFFER_SIZE);
	ASSERT_TRUE(iov.iov_base != MAP_FAILED);
	memset(iov.iov_base, 1, 4096);
	ASSERT_EQ(0, pipe(pipes));
	EXPECT_EQ(EFAULT, errno_of(vmsplice(pipes[1], &iov, 1, 0)));
	close(pipes[0]);
	close(pipes[1]);
	munmap(iov.iov_base, BUFFER_SIZE);
	close(buffer);
}

/* Catches: a way to synchronise that fails, or loses what was written. */
TEST_F(pool, sync)
{
	int buffer = take(self->fd, BUFFER_SIZE);
	unsigned char *at;

	ASSERT_LE(0, buffer);
	at = map(buffer, BUFFER_SIZE);
	ASSERT_TRUE(at != MAP_FAILED);
	EXPECT_EQ(0, sync_with(buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW));
	fill(at, BUFFER_SIZE, 9);
	EXPECT_EQ(0, sync_with(buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW));
	EXPECT_EQ(0, sync_with(buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ));
	EXPECT_EQ(BUFFER_SIZE, differs(at, BUFFER_SIZE, 9));
	EXPECT_EQ(0, sync_with(buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ));
	munmap(at, BUFFER_SIZE);
	close(buffer);
}

/* Catches: a buffer of which the system does not tell whose it is. */
TEST_F(pool, name)
{
	int buffer = take(self->fd, BUFFER_SIZE);
	char path[64], line[256], wanted[EXTMEM_NAME_SIZE + 16];
	bool found = false;
	FILE *info;

	ASSERT_LE(0, buffer);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", buffer);
	snprintf(wanted, sizeof(wanted), "exp_name:\t%s\n", self->region.name);
	info = fopen(path, "r");
	ASSERT_TRUE(!!info);
	while (fgets(line, sizeof(line), info))
		found |= !strcmp(line, wanted);
	fclose(info);
	EXPECT_TRUE(found);
	close(buffer);
}

/* Catches: what a process that is killed leaves in the pool. */
TEST_F(pool, killed)
{
	int round, status;

	for (round = 0; round < 20; round++) {
		pid_t child = fork();

		ASSERT_LE(0, child);
		if (!child) {
			for (;;) {
				int buffer = take(self->fd, LARGE_SIZE);
				unsigned char *at = map(buffer, LARGE_SIZE);

				if (at == MAP_FAILED)
					_exit(1);
				fill(at, LARGE_SIZE, round);
				munmap(at, LARGE_SIZE);
				close(buffer);
			}
		}
		usleep(1000 + round * 700);
		kill(child, SIGKILL);
		ASSERT_EQ(child, waitpid(child, &status, 0));
		EXPECT_TRUE(WIFSIGNALED(status));
		EXPECT_EQ(0, figure(&self->region, "pool_in_use"));
	}
}

static int open_vgem(void)
{
	char path[32], name[16];
	int card;

	for (card = 0; card < 8; card++) {
		struct drm_version version = { .name = name, .name_len = sizeof(name) - 1 };
		int fd;

		snprintf(path, sizeof(path), "/dev/dri/card%d", card);
		fd = open(path, O_RDWR);
		if (fd < 0)
			continue;
		memset(name, 0, sizeof(name));
		if (!ioctl(fd, DRM_IOCTL_VERSION, &version) && !strcmp(name, "vgem"))
			return fd;
		close(fd);
	}
	return -1;
}

/* Catches: a driver that is given a buffer, and sees another one. */
TEST_F(pool, vgem)
{
	struct drm_prime_handle prime = {};
	struct drm_prime_handle again = {};
	struct drm_gem_close gem = {};
	unsigned char *ours, *theirs;
	int vgem = open_vgem();

	if (vgem < 0)
		SKIP(return, "no vgem: CONFIG_DRM_VGEM");
	prime.fd = take(self->fd, BUFFER_SIZE);
	ASSERT_LE(0, prime.fd);
	ours = map(prime.fd, BUFFER_SIZE);
	ASSERT_TRUE(ours != MAP_FAILED);
	fill(ours, BUFFER_SIZE, 1);
	if (ioctl(vgem, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime)) {
		/* Of a pool with no-map. */
		ASSERT_EQ(EOPNOTSUPP, errno);
		ASSERT_FALSE(variant->for_drivers);
		SKIP(return, "the pool's memory has no pages");
	}
	again.handle = prime.handle;
	again.flags = DRM_RDWR | DRM_CLOEXEC;
	ASSERT_EQ(0, ioctl(vgem, DRM_IOCTL_PRIME_HANDLE_TO_FD, &again));
	theirs = map(again.fd, BUFFER_SIZE);
	ASSERT_TRUE(theirs != MAP_FAILED);
	EXPECT_EQ(BUFFER_SIZE, differs(theirs, BUFFER_SIZE, 1));
	fill(theirs, BUFFER_SIZE, 2);
	EXPECT_EQ(BUFFER_SIZE, differs(ours, BUFFER_SIZE, 2));
	EXPECT_EQ(0, sync_with(prime.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW));
	EXPECT_EQ(BUFFER_SIZE, differs(ours, BUFFER_SIZE, 2));
	EXPECT_EQ(0, sync_with(prime.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW));

	/* The driver keeps it when its user has let go. */
	munmap(ours, BUFFER_SIZE);
	munmap(theirs, BUFFER_SIZE);
	close(again.fd);
	close(prime.fd);
	EXPECT_EQ(BUFFER_SIZE, figure(&self->region, "pool_in_use"));
	gem.handle = prime.handle;
	EXPECT_EQ(0, ioctl(vgem, DRM_IOCTL_GEM_CLOSE, &gem));
	EXPECT_EQ(0, figure(&self->region, "pool_in_use"));
	close(vgem);
}

static bool is_no_pool(const struct region *region)
{
	return !region_is_pool(region);
}

/* Catches: memory that is not the DMA API's, handed out as if it were. */
TEST(of_no_pool)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = BUFFER_SIZE };
	static const char * const types[] = { "mmio", "ram", "rom", "nvram", "cma" };
	struct region region;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		int fd;

		if (!region_find(&region, types[i], NULL, 0, is_no_pool))
			continue;
		fd = region_open(region.name, O_RDONLY);
		ASSERT_LE(0, fd);
		EXPECT_EQ(ENOTTY, errno_of(ioctl(fd, EXTMEM_IOC_ALLOC, &alloc))) {
			TH_LOG("%s", region.name);
		}
		EXPECT_EQ(-1, figure(&region, "pool_in_use"));
		close(fd);
	}
}

FIXTURE(window)
{
	struct region region;
	int fd;
};

FIXTURE_VARIANT(window)
{
	const char *type;
	const char *policy;
};

FIXTURE_VARIANT_ADD(window, ram_wc) { .type = "ram", .policy = "write-combine" };
FIXTURE_VARIANT_ADD(window, ram_wb) { .type = "ram", .policy = "write-back" };
FIXTURE_VARIANT_ADD(window, ram_uncached) { .type = "ram", .policy = "uncached" };
FIXTURE_VARIANT_ADD(window, nvram_wb) { .type = "nvram", .policy = "write-back" };
FIXTURE_VARIANT_ADD(window, cma_wb) { .type = "cma", .policy = "write-back" };

static bool has_windows(const struct region *region)
{
	return region_is_usable(region) && region->has_address && region_can_mmap(region);
}

FIXTURE_SETUP(window)
{
	self->fd = -1;
	if (!region_find(&self->region, variant->type, variant->policy, BUFFER_SIZE,
			 has_windows))
		SKIP(return, "no %s %s region with an address", variant->policy, variant->type);
	self->fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(window)
{
	if (self->fd >= 0)
		close(self->fd);
}

static int export(int fd, __u64 offset, __u64 length)
{
	struct extmem_export export = {
		.size = sizeof(export), .offset = offset, .length = length,
	};

	return ioctl(fd, EXTMEM_IOC_EXPORT, &export) ? -1 : export.fd;
}

/* Catches: another window's bytes, and a cache between it and the region. */
TEST_F(window, same_bytes)
{
	struct extmem_sync sync = {
		.size = sizeof(sync), .length = 16384, .flags = EXTMEM_SYNC_READ,
	};
	int wanted = errno_of(ioctl(self->fd, EXTMEM_IOC_SYNC, &sync));
	unsigned char in[4096], *at;
	int window = export(self->fd, 8192, 16384);

	ASSERT_LE(0, window);
	EXPECT_EQ(16384, lseek(window, 0, SEEK_END));
	EXPECT_EQ(FD_CLOEXEC, fcntl(window, F_GETFD));
	at = map(window, 16384);
	ASSERT_TRUE(at != MAP_FAILED);
	EXPECT_EQ(wanted, errno_of(sync_with(window, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW)));
	fill(at, 16384, 4);
	EXPECT_EQ(wanted, errno_of(sync_with(window, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW)));
	ASSERT_EQ(4096, pread(self->fd, in, 4096, 8192));
	EXPECT_EQ(4096, differs(in, 4096, 4));
	memset(in, 0x77, sizeof(in));
	ASSERT_EQ(4096, pwrite(self->fd, in, 4096, 8192 + 12288));
	EXPECT_EQ(0, memcmp(in, at + 12288, 4096));
	EXPECT_TRUE(mmap(NULL, 4096, PROT_READ, MAP_SHARED, window, 16384) == MAP_FAILED);
	EXPECT_EQ(EINVAL, errno);
	munmap(at, 16384);
	close(window);
}

/* Catches: rights that the file has not. */
TEST_F(window, of_a_reader)
{
	int reader = region_open(self->region.name, O_RDONLY), window;

	ASSERT_LE(0, reader);
	window = export(reader, 0, 4096);
	ASSERT_LE(0, window);
	EXPECT_TRUE(map(window, 4096) == MAP_FAILED);
	EXPECT_EQ(EACCES, errno);
	EXPECT_TRUE(mmap(NULL, 4096, PROT_READ, MAP_SHARED, window, 0) != MAP_FAILED);
	close(window);
	close(reader);
}

TEST_F(window, bad_input)
{
	const struct extmem_export good = { .size = sizeof(good), .length = 4096 };
	struct extmem_export bad;

	EXPECT_EQ(EINVAL, errno_of(export(self->fd, 0, 0)));
	EXPECT_EQ(EINVAL, errno_of(export(self->fd, 1, 4096)));
	EXPECT_EQ(EINVAL, errno_of(export(self->fd, 0, 4095)));
	EXPECT_EQ(EINVAL, errno_of(export(self->fd, 4096, self->region.size)));
	EXPECT_EQ(EINVAL, errno_of(export(self->fd, self->region.size, 4096)));
	EXPECT_EQ(EINVAL, errno_of(export(self->fd, 0, 1ULL << 63)));
	EXPECT_EQ(EINVAL, errno_of(export(self->fd, -4096ULL, 8192)));
	bad = good;
	bad.flags = 1;
	EXPECT_EQ(EINVAL, errno_of(ioctl(self->fd, EXTMEM_IOC_EXPORT, &bad)));
	bad = good;
	bad.reserved = 1;
	EXPECT_EQ(EINVAL, errno_of(ioctl(self->fd, EXTMEM_IOC_EXPORT, &bad)));
	bad = good;
	bad.size--;
	EXPECT_EQ(EINVAL, errno_of(ioctl(self->fd, EXTMEM_IOC_EXPORT, &bad)));
	EXPECT_EQ(EFAULT, errno_of(ioctl(self->fd, EXTMEM_IOC_EXPORT, NULL)));
}

/* Catches: a driver that would have the memory for longer than the region. */
TEST_F(window, vgem)
{
	struct drm_prime_handle prime = {};
	int vgem = open_vgem();

	if (vgem < 0)
		SKIP(return, "no vgem: CONFIG_DRM_VGEM");
	prime.fd = export(self->fd, 0, 4096);
	ASSERT_LE(0, prime.fd);
	EXPECT_EQ(EOPNOTSUPP, errno_of(ioctl(vgem, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime)));
	close(prime.fd);
	close(vgem);
}

/* Catches: registers and pools that are handed out as memory. */
TEST(no_windows)
{
	struct region region;
	int fd;

	if (region_find(&region, "mmio", NULL, 4096, NULL)) {
		fd = region_open(region.name, O_RDWR);
		EXPECT_EQ(EPERM, errno_of(export(fd, 0, 4096)));
		close(fd);
	}
	if (region_find(&region, "cma", NULL, 4096, region_is_pool)) {
		fd = region_open(region.name, O_RDWR);
		EXPECT_EQ(ENXIO, errno_of(export(fd, 0, 4096)));
		close(fd);
	}
}

TEST_HARNESS_MAIN
