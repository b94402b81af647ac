// SPDX-License-Identifier: GPL-2.0
/*
 * EXTMEM_IOC_COPY: between regions, buffers and windows, by whoever copies. See regions.h
 * for what is needed.
 */
#include <assert.h>
#include <stddef.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "regions.h"

static_assert(sizeof(struct extmem_copy) == 48, "size of extmem_copy");
static_assert(offsetof(struct extmem_copy, dst_fd) == 12, "extmem_copy.dst_fd");
static_assert(offsetof(struct extmem_copy, copied) == 40, "extmem_copy.copied");
static_assert(EXTMEM_IOC_COPY == 0xba04, "number");

#define SPAN	(64 * KiB)

FIXTURE(copy) {
	struct region from;
	struct region to;
	int src;
	int dst;
	unsigned char *buf;
};

FIXTURE_VARIANT(copy) {
	const char *from;
	const char *to;
};

FIXTURE_VARIANT_ADD(copy, wc_to_wb) { .from = "write-combine", .to = "write-back" };
FIXTURE_VARIANT_ADD(copy, wb_to_wc) { .from = "write-back", .to = "write-combine" };
FIXTURE_VARIANT_ADD(copy, uncached_to_wb) { .from = "uncached", .to = "write-back" };
FIXTURE_VARIANT_ADD(copy, wb_to_uncached) { .from = "write-back", .to = "uncached" };

FIXTURE_SETUP(copy)
{
	self->src = -1;
	self->dst = -1;
	self->buf = malloc(4 * SPAN);
	ASSERT_TRUE(!!self->buf);
	if (!region_find(&self->from, "ram", variant->from, 4 * SPAN, region_is_usable) ||
	    !region_find(&self->to, "ram", variant->to, 4 * SPAN, region_is_usable))
		SKIP(return, "no two such regions");
	self->src = region_open(self->from.name, O_RDWR);
	self->dst = region_open(self->to.name, O_RDWR);
	ASSERT_LE(0, self->src);
	ASSERT_LE(0, self->dst);
	fill(self->buf, 4 * SPAN, 3);
	ASSERT_EQ(4 * SPAN, pwrite(self->src, self->buf, 4 * SPAN, 0));
}

FIXTURE_TEARDOWN(copy)
{
	if (self->src >= 0)
		close(self->src);
	if (self->dst >= 0)
		close(self->dst);
	free(self->buf);
}

static struct extmem_copy between(int dst, int src, __u64 to, __u64 from, __u64 length)
{
	return (struct extmem_copy) {
		.size = sizeof(struct extmem_copy),
		.dst_fd = dst, .src_fd = src,
		.dst_offset = to, .src_offset = from, .length = length,
	};
}

/* The bytes, or a negative errno. */
static long long try(int fd, struct extmem_copy copy)
{
	return ioctl(fd, EXTMEM_IOC_COPY, &copy) ? -errno : (long long)copy.copied;
}

/* Catches: other bytes, more of them, or less. */
TEST_F(copy, bytes)
{
	static const struct { size_t to, from, length; } ranges[] = {
		{ 0, 0, 2 * SPAN }, { 4096, 8192, 100 }, { 1, 2, 12345 }, { 3, 3, 1 },
	};
	unsigned char *got = malloc(4 * SPAN);
	size_t i;

	ASSERT_TRUE(!!got);
	for (i = 0; i < ARRAY_SIZE(ranges); i++) {
		size_t to = ranges[i].to, from = ranges[i].from, length = ranges[i].length;

		memset(got, 0x5a, 4 * SPAN);
		ASSERT_EQ(4 * SPAN, pwrite(self->dst, got, 4 * SPAN, 0));
		ASSERT_EQ(length, try(self->dst, between(self->dst, self->src, to, from, length)));
		ASSERT_EQ(4 * SPAN, pread(self->dst, got, 4 * SPAN, 0));
		EXPECT_EQ(0, memcmp(got + to, self->buf + from, length));
		if (to)
			EXPECT_EQ(0x5a, got[to - 1]);
		EXPECT_EQ(0x5a, got[to + length]);
	}
	free(got);
}

