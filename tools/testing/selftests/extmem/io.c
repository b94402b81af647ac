// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/extmem/<name> as a file: seek, read and write by every system call that
 * does so, and the errno of what is refused. See regions.h for what is needed.
 */
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include <linux/io_uring.h>

#include "kselftest_harness.h"
#include "regions.h"

#define SPAN	(20 * KiB)	/* of what most tests read and write */

/* --- memory of each kind --- */

FIXTURE(io) {
	struct region region;
	int fd;
	unsigned char *buf;
};

FIXTURE_VARIANT(io) {
	const char *type;
	const char *policy;
};

FIXTURE_VARIANT_ADD(io, ram_wc) { .type = "ram", .policy = "write-combine" };
FIXTURE_VARIANT_ADD(io, ram_uncached) { .type = "ram", .policy = "uncached" };
FIXTURE_VARIANT_ADD(io, ram_wb) { .type = "ram", .policy = "write-back" };
FIXTURE_VARIANT_ADD(io, nvram_wb) { .type = "nvram", .policy = "write-back" };
FIXTURE_VARIANT_ADD(io, cma_wb) { .type = "cma", .policy = "write-back" };
FIXTURE_VARIANT_ADD(io, cma_wc) { .type = "cma", .policy = "write-combine" };
FIXTURE_VARIANT_ADD(io, cma_uncached) { .type = "cma", .policy = "uncached" };

FIXTURE_SETUP(io)
{
	if (!region_find(&self->region, variant->type, variant->policy, 64 * KiB,
			 region_is_usable))
		SKIP(return, "no %s region with the policy %s", variant->type, variant->policy);
	self->fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->buf = malloc(4 * SPAN);
	ASSERT_TRUE(!!self->buf);
	fill(self->buf, SPAN, 1);
	ASSERT_EQ(SPAN, pwrite(self->fd, self->buf, SPAN, 0));
}

FIXTURE_TEARDOWN(io)
{
	close(self->fd);
	free(self->buf);
}

/* Catches: an end that is another region's, holes, and a position that is not kept. */
TEST_F(io, seek)
{
	off64_t size = self->region.size;

	EXPECT_EQ(size, lseek64(self->fd, 0, SEEK_END));
	EXPECT_EQ(size - 8, lseek64(self->fd, -8, SEEK_END));
	EXPECT_EQ(size - 4, lseek64(self->fd, 4, SEEK_CUR));
	EXPECT_EQ(16, lseek64(self->fd, 16, SEEK_SET));
	EXPECT_EQ(EINVAL, errno_of(lseek64(self->fd, -1, SEEK_SET)));
	EXPECT_EQ(EINVAL, errno_of(lseek64(self->fd, -17, SEEK_CUR)));
	EXPECT_EQ(EINVAL, errno_of(lseek64(self->fd, 0, SEEK_DATA)));
	EXPECT_EQ(EINVAL, errno_of(lseek64(self->fd, 0, SEEK_HOLE)));
	EXPECT_EQ(EINVAL, errno_of(lseek64(self->fd, 0, 17)));
	EXPECT_EQ(16, lseek64(self->fd, 0, SEEK_CUR));
	ASSERT_EQ(3, read(self->fd, self->buf, 3));
	EXPECT_EQ(19, lseek64(self->fd, 0, SEEK_CUR));
	ASSERT_EQ(5, write(self->fd, self->buf, 5));
	EXPECT_EQ(24, lseek64(self->fd, 0, SEEK_CUR));
	ASSERT_EQ(5, pread(self->fd, self->buf, 5, 0));
	EXPECT_EQ(24, lseek64(self->fd, 0, SEEK_CUR));
}

/* Catches: bytes that are lost or changed at an edge, whatever its alignment. */
TEST_F(io, edges)
{
	static const size_t at[] = { 0, 1, 3, 7, 63, 4093, 4096, 8191 };
	static const size_t sizes[] = { 1, 2, 3, 5, 8, 63, 64, 65, 4095, 4096, 4097, 9001 };
	unsigned char *out = self->buf + SPAN, *in = out + SPAN;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(at) * ARRAY_SIZE(sizes); i++) {
		size_t pos = at[i % ARRAY_SIZE(at)], size = sizes[i / ARRAY_SIZE(at)];

		fill(out, size, i + 2);
		memcpy(self->buf + pos, out, size);
		ASSERT_EQ(size, pwrite(self->fd, out, size, pos));
		memset(in, 0, SPAN);
		ASSERT_EQ(size, pread(self->fd, in + 1, size, pos));
		ASSERT_EQ(0, memcmp(in + 1, out, size)) {
			TH_LOG("%s: %zu bytes at %zu", self->region.name, size, pos);
		}
		ASSERT_EQ(0, in[0]);
		ASSERT_EQ(0, in[size + 1]);
		ASSERT_EQ(SPAN, pread(self->fd, in, SPAN, 0));
		for (j = 0; j < SPAN && in[j] == self->buf[j]; j++)
			;
		ASSERT_EQ(SPAN, j) {
			TH_LOG("%s: byte %zu after %zu bytes at %zu", self->region.name, j,
			       size, pos);
		}
	}
}

/* Catches: a list of buffers that is taken for one, and flags that are not looked at. */
TEST_F(io, vectors)
{
	unsigned char a[3], b[4097], c[1];
	struct iovec iov[] = { { a, sizeof(a) }, { NULL, 0 }, { b, sizeof(b) }, { c, 1 } };
	const ssize_t all = sizeof(a) + sizeof(b) + 1;

	ASSERT_EQ(5, lseek(self->fd, 5, SEEK_SET));
	ASSERT_EQ(all, readv(self->fd, iov, 4));
	EXPECT_EQ(0, memcmp(a, self->buf + 5, sizeof(a)));
	EXPECT_EQ(0, memcmp(b, self->buf + 8, sizeof(b)));
	EXPECT_EQ(self->buf[5 + all - 1], c[0]);
	EXPECT_EQ(5 + all, lseek(self->fd, 0, SEEK_CUR));

	ASSERT_EQ(all, preadv2(self->fd, iov, 4, 70, 0));
	EXPECT_EQ(0, memcmp(b, self->buf + 73, sizeof(b)));
	/* Nobody can say whether a copy has to wait. */
	EXPECT_EQ(EOPNOTSUPP, errno_of(preadv2(self->fd, iov, 4, 70, RWF_NOWAIT)));
	EXPECT_EQ(EOPNOTSUPP, errno_of(preadv2(self->fd, iov, 4, 70, 0x40000000)));

	ASSERT_EQ(all, pwritev(self->fd, iov, 4, 9001));
	ASSERT_EQ(SPAN, pread(self->fd, self->buf + SPAN, SPAN, 0));
	EXPECT_EQ(0, memcmp(self->buf, self->buf + SPAN, 9001));
	EXPECT_EQ(0, memcmp(self->buf + SPAN + 9001, self->buf + 70, all));
	EXPECT_EQ(self->buf[9001 + all], self->buf[SPAN + 9001 + all]);
}

/* Catches: a byte of what comes behind the region, and an end without an end. */
TEST_F(io, end)
{
	off64_t size = self->region.size;

	fill(self->buf, 64, 3);
	ASSERT_EQ(10, pwrite64(self->fd, self->buf, 20, size - 10));
	EXPECT_EQ(10, pread64(self->fd, self->buf + SPAN, 20, size - 10));
	EXPECT_EQ(10, differs(self->buf + SPAN, 10, 3));
	EXPECT_EQ(0, pread64(self->fd, self->buf, 20, size));
	EXPECT_EQ(0, pread64(self->fd, self->buf, 20, size + 1));
	EXPECT_EQ(0, pread64(self->fd, self->buf, 20, INT64_MAX - 100));
	EXPECT_EQ(0, pread64(self->fd, self->buf, 0, 0));
	EXPECT_EQ(EINVAL, errno_of(pread64(self->fd, self->buf, 20, -1)));
	EXPECT_EQ(EINVAL, errno_of(pread64(self->fd, self->buf, 20, INT64_MIN)));
	EXPECT_EQ(EINVAL, errno_of(pread64(self->fd, self->buf, 20, INT64_MAX)));
	EXPECT_EQ(ENOSPC, errno_of(pwrite64(self->fd, self->buf, 1, size)));
	EXPECT_EQ(ENOSPC, errno_of(pwrite64(self->fd, self->buf, 1, size + 4096)));
	EXPECT_EQ(ENOSPC, errno_of(pwrite64(self->fd, self->buf, 1, INT64_MAX - 100)));
	EXPECT_EQ(0, pwrite64(self->fd, self->buf, 0, 0));
	EXPECT_EQ(0, pwrite64(self->fd, self->buf, 0, size));
	EXPECT_EQ(EINVAL, errno_of(pwrite64(self->fd, self->buf, 1, -1)));

	ASSERT_EQ(size - 3, lseek64(self->fd, -3, SEEK_END));
	EXPECT_EQ(3, read(self->fd, self->buf, 64));
	EXPECT_EQ(0, read(self->fd, self->buf, 64));
	EXPECT_EQ(ENOSPC, errno_of(write(self->fd, self->buf, 64)));
	EXPECT_EQ(size, lseek64(self->fd, 0, SEEK_CUR));
}