/* Catches: a buffer or a window that is taken for the region that it is of. */
TEST_F(copy, dma_bufs)
{
	struct extmem_export export = {
		.size = sizeof(export), .offset = SPAN, .length = SPAN,
	};
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = SPAN };
	struct region pool;
	int fd;

	if (ioctl(self->dst, EXTMEM_IOC_EXPORT, &export)) {
		ASSERT_EQ(EOPNOTSUPP, errno);
		SKIP(return, "simulated memory has no one address");
	}
	ASSERT_EQ(SPAN, try(self->dst, between(export.fd, self->src, 0, 4096, SPAN)));
	ASSERT_EQ(SPAN, pread(self->dst, self->buf + 2 * SPAN, SPAN, SPAN));
	EXPECT_EQ(0, memcmp(self->buf + 2 * SPAN, self->buf + 4096, SPAN));
	EXPECT_EQ(-EINVAL, try(self->dst, between(export.fd, self->src, 1, 0, SPAN)));
	/* The window is where it is. */
	EXPECT_EQ(-EINVAL, try(self->dst, between(export.fd, self->dst, 0, SPAN + 4096, 4096 * 2)));
	if (!region_find(&pool, "cma", NULL, SPAN, region_is_pool))
		SKIP(return, "no pool");
	fd = region_open(pool.name, O_RDWR);
	ASSERT_EQ(0, ioctl(fd, EXTMEM_IOC_ALLOC, &alloc));
	ASSERT_EQ(SPAN, try(self->src, between(alloc.fd, self->src, 0, 0, SPAN)));
	ASSERT_EQ(SPAN, try(self->src, between(self->dst, alloc.fd, 0, 0, SPAN)));
	ASSERT_EQ(SPAN, pread(self->dst, self->buf + 2 * SPAN, SPAN, 0));
	EXPECT_EQ(0, memcmp(self->buf + 2 * SPAN, self->buf, SPAN));
	EXPECT_EQ(-EINVAL, try(self->src, between(alloc.fd, alloc.fd, 0, 100, 101)));
	EXPECT_EQ(100, try(self->src, between(alloc.fd, alloc.fd, 0, 100, 100)));
	EXPECT_EQ(-ENXIO, try(self->src, between(fd, self->src, 0, 0, 1)));
	EXPECT_EQ(-ENXIO, try(self->src, between(self->dst, fd, 0, 0, 1)));
	close(alloc.fd);
	close(export.fd);
	close(fd);
}

/* Catches: bytes outside a region, and sums that wrap. */
TEST_F(copy, ranges)
{
	__u64 size = self->from.size, to_size = self->to.size;
	struct extmem_copy copy;

	EXPECT_EQ(1, try(self->src, between(self->dst, self->src, to_size - 1, size - 1, 1)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, self->src, to_size, 0, 1)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, self->src, 0, size, 1)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, self->src, to_size - 1, 0, 2)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, self->src, 0, size - 1, 2)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, self->src, 0, 0, 0)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, self->src, 0, 0, 1ULL << 63)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, self->src, 0, 8, ~0ULL - 7)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, self->src, ~0ULL, 0, 2)));
	/* Over itself; and beside itself. */
	EXPECT_EQ(-EINVAL, try(self->src, between(self->src, self->src, 0, 0, 1)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->src, self->src, 4096, 0, 4097)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->src, self->src, 0, 4096, 4097)));
	EXPECT_EQ(4096, try(self->src, between(self->src, self->src, 4096, 0, 4096)));
	copy = between(self->dst, self->src, 0, 0, 1);
	copy.flags = 1;
	EXPECT_EQ(-EINVAL, try(self->src, copy));
	copy = between(self->dst, self->src, 0, 0, 1);
	copy.copied = 1;
	EXPECT_EQ(-EINVAL, try(self->src, copy));
	copy = between(self->dst, self->src, 0, 0, 1);
	copy.size--;
	EXPECT_EQ(-EINVAL, try(self->src, copy));
}

/* Catches: a descriptor that does more than it was opened for, or is something else. */
TEST_F(copy, descriptors)
{
	int to_read = region_open(self->to.name, O_RDONLY);
	int to_write = region_open(self->from.name, O_WRONLY);
	int null = open("/dev/null", O_RDWR);

	EXPECT_EQ(-EBADF, try(self->src, between(to_read, self->src, 0, 0, 1)));
	EXPECT_EQ(-EBADF, try(self->src, between(self->dst, to_write, 0, 0, 1)));
	EXPECT_EQ(-EBADF, try(self->src, between(-1, self->src, 0, 0, 1)));
	EXPECT_EQ(-EBADF, try(self->src, between(self->dst, 1000, 0, 0, 1)));
	EXPECT_EQ(-EINVAL, try(self->src, between(null, self->src, 0, 0, 1)));
	EXPECT_EQ(-EINVAL, try(self->src, between(self->dst, null, 0, 0, 1)));
	close(to_read);
	close(to_write);
	close(null);
}

static bool is_read_only(const struct region *region)
{
	return !region->writable;
}

/* Catches: a write to what is read-only, and accesses of registers that nobody chose. */
TEST_F(copy, what_must_not_be)
{
	struct region region;
	int fd;

	if (region_find(&region, "rom", NULL, 1, is_read_only)) {
		fd = region_open(region.name, O_RDWR);
		EXPECT_EQ(-EPERM, try(self->src, between(fd, self->src, 0, 0, 1)));
		EXPECT_EQ(4096, try(self->src, between(self->dst, fd, 0, 0, 4096)));
		close(fd);
	}
	if (region_find(&region, "mmio", NULL, 4, NULL)) {
		fd = region_open(region.name, O_RDWR);
		EXPECT_EQ(-EPERM, try(self->src, between(fd, self->src, 0, 0, 4)));
		EXPECT_EQ(-EPERM, try(self->src, between(self->dst, fd, 0, 0, 4)));
		close(fd);
	}
}

TEST_HARNESS_MAIN