/* A page, and behind it one that is not there. */
static unsigned char *last_page(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	unsigned char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || munmap(pages + page, page))
		return NULL;
	return pages;
}

/* Catches: an error that hides what was copied, a byte written for one not given. */
TEST_F(io, bad_pointers)
{
	ssize_t page = sysconf(_SC_PAGESIZE);
	unsigned char *half = last_page();
	struct iovec nowhere = { NULL, 8 };

	ASSERT_TRUE(!!half);
	EXPECT_EQ(page, pread(self->fd, half, 2 * page, 0));
	EXPECT_EQ(0, memcmp(half, self->buf, page));
	EXPECT_EQ(EFAULT, errno_of(pread(self->fd, half + page, 8, 0)));
	EXPECT_EQ(EFAULT, errno_of(preadv(self->fd, &nowhere, 1, 0)));
	EXPECT_EQ(EFAULT, errno_of(pread(self->fd, (void *)-4096L, 8, 0)));

	fill(half, page, 5);
	EXPECT_EQ(page, pwrite(self->fd, half, 2 * page, 0));
	EXPECT_EQ(EFAULT, errno_of(pwrite(self->fd, half + page, 8, page)));
	EXPECT_EQ(EFAULT, errno_of(pwritev(self->fd, &nowhere, 1, page)));
	ASSERT_EQ(2 * page, pread(self->fd, self->buf + SPAN, 2 * page, 0));
	EXPECT_EQ(page, differs(self->buf + SPAN, page, 5));
	EXPECT_EQ(0, memcmp(self->buf + SPAN + page, self->buf + page, page));

	/* What cannot be written to cannot be read to. */
	ASSERT_EQ(0, mprotect(half, page, PROT_READ));
	EXPECT_EQ(EFAULT, errno_of(pread(self->fd, half, 8, 0)));
}

/* Catches: a pipe that gets other bytes, or the region's own pages. */
TEST_F(io, splice)
{
	unsigned char *in = self->buf + SPAN;
	struct iovec iov = { in, 4096 };
	loff_t pos = 3;
	int pipes[2];

	ASSERT_EQ(0, pipe(pipes));
	ASSERT_EQ(4096, splice(self->fd, &pos, pipes[1], NULL, 4096, 0));
	EXPECT_EQ(3 + 4096, pos);
	/* What is in a pipe stays as it was. */
	memset(in, 0, 4096);
	ASSERT_EQ(4096, pwrite(self->fd, in, 4096, 3));
	ASSERT_EQ(4096, vmsplice(pipes[0], &iov, 1, 0));
	EXPECT_EQ(0, memcmp(in, self->buf + 3, 4096));

	ASSERT_EQ(4096, write(pipes[1], self->buf, 4096));
	pos = 100;
	ASSERT_EQ(4096, splice(pipes[0], NULL, self->fd, &pos, 4096, 0));
	ASSERT_EQ(4096, pread(self->fd, in, 4096, 100));
	EXPECT_EQ(0, memcmp(in, self->buf, 4096));

	/* The end. */
	pos = self->region.size;
	EXPECT_EQ(0, splice(self->fd, &pos, pipes[1], NULL, 4096, 0));
	ASSERT_EQ(16, write(pipes[1], self->buf, 16));
	EXPECT_EQ(ENOSPC, errno_of(splice(pipes[0], NULL, self->fd, &pos, 16, 0)));
}

TEST_F(io, sendfile)
{
	unsigned char *in = self->buf + SPAN;
	int file = memfd_create("sendfile", 0);
	off_t pos = 5;

	ASSERT_LE(0, file);
	ASSERT_EQ(9001, sendfile(file, self->fd, &pos, 9001));
	EXPECT_EQ(5 + 9001, pos);
	ASSERT_EQ(9001, pread(file, in, SPAN, 0));
	EXPECT_EQ(0, memcmp(in, self->buf + 5, 9001));

	ASSERT_EQ(200, lseek(self->fd, 200, SEEK_SET));
	pos = 1;
	ASSERT_EQ(9000, sendfile(self->fd, file, &pos, SPAN));
	ASSERT_EQ(9000, pread(self->fd, in, 9000, 200));
	EXPECT_EQ(0, memcmp(in, self->buf + 6, 9000));
}

struct ring {
	int fd;
	struct io_uring_params params;
	char *rings;
	struct io_uring_sqe *sqes;
};

static bool ring_open(struct ring *ring)
{
	size_t size;

	memset(ring, 0, sizeof(*ring));
	ring->fd = syscall(__NR_io_uring_setup, 4, &ring->params);
	if (ring->fd < 0 || !(ring->params.features & IORING_FEAT_SINGLE_MMAP))
		return false;
	size = ring->params.sq_off.array + ring->params.sq_entries * sizeof(__u32);
	if (size < ring->params.cq_off.cqes + ring->params.cq_entries * sizeof(struct io_uring_cqe))
		size = ring->params.cq_off.cqes +
		       ring->params.cq_entries * sizeof(struct io_uring_cqe);
	ring->rings = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			   ring->fd, IORING_OFF_SQ_RING);
	ring->sqes = mmap(NULL, ring->params.sq_entries * sizeof(*ring->sqes),
			  PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
			  IORING_OFF_SQES);
	return ring->rings != MAP_FAILED && ring->sqes != MAP_FAILED;
}

/* One request, and its result. */
static int ring_do(struct ring *ring, int opcode, int fd, void *buf, size_t size, off64_t pos)
{
	__u32 *head = (__u32 *)(ring->rings + ring->params.cq_off.head);
	__u32 *tail = (__u32 *)(ring->rings + ring->params.sq_off.tail);
	__u32 *array = (__u32 *)(ring->rings + ring->params.sq_off.array);
	__u32 mask = *(__u32 *)(ring->rings + ring->params.sq_off.ring_mask);
	struct io_uring_cqe *cqes = (void *)(ring->rings + ring->params.cq_off.cqes);
	__u32 index = *tail & mask;
	int result;

	ring->sqes[index] = (struct io_uring_sqe) {
		.opcode = opcode, .fd = fd, .addr = (uintptr_t)buf, .len = size, .off = pos,
	};
	array[index] = index;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -errno;
	mask = *(__u32 *)(ring->rings + ring->params.cq_off.ring_mask);
	result = cqes[*head & mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

/* Catches: a copy that is another task's affair, and goes to its memory. */
TEST_F(io, io_uring)
{
	unsigned char *in = self->buf + SPAN;
	struct iovec iov = { in, SPAN };
	struct ring ring;

	if (!ring_open(&ring))
		SKIP(return, "this kernel has no io_uring: %s", strerror(errno));
	ASSERT_EQ(9001, ring_do(&ring, IORING_OP_READ, self->fd, in, 9001, 7));
	EXPECT_EQ(0, memcmp(in, self->buf + 7, 9001));
	ASSERT_EQ(5000, ring_do(&ring, IORING_OP_WRITE, self->fd, self->buf, 5000, 11));
	ASSERT_EQ(5000, pread(self->fd, in, 5000, 11));
	EXPECT_EQ(0, memcmp(in, self->buf, 5000));
	EXPECT_EQ(0, ring_do(&ring, IORING_OP_READ, self->fd, in, 8, self->region.size));
	EXPECT_EQ(-ENOSPC, ring_do(&ring, IORING_OP_WRITE, self->fd, in, 8, self->region.size));
	EXPECT_EQ(-EFAULT, ring_do(&ring, IORING_OP_READ, self->fd, NULL, 8, 0));

	ASSERT_EQ(0, syscall(__NR_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS, &iov, 1));
	ASSERT_EQ(SPAN, pread(self->fd, self->buf, SPAN, 0));
	memset(in, 0, SPAN);
	ASSERT_EQ(9001, ring_do(&ring, IORING_OP_READ_FIXED, self->fd, in, 9001, 7));
	EXPECT_EQ(0, memcmp(in, self->buf + 7, 9001));
	close(ring.fd);
}

/*
 * Catches: a promise that nobody keeps. Memory that remembers has a way to be written
 * back to or says that there is none; to other memory it makes no difference.
 */
TEST_F(io, fsync)
{
	struct extmem_sync sync = {
		.size = sizeof(sync), .flags = EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END, .length = 1,
	};
	int fd = region_open(self->region.name, O_RDWR | O_SYNC);
	int expected = 0;

	ASSERT_LE(0, fd);
	if (!strcmp(variant->type, "nvram")) {
		expected = errno_of(fsync(self->fd));
		if (expected)
			ASSERT_EQ(EOPNOTSUPP, expected);
		/* Caches that devices snoop are not written back for SYNC. */
		if (errno_of(ioctl(fd, EXTMEM_IOC_SYNC, &sync)) == EOPNOTSUPP)
			EXPECT_EQ(EOPNOTSUPP, expected);
		if (sync.done == EXTMEM_SYNC_CACHE)
			EXPECT_EQ(0, expected);
	}
	EXPECT_EQ(expected, errno_of(fsync(self->fd)));
	EXPECT_EQ(expected, errno_of(fdatasync(self->fd)));
	EXPECT_EQ(expected, errno_of(pwrite(fd, self->buf, 64, 0)));
	close(fd);
}

static bool is_read_only(const struct region *region, void *data)
{
	if (region->writable)
		return false;
	*(struct region *)data = *region;
	return true;
}

/* Catches: a write that only the hardware refuses, or that is refused too late. */
TEST(read_only)
{
	static const int flags[] = { O_RDWR, O_WRONLY };
	struct region region;
	char before[64], after[64];
	size_t i;
	int fd;

	if (!region_each(is_read_only, &region))
		SKIP(return, "no read-only region");
	fd = region_open(region.name, O_RDONLY);
	ASSERT_EQ(64, pread(fd, before, 64, 0));
	close(fd);
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		struct iovec iov = { after, 64 };

		memset(after, 0x5a, 64);
		fd = region_open(region.name, flags[i]);
		ASSERT_LE(0, fd);
		EXPECT_EQ(EPERM, errno_of(write(fd, after, 64)));
		EXPECT_EQ(EPERM, errno_of(pwritev(fd, &iov, 1, 0)));
		EXPECT_EQ(EPERM, errno_of(pwrite64(fd, after, 64, region.size)));
		close(fd);
	}
	fd = region_open(region.name, O_RDONLY);
	EXPECT_EQ(EBADF, errno_of(write(fd, after, 64)));
	ASSERT_EQ(64, pread(fd, after, 64, 0));
	EXPECT_EQ(0, memcmp(before, after, 64));
	close(fd);
}

/* Catches: bytes where there are none before somebody takes a buffer. */
TEST(pool)
{
	struct region region;
	char byte = 0;
	int fd;

	if (!region_find(&region, "cma", NULL, 0, region_is_pool))
		SKIP(return, "no pool without a buffer");
	fd = region_open(region.name, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(ENXIO, errno_of(pread(fd, &byte, 1, 0)));
	EXPECT_EQ(ENXIO, errno_of(pwrite(fd, &byte, 1, 0)));
	EXPECT_EQ(ENXIO, errno_of(pread(fd, &byte, 1, region.size)));
	EXPECT_EQ(region.size, lseek64(fd, 0, SEEK_END));
	close(fd);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void tick(unsigned int usec)
{
	struct itimerval timer = { { 0, usec }, { 0, usec } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

/* Catches: a copy that goes on though its task has something else to do. */
TEST(signal_stops_a_copy)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct region region;
	ssize_t size, n = 0;
	void *buf;
	int fd, i;

	if (!region_find(&region, "ram", NULL, 32 * MiB, region_is_usable))
		SKIP(return, "no region of 32 MiB");
	size = 32 * MiB;
	fd = region_open(region.name, O_RDWR);
	ASSERT_EQ(0, sigaction(SIGALRM, &action, NULL));
	for (i = 0; i < 50; i++) {
		/* Fresh pages, which take their time. */
		buf = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		ASSERT_TRUE(buf != MAP_FAILED);
		tick(3000);
		n = pread(fd, buf, size, 0);
		tick(0);
		munmap(buf, size);
		if (n != size)
			break;
	}
	if (n < 0) {
		EXPECT_EQ(EINTR, errno);
	} else {
		EXPECT_LT(0, n);
		EXPECT_GT(size, n);
	}
	close(fd);
}

/* Catches: a copy that cannot be killed, and keeps its task for its whole length. */
TEST(kill_stops_a_copy)
{
	const unsigned char mark = 0x55;
	const size_t size = 32 * MiB;
	struct region region;
	bool stopped = false;
	int fd, round, status;

	if (!region_find(&region, "ram", NULL, 32 * MiB, region_is_usable))
		SKIP(return, "no region of 32 MiB");
	fd = region_open(region.name, O_RDWR);
	ASSERT_EQ(1, pwrite(fd, &mark, 1, 0));
	ASSERT_EQ(1, pwrite(fd, &mark, 1, size - 1));
	for (round = 0; round < 50 && !stopped; round++) {
		/* Fresh pages, which take their time. */
		unsigned char *buf = mmap(NULL, size, PROT_READ | PROT_WRITE,
					  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		pid_t pid;

		ASSERT_TRUE(buf != MAP_FAILED);
		pid = fork();
		ASSERT_LE(0, pid);
		if (!pid)
			_exit(pread(fd, buf, size, 0) != (ssize_t)size);
		while (__atomic_load_n(buf, __ATOMIC_RELAXED) != mark)
			sched_yield();
		ASSERT_EQ(0, kill(pid, SIGKILL));
		ASSERT_EQ(pid, waitpid(pid, &status, 0));
		stopped = buf[size - 1] != mark;
		munmap(buf, size);
	}
	EXPECT_TRUE(stopped);
	close(fd);
}

/* --- registers --- */

static bool has_width(const struct region *region)
{
	return region_info(region).io_width > 1;
}

/* Catches: an access that is not of whole registers. */
TEST(mmio_whole_registers)
{
	struct extmem_info info;
	struct region region;
	char buf[64];
	unsigned int width;
	int fd;

	if (!region_find(&region, "mmio", "uncached", 64, has_width))
		SKIP(return, "no registers with a width");
	info = region_info(&region);
	width = info.io_width;
	fd = region_open(region.name, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(width, pread(fd, buf, width, 0));
	EXPECT_EQ(2 * width, pread(fd, buf, 2 * width, 0));
	EXPECT_EQ(0, pread(fd, buf, 0, 0));
	EXPECT_EQ(0, pwrite(fd, buf, 0, 0));
	EXPECT_EQ(EINVAL, errno_of(pread(fd, buf, 1, 0)));
	EXPECT_EQ(EINVAL, errno_of(pread(fd, buf, width + 1, 0)));
	EXPECT_EQ(EINVAL, errno_of(pread(fd, buf, width, 1)));
	EXPECT_EQ(EINVAL, errno_of(pread(fd, buf, 2 * width, width / 2)));
	EXPECT_EQ(EINVAL, errno_of(pwrite(fd, buf, 1, 0)));
	EXPECT_EQ(EINVAL, errno_of(pwrite(fd, buf, width, width - 1)));
	EXPECT_EQ(0, pread64(fd, buf, width, region.size));
	EXPECT_EQ(width, pread64(fd, buf, 2 * width, region.size - width));
	EXPECT_EQ(ENOSPC, errno_of(pwrite64(fd, buf, width, region.size)));
	close(fd);
}

/* The bytes of a region as they lie, by a mapping. */
static bool bytes_of(const char *name, unsigned char *bytes, size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE), i;
	int fd = region_open(name, O_RDONLY);
	unsigned char *map = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, 0);

	close(fd);
	if (map == MAP_FAILED)
		return false;
	for (i = 0; i < size; i++)
		bytes[i] = __atomic_load_n(map + i, __ATOMIC_RELAXED);
	munmap(map, page);
	return true;
}

/* Catches: a byte order that is the CPU's, or that is undone in one direction only. */
TEST(mmio_big_endian)
{
	static const __u32 numbers[] = { 0x11223344, 0xaabbccdd };
	static const unsigned char lie[] = { 0x11, 0x22, 0x33, 0x44, 0xaa, 0xbb, 0xcc, 0xdd };
	unsigned char bytes[8];
	__u32 back[2];
	int fd;

	fd = region_open("be-regs", O_RDWR);
	if (fd < 0)
		SKIP(return, "no region be-regs, which selftests.dtso has");
	ASSERT_EQ(8, pwrite(fd, numbers, 8, 0));
	ASSERT_EQ(8, pread(fd, back, 8, 0));
	EXPECT_EQ(numbers[0], back[0]);
	EXPECT_EQ(numbers[1], back[1]);
	ASSERT_TRUE(bytes_of("be-regs", bytes, 8));
	EXPECT_EQ(0, memcmp(bytes, lie, 8));
	close(fd);
}

/* Catches: registers of 16 bits that are read as 32. */
TEST(mmio_16_bits)
{
	static const __u16 numbers[] = { 0x1122, 0x3344, 0x5566 };
	static const unsigned char lie[] = { 0x22, 0x11, 0x44, 0x33, 0x66, 0x55 };
	unsigned char bytes[6];
	__u16 back[3];
	int fd;

	fd = region_open("regs16", O_RDWR);
	if (fd < 0)
		SKIP(return, "no region regs16, which selftests.dtso has");
	ASSERT_EQ(6, pwrite(fd, numbers, 6, 0));
	ASSERT_EQ(6, pread(fd, back, 6, 0));
	EXPECT_EQ(0, memcmp(numbers, back, 6));
	ASSERT_TRUE(bytes_of("regs16", bytes, 6));
	EXPECT_EQ(0, memcmp(bytes, lie, 6));
	EXPECT_EQ(EINVAL, errno_of(pread(fd, back, 3, 0)));
	close(fd);
}

/* Catches: registers without a width that are refused, or read in another one. */
TEST(mmio_of_any_width)
{
	static const unsigned char sizes[] = { 1, 2, 3, 4, 5, 8, 12 };
	unsigned char out[16], in[16];
	size_t i, pos;
	int fd;

	fd = region_open("any-regs", O_RDWR);
	if (fd < 0)
		SKIP(return, "no region any-regs, which selftests.dtso has");
	for (i = 0; i < sizeof(sizes); i++) {
		for (pos = 0; pos < 5; pos++) {
			fill(out, sizes[i], i + pos);
			ASSERT_EQ(sizes[i], pwrite(fd, out, sizes[i], pos));
			ASSERT_EQ(sizes[i], pread(fd, in, sizes[i], pos));
			EXPECT_EQ(sizes[i], differs(in, sizes[i], i + pos));
		}
	}
	close(fd);
}

/* Catches: memory that is treated as numbers. */
TEST(uncached_ram_with_a_width)
{
	unsigned char out[8], in[8];
	int fd;

	fd = region_open("narrow", O_RDWR);
	if (fd < 0)
		SKIP(return, "no region narrow, which selftests.dtso has");
	fill(out, 8, 21);
	ASSERT_EQ(8, pwrite(fd, out, 8, 0));
	ASSERT_EQ(8, pread(fd, in, 8, 0));
	EXPECT_EQ(8, differs(in, 8, 21));
	ASSERT_TRUE(bytes_of("narrow", in, 8));
	EXPECT_EQ(8, differs(in, 8, 21));
	EXPECT_EQ(EINVAL, errno_of(pread(fd, in, 1, 0)));
	EXPECT_EQ(EINVAL, errno_of(pwrite(fd, in, 3, 0)));
	EXPECT_EQ(EINVAL, errno_of(pread(fd, in, 2, 1)));
	close(fd);
}

/* Catches: a register that is accessed though nobody could be told, or in part. */
TEST(mmio_bad_pointers)
{
	size_t page = sysconf(_SC_PAGESIZE);
	unsigned char *half = last_page(), *end = half + page;
	static const __u32 numbers[] = { 1, 2, 3, 4 };
	__u32 back[4];
	int fd;

	ASSERT_TRUE(!!half);
	fd = region_open("be-regs", O_RDWR);
	if (fd < 0)
		SKIP(return, "no region be-regs, which selftests.dtso has");
	ASSERT_EQ(16, pwrite(fd, numbers, 16, 0));
	memset(end - 6, 0xff, 6);
	EXPECT_EQ(4, pread(fd, end - 6, 16, 0));
	EXPECT_EQ(0, memcmp(end - 6, numbers, 4));
	EXPECT_EQ(0xff, end[-2]);
	EXPECT_EQ(EFAULT, errno_of(pread(fd, end - 2, 16, 0)));

	memset(end - 6, 0, 6);
	EXPECT_EQ(4, pwrite(fd, end - 6, 16, 0));
	EXPECT_EQ(EFAULT, errno_of(pwrite(fd, end - 2, 16, 0)));
	ASSERT_EQ(16, pread(fd, back, 16, 0));
	EXPECT_EQ(0, back[0]);
	EXPECT_EQ(2, back[1]);
	close(fd);
}

static int open_at(__u64 phys)
{
	struct region region;

	if (!region_read(&region, "fpga-regs") || region.phys != phys)
		return -1;
	return region_open("fpga-regs", O_RDWR);
}

/* Real registers: the clock of QEMU's virt machine on arm. Catches: another bank's. */
TEST(mmio_pl031)
{
	static const unsigned char id[] = { 0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };
	__u32 values[8], match = 0xfedcba98;
	int fd = open_at(0x09010000), i;

	if (fd < 0)
		SKIP(return, "this machine has no PL031 as fpga-regs");
	ASSERT_EQ(32, pread(fd, values, 32, 0xfe0));
	for (i = 0; i < 8; i++)
		EXPECT_EQ(id[i], values[i]);
	EXPECT_EQ(4, pread(fd, values, 8, 0xffc));
	ASSERT_EQ(4, pwrite(fd, &match, 4, 4));
	ASSERT_EQ(4, pread(fd, values, 4, 4));
	EXPECT_EQ(match, values[0]);
	close(fd);
}

/*
 * Real registers: the clock of QEMU's virt machine on riscv. Reading the low half of
 * the time latches the high one. Catches: registers out of order, or read twice.
 */
TEST(mmio_goldfish_rtc)
{
	__u64 one, two;
	__u32 alarm[2] = { 0x89abcdef, 0x7fffffff }, back[2];
	int fd = open_at(0x101000);

	if (fd < 0)
		SKIP(return, "this machine has no goldfish clock as fpga-regs");
	ASSERT_EQ(8, pread(fd, &one, 8, 0));
	ASSERT_EQ(8, pread(fd, &two, 8, 0));
	EXPECT_LT(1600000000ULL * 1000000000ULL, one);
	EXPECT_LE(one, two);
	EXPECT_LT(two - one, 60ULL * 1000000000ULL);
	ASSERT_EQ(4, pwrite(fd, &alarm[1], 4, 12));
	ASSERT_EQ(4, pwrite(fd, &alarm[0], 4, 8));
	ASSERT_EQ(8, pread(fd, back, 8, 8));
	EXPECT_EQ(alarm[0], back[0]);
	EXPECT_EQ(alarm[1], back[1]);
	close(fd);
}

TEST_HARNESS_MAIN
