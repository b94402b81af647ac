// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz CALLS SEED [-u | -c | -f] REGION...: calls at random on the regions' files and
 * mappings, the same for the same seed, by two threads that share the files; with -u a
 * third unbinds and binds the regions meanwhile. With -c it counts the places that the
 * calls reach in extmem, by KCOV; with -f it also makes those again that have reached a new
 * one, with a change. What is hostile is drawn as often as what is sound. That the kernel
 * lives, and has nothing to report, is the test; and that calls on the regions return no
 * other error than they may.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>

#include "feedback.h"
#include "stress.h"

#define REGIONS		32
#define THREADS		2
/* The files that the calls are made on; no other of the process is among them. */
#define FIRST_FILE	100
#define FILES		24
#define MAPS		12
#define BUFFER_SIZE	(64UL << 10)
/* What nobody may touch, behind each buffer: a length can be anything. */
#define GUARD_SIZE	(64UL << 20)
#define LARGE		(4UL << 20)
#define ERRNOS		134

static struct stress_region regions[REGIONS];
static unsigned int region_count;
static atomic_bool stop;
static bool counts, learns;		/* with -c or -f; with -f */
static atomic_ulong unexpected;

/* Which region each of the files is of, and 1; 0 is none. */
static atomic_uint files[FILES];

struct map {
	char *start;
	size_t length;
};

struct worker {
	uint64_t seed;
	unsigned long calls;
	pthread_t thread;
	struct map maps[MAPS];
	char *buffer;
	int pipe[2];
	int scratch;
	int uffd;
	struct feedback *feedback;	/* or NULL */
};

/**
 * struct op - a kind of call
 * @name: of it
 * @run: makes one; 0, more or a negative errno
 * @weight: how often it is drawn
 * @may: the errors that it may return; none for calls that are not answered by extmem
 * @results: how often it returned each; [0] is success
 */
struct op {
	const char *name;
	long (*run)(struct worker *worker);
	unsigned int weight;
	const short *may;
	atomic_ulong results[ERRNOS];
};

static uint64_t pick(struct worker *worker, uint64_t limit)
{
	return draw_below(&worker->seed, limit);
}

static bool chance(struct worker *worker, unsigned int one_in)
{
	return !pick(worker, one_in);
}

static long or_errno(long ret)
{
	return ret < 0 ? -errno : ret;
}

/* A number near something that matters, or anything. */
static uint64_t hostile(struct worker *worker, uint64_t size)
{
	const uint64_t corners[] = {
		0, page_size, size / 2, size, size - page_size, 1ULL << 31, 1ULL << 32,
		1ULL << 63, -1ULL, INT64_MAX - page_size, BUFFER_SIZE,
	};

	if (chance(worker, 8))
		return draw(&worker->seed);
	if (chance(worker, 2))
		return pick(worker, size ?: 1) & ~7ULL;
	return corners[pick(worker, ARRAY_SIZE(corners))] + pick(worker, 9) - 4;
}

static size_t length(struct worker *worker)
{
	switch (pick(worker, 6)) {
	case 0:
		return hostile(worker, BUFFER_SIZE);
	case 1:
		return 0;
	case 2:
		return pick(worker, BUFFER_SIZE);
	default:
		return 4 << pick(worker, 9);
	}
}

/* An open one, mostly. */
static int draw_file(struct worker *worker)
{
	unsigned int i, first = pick(worker, FILES);

	if (chance(worker, 16))
		return FIRST_FILE + first;
	for (i = 0; i < FILES; i++)
		if (atomic_load(&files[(first + i) % FILES]))
			return FIRST_FILE + (first + i) % FILES;
	return FIRST_FILE + first;
}

/* A number that no file has, if there is one. */
static int draw_free_file(struct worker *worker)
{
	unsigned int i, first = pick(worker, FILES);

	for (i = 0; i < FILES; i++)
		if (!atomic_load(&files[(first + i) % FILES]))
			return FIRST_FILE + (first + i) % FILES;
	return FIRST_FILE + first;
}

static uint64_t size_of(int fd)
{
	unsigned int number = atomic_load(&files[fd - FIRST_FILE]);

	return number ? regions[number - 1].size : 0;
}

/* Who has none to call on says -ESRCH. */
static struct map *draw_map(struct worker *worker)
{
	unsigned int i, first = pick(worker, MAPS);

	for (i = 0; i < MAPS; i++)
		if (worker->maps[(first + i) % MAPS].start)
			return &worker->maps[(first + i) % MAPS];
	return NULL;
}

/*
 * Where a call reads or writes, and how much: good memory, a mapping of a region, or
 * nonsense. Only the buffer has a guard behind it.
 */
static char *memory(struct worker *worker, size_t *bytes)
{
	struct map *map = draw_map(worker);
	char *start;

	*bytes = length(worker);
	switch (pick(worker, 8)) {
	case 0:
		return NULL;
	case 1:
		return (char *)~0xfffUL;
	case 2:
		return worker->buffer + BUFFER_SIZE - pick(worker, 64);
	case 3:
	case 4:
		if (!map)
			return NULL;
		start = map->start + pick(worker, map->length);
		if (*bytes > (size_t)(map->start + map->length - start))
			*bytes = map->start + map->length - start;
		return start;
	default:
		return worker->buffer + pick(worker, 64);
	}
}

/* --- files --- */

static long do_open(struct worker *worker)
{
	static const int flags[] = {
		O_EXCL, O_DIRECT, O_SYNC, O_DSYNC, O_NONBLOCK, O_APPEND, O_TRUNC, O_PATH,
		O_NOFOLLOW, O_NOATIME, O_DIRECTORY, 0, 0, 0, 0,
	};
	unsigned int number = pick(worker, region_count);
	int fd, to = draw_free_file(worker);
	/* The mode 3 is for ioctl alone. */
	int mode = chance(worker, 2) ? O_RDWR : pick(worker, 4);

	fd = open(regions[number].path,
		  mode | flags[pick(worker, ARRAY_SIZE(flags))] |
		  (chance(worker, 4) ? flags[pick(worker, ARRAY_SIZE(flags))] : 0) | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (dup2(fd, to) < 0) {
		close(fd);
		return 0;
	}
	atomic_store(&files[to - FIRST_FILE], number + 1);
	close(fd);
	return 0;
}

static long do_close(struct worker *worker)
{
	int fd = draw_file(worker);

	atomic_store(&files[fd - FIRST_FILE], 0);
	return or_errno(close(fd));
}

static long do_dup(struct worker *worker)
{
	int from = draw_file(worker), to = draw_file(worker);

	if (dup2(from, to) < 0)
		return -errno;
	atomic_store(&files[to - FIRST_FILE], atomic_load(&files[from - FIRST_FILE]));
	return 0;
}

static long do_read(struct worker *worker)
{
	int fd = draw_file(worker);
	size_t bytes;
	char *start = memory(worker, &bytes);

	if (chance(worker, 4))
		return or_errno(read(fd, start, bytes));
	return or_errno(pread(fd, start, bytes, hostile(worker, size_of(fd))));
}

static long do_write(struct worker *worker)
{
	int fd = draw_file(worker);
	size_t bytes;
	char *start = memory(worker, &bytes);

	if (chance(worker, 4))
		return or_errno(write(fd, start, bytes));
	return or_errno(pwrite(fd, start, bytes, hostile(worker, size_of(fd))));
}

static long do_vector(struct worker *worker)
{
	static const int flags[] = {
		RWF_HIPRI, RWF_DSYNC, RWF_SYNC, RWF_NOWAIT, RWF_APPEND, 0, 0, 0, -1,
	};
	int fd = draw_file(worker), flag = flags[pick(worker, ARRAY_SIZE(flags))];
	struct iovec segments[4];
	uint64_t offset = hostile(worker, size_of(fd));
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(segments); i++)
		segments[i].iov_base = memory(worker, &segments[i].iov_len);
	if (chance(worker, 2))
		return or_errno(preadv2(fd, segments, pick(worker, 5), offset, flag));
	return or_errno(pwritev2(fd, segments, pick(worker, 5), offset, flag));
}

static long do_seek(struct worker *worker)
{
	int fd = draw_file(worker);

	return or_errno(lseek(fd, hostile(worker, size_of(fd)), pick(worker, 7)) < 0 ? -1 : 0);
}

static void drain(struct worker *worker)
{
	while (read(worker->pipe[0], worker->buffer, BUFFER_SIZE) > 0)
		;
}

static long do_splice(struct worker *worker)
{
	int fd = draw_file(worker), flags = pick(worker, 16) | SPLICE_F_NONBLOCK;
	off_t offset = hostile(worker, size_of(fd));
	long ret;

	/* There must be something in the pipe for it to go to the region. */
	if (chance(worker, 2)) {
		ret = write(worker->pipe[1], worker->buffer, pick(worker, 8192));
		ret = or_errno(splice(worker->pipe[0], NULL, fd, &offset, length(worker), flags));
	} else {
		ret = or_errno(splice(fd, &offset, worker->pipe[1], NULL, length(worker), flags));
	}
	drain(worker);
	return ret;
}

static long do_sendfile(struct worker *worker)
{
	int fd = draw_file(worker);
	off_t offset = hostile(worker, size_of(fd));
	size_t count = length(worker) % (4 * BUFFER_SIZE);
	long ret;

	if (chance(worker, 2)) {
		ret = or_errno(sendfile(worker->scratch, fd, &offset, count));
		lseek(worker->scratch, 0, SEEK_SET);
		return ret;
	}
	offset = 0;
	return or_errno(sendfile(fd, worker->scratch, &offset, count));
}

static long do_copy_range(struct worker *worker)
{
	loff_t from = hostile(worker, page_size), to = hostile(worker, page_size);

	return or_errno(copy_file_range(draw_file(worker), &from, draw_file(worker), &to,
					length(worker) % BUFFER_SIZE, 0));
}

static long do_ioctl(struct worker *worker)
{
	union {
		struct extmem_info info;
		struct extmem_sync sync;
		uint32_t words[64];
		char bytes[4096];
	} argument;
	int fd = draw_file(worker);
	bool is_sync = chance(worker, 2);
	unsigned long command = is_sync ? EXTMEM_IOC_SYNC : EXTMEM_IOC_INFO;
	void *where = &argument;
	size_t bytes;

	memset(&argument, 0, sizeof(argument));
	if (is_sync) {
		argument.sync.size = sizeof(argument.sync);
		argument.sync.flags = pick(worker, 9);
		argument.sync.offset = hostile(worker, size_of(fd));
		argument.sync.length = chance(worker, 2) ? length(worker) :
				       hostile(worker, size_of(fd));
	} else {
		argument.info.size = sizeof(argument.info);
	}
	switch (pick(worker, 8)) {
	case 0:
		command = draw(&worker->seed);
		break;
	case 1:
		command = _IO(EXTMEM_IOC_TYPE, pick(worker, 256));
		break;
	case 2:
		argument.words[pick(worker, ARRAY_SIZE(argument.words))] = draw(&worker->seed);
		break;
	case 3:
		argument.words[0] = hostile(worker, 256);
		break;
	case 4:
		where = memory(worker, &bytes);
		break;
	}
	return or_errno(ioctl(fd, command, where));
}

static long do_file_misc(struct worker *worker)
{
	int fd = draw_file(worker);
	struct pollfd ready = { .fd = fd, .events = draw(&worker->seed) };
	struct stat status;

	switch (pick(worker, 8)) {
	case 0:
		return or_errno(fsync(fd));
	case 1:
		return or_errno(fdatasync(fd));
	case 2:
		return or_errno(sync_file_range(fd, hostile(worker, size_of(fd)),
						length(worker), pick(worker, 8)));
	case 3:
		return or_errno(poll(&ready, 1, 0));
	case 4:
		return or_errno(fstat(fd, &status));
	case 5:
		return or_errno(fcntl(fd, F_SETFL, draw(&worker->seed) &
				      (O_NONBLOCK | O_DIRECT | O_APPEND | O_ASYNC)));
	case 6:
		return or_errno(flock(fd, LOCK_NB | pick(worker, 16)));
	default:
		return -posix_fadvise(fd, hostile(worker, size_of(fd)), length(worker),
				      pick(worker, 7));
	}
}

/* --- mappings --- */

static void forget_map(struct map *map)
{
	if (map->start)
		munmap(map->start, map->length);
	map->start = NULL;
}

static long do_mmap(struct worker *worker)
{
	static const int flags[] = {
		MAP_SHARED, MAP_SHARED, MAP_SHARED, MAP_SHARED_VALIDATE, MAP_PRIVATE,
		MAP_SHARED | MAP_POPULATE, MAP_SHARED | MAP_LOCKED, MAP_SHARED | MAP_NORESERVE,
		MAP_SHARED_VALIDATE | MAP_SYNC, MAP_SHARED | MAP_HUGETLB,
		MAP_SHARED | MAP_GROWSDOWN,
	};
	struct map *map = &worker->maps[pick(worker, MAPS)];
	int fd = draw_file(worker), prot = chance(worker, 16) ? pick(worker, 8) : pick(worker, 4);
	uint64_t size = size_of(fd);
	off_t offset = chance(worker, 2) ? 0 : hostile(worker, size);
	size_t bytes = chance(worker, 2) ? size : hostile(worker, size);
	char *start;

	if (!chance(worker, 8))
		offset &= -page_size;
	if ((uint64_t)offset < size && chance(worker, 2))
		bytes = size - offset;
	/* Who asks for all pages of a large region at once does little else in a minute. */
	if (bytes > LARGE && bytes <= size && !chance(worker, 64))
		bytes = LARGE;
	start = mmap(NULL, bytes, prot, flags[pick(worker, ARRAY_SIZE(flags))], fd, offset);
	if (start == MAP_FAILED)
		return -errno;
	forget_map(map);
	*map = (struct map){ start, (bytes + page_size - 1) & -page_size };
	return 0;
}

/* A dma-buf, of which a mapping stays. */
static long do_dmabuf(struct worker *worker)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc) };
	struct extmem_export export = { .size = sizeof(export) };
	struct dma_buf_sync sync = { .flags = pick(worker, 8) };
	struct map *map = &worker->maps[pick(worker, MAPS)];
	int fd = draw_file(worker), dmabuf;
	uint64_t size = size_of(fd);
	size_t bytes;
	char *start;

	alloc.length = chance(worker, 2) ? (uint64_t)length(worker) : hostile(worker, size);
	export.offset = hostile(worker, size);
	export.length = chance(worker, 2) ? (uint64_t)page_size << pick(worker, 6) :
			hostile(worker, size);
	if (!chance(worker, 8))
		export.offset &= -(uint64_t)page_size;
	if (chance(worker, 2)) {
		if (ioctl(fd, EXTMEM_IOC_ALLOC, &alloc))
			return -errno;
		dmabuf = alloc.fd;
		bytes = alloc.length;
	} else {
		if (ioctl(fd, EXTMEM_IOC_EXPORT, &export))
			return -errno;
		dmabuf = export.fd;
		bytes = export.length;
	}
	start = mmap(NULL, bytes, pick(worker, 4), MAP_SHARED, dmabuf, 0);
	if (start != MAP_FAILED) {
		forget_map(map);
		*map = (struct map){ start, bytes };
	}
	ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync);
	close(dmabuf);
	return 0;
}

/* A part of a mapping, in pages. */
static char *part(struct worker *worker, const struct map *map, size_t *bytes)
{
	size_t pages = map->length / page_size, first = pick(worker, pages);

	if (chance(worker, 3))
		first = 0;
	*bytes = (chance(worker, 3) ? pages - first : 1 + pick(worker, pages - first)) * page_size;
	return map->start + first * page_size;
}

/* Cuts a piece out, and keeps the longer one of the two that are left. */
static long do_munmap(struct worker *worker)
{
	struct map *map = draw_map(worker);
	size_t bytes, before, after;
	char *start;

	if (!map)
		return -ESRCH;
	if (chance(worker, 2)) {
		forget_map(map);
		return 0;
	}
	start = part(worker, map, &bytes);
	if (munmap(start, bytes))
		return -errno;
	before = start - map->start;
	after = map->length - before - bytes;
	if (before >= after) {
		if (after)
			munmap(start + bytes, after);
		map->length = before;
	} else {
		if (before)
			munmap(map->start, before);
		*map = (struct map){ start + bytes, after };
	}
	if (!map->length)
		map->start = NULL;
	return 0;
}

static long do_mprotect(struct worker *worker)
{
	struct map *map = draw_map(worker);
	size_t bytes;
	char *start;

	if (!map)
		return -ESRCH;
	start = part(worker, map, &bytes);
	return or_errno(mprotect(start, bytes, pick(worker, 8)));
}

static long do_mremap(struct worker *worker)
{
	struct map *map = draw_map(worker);
	size_t bytes, wanted;
	int flags = chance(worker, 2) ? MREMAP_MAYMOVE : 0;
	char *start;

	if (!map)
		return -ESRCH;
	/* Only the whole of it, so that it is known afterwards what is whose. */
	bytes = map->length;
	switch (pick(worker, 4)) {
	case 0:
		wanted = bytes + page_size * (1 + pick(worker, 64));
		break;
	case 1:
		wanted = page_size * (1 + pick(worker, bytes / page_size));
		break;
	case 2:
		wanted = bytes;
		break;
	default:
		/* A second mapping of the same, or a growth in disguise. */
		wanted = bytes * (1 + pick(worker, 2));
		start = mremap(map->start, 0, wanted, MREMAP_MAYMOVE);
		if (start == MAP_FAILED)
			return -errno;
		munmap(start, wanted);
		return 0;
	}
	start = mremap(map->start, bytes, wanted, flags);
	if (start == MAP_FAILED)
		return -errno;
	*map = (struct map){ start, wanted };
	return 0;
}

static long do_advise(struct worker *worker)
{
	/* All but those that poison a page of the machine's, or stop us. */
	static const int advices[] = {
		MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE,
		MADV_REMOVE, MADV_DONTFORK, MADV_DOFORK, MADV_MERGEABLE, MADV_UNMERGEABLE,
		MADV_HUGEPAGE, MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK,
		MADV_KEEPONFORK, MADV_COLD, MADV_PAGEOUT, MADV_POPULATE_READ, MADV_POPULATE_WRITE,
		24 /* DONTNEED_LOCKED */, 25 /* COLLAPSE */, 77,
	};
	struct map *map = draw_map(worker);
	size_t bytes;
	char *start;
	int advice;

	if (!map)
		return -ESRCH;
	start = part(worker, map, &bytes);
	advice = advices[pick(worker, ARRAY_SIZE(advices))];
	/*
	 * Of a part of a huge entry of made pages, these two have arm64's 6.12 split what
	 * is no huge page (device DAX's entries, too): with DEBUG_VM that is a BUG(), and
	 * without it an error that nobody sees.
	 */
	if (advice == MADV_COLD || advice == MADV_PAGEOUT) {
		start = map->start;
		bytes = map->length;
	}
	return or_errno(madvise(start, bytes, advice));
}

static long do_map_misc(struct worker *worker)
{
	struct uffdio_register range = { .mode = 1 + pick(worker, 7) };
	struct map *map = draw_map(worker);
	struct iovec here = { worker->buffer, 4096 }, there;
	size_t bytes;
	char *start;

	if (!map)
		return -ESRCH;
	start = part(worker, map, &bytes);
	there = (struct iovec){ start, 4096 };
	range.range.start = (uintptr_t)start;
	range.range.len = bytes;
	switch (pick(worker, 10)) {
	case 0:
		return or_errno(mlock(start, bytes));
	case 1:
		return or_errno(munlock(start, bytes));
	case 2:
		return or_errno(msync(start, bytes, pick(worker, 8)));
	case 3:
		return or_errno(mincore(start, bytes, (void *)worker->buffer));
	case 4:
		return or_errno(process_vm_readv(getpid(), &here, 1, &there, 1, 0));
	case 5:
		return or_errno(process_vm_writev(getpid(), &here, 1, &there, 1, 0));
	case 6:
		return or_errno(syscall(SYS_futex, start, FUTEX_WAKE, 1, NULL, NULL, 0));
	case 7:
		bytes = vmsplice(worker->pipe[1], &there, 1, SPLICE_F_NONBLOCK | SPLICE_F_GIFT);
		drain(worker);
		return (long)bytes < 0 ? -errno : 0;
	case 8:
		return or_errno(ioctl(worker->uffd, UFFDIO_REGISTER, &range));
	default:
		return or_errno(remap_file_pages(start, bytes, 0, pick(worker, 16), 0));
	}
}

/* Between two regions, or what a number is by chance. */
static long do_copy(struct worker *worker)
{
	struct extmem_copy copy = {
		.size = sizeof(copy),
		.src_fd = draw_file(worker),
		.dst_fd = chance(worker, 8) ? (int)pick(worker, 64) : draw_file(worker),
		.src_offset = pick(worker, 1 << 20),
		.dst_offset = pick(worker, 1 << 20),
		.length = pick(worker, 1 << 18),
	};

	if (copy.src_fd < 0)
		return -ESRCH;
	if (chance(worker, 8))
		copy.length = draw(&worker->seed);
	return or_errno(ioctl(copy.src_fd, EXTMEM_IOC_COPY, &copy));
}

/* To listen, to be told and to listen no more, with an eventfd, or what is none. */
static long do_irq(struct worker *worker)
{
	struct extmem_irq_read irq = { .size = sizeof(irq), .index = pick(worker, 2) };
	struct extmem_irq_arm arm = {
		.size = sizeof(arm), .index = pick(worker, 2), .flags = pick(worker, 4),
	};
	int fd = draw_file(worker), event = -1;
	long ret;

	if (chance(worker, 2))
		return or_errno(ioctl(fd, EXTMEM_IOC_IRQ_READ, &irq));
	if (chance(worker, 8))
		arm.index = draw(&worker->seed);
	if (arm.flags == EXTMEM_IRQ_EVENTFD) {
		event = chance(worker, 4) ? -1 : eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		arm.eventfd = chance(worker, 4) ? draw_file(worker) : event;
	}
	ret = or_errno(ioctl(fd, EXTMEM_IOC_IRQ_ARM, &arm));
	if (event >= 0)
		close(event);
	return ret;
}

static bool have_irqs(void)
{
	char path[256];
	unsigned int i;

	for (i = 0; i < region_count; i++) {
		/* GCC 14 takes a name for as long as all of the array. */
		snprintf(path, sizeof(path), "/sys/class/extmem/%.*s/interrupts",
			 EXTMEM_NAME_SIZE, regions[i].name);
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

static long do_touch(struct worker *worker)
{
	struct map *map = draw_map(worker);
	unsigned int i, count = 1 + pick(worker, 32);
	char *start;

	if (!map)
		return -ESRCH;
	for (i = 0; i < count; i++) {
		start = map->start + (pick(worker, map->length) & ~3UL);
		if (FAULTS())
			return fault_signal == SIGBUS ? -EIO : -EACCES;
		if (chance(worker, 2))
			poke32(start, i);
		else
			peek32(start);
		fault_end();
	}
	return 0;
}

/* --- processes, and what others see of us --- */

static long do_fork(struct worker *worker)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid) {
		unsigned int i;

		for (i = 0; i < 4; i++) {
			do_touch(worker);
			do_read(worker);
			do_munmap(worker);
		}
		if (chance(worker, 4))
			raise(SIGKILL);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) && WEXITSTATUS(status) ? -ECHILD : 0;
}

static long do_proc(struct worker *worker)
{
	static const char * const names[] = {
		"maps", "smaps", "smaps_rollup", "statm", "numa_maps", "pagemap", "mem",
		"clear_refs",
	};
	const char *name = names[pick(worker, ARRAY_SIZE(names))];
	struct map *map = draw_map(worker);
	uint64_t offset = map ? (uintptr_t)map->start : 0;
	char path[64];
	long ret;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/%s", name);
	fd = open(path, strcmp(name, "clear_refs") ? O_RDONLY | O_CLOEXEC : O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!strcmp(name, "pagemap"))
		ret = pread(fd, worker->buffer, 4096, offset / page_size * 8);
	else if (!strcmp(name, "mem"))
		ret = pread(fd, worker->buffer, 4096, offset);
	else if (!strcmp(name, "clear_refs"))
		ret = write(fd, "1", 1);
	else
		while ((ret = read(fd, worker->buffer, BUFFER_SIZE)) > 0)
			;
	ret = or_errno(ret);
	close(fd);
	return ret;
}

static long do_sysfs(struct worker *worker)
{
	static const char * const facts[] = {
		"cache_policy_effective", "open_count", "state", "size", "uevent",
	};
	char path[256], text[256];

	snprintf(path, sizeof(path), "/sys/class/extmem/%s/%s",
		 regions[pick(worker, region_count)].name, facts[pick(worker, ARRAY_SIZE(facts))]);
	return read_text(path, text, sizeof(text));
}

/* The errors that the region's calls may return. No -ENOMEM: memory is not short. */
static const short open_errors[] = {
	ENOENT, ENXIO, EBUSY, ENODEV, ENOTDIR, EINVAL, EEXIST, EISDIR, 0
};

static const short file_errors[] = { EBADF, 0 };

static const short read_errors[] = { EBADF, EINVAL, ENODEV, EFAULT, ENXIO, EOPNOTSUPP, EAGAIN, 0 };

static const short write_errors[] = {
	EBADF, EINVAL, ENODEV, EFAULT, ENXIO, EOPNOTSUPP, EAGAIN, EPERM, ENOSPC, 0
};

static const short splice_errors[] = {
	EBADF, EINVAL, ENODEV, EFAULT, ENXIO, EAGAIN, EPERM, ENOSPC, ESPIPE, EOVERFLOW,
	EOPNOTSUPP, 0
};

static const short seek_errors[] = { EBADF, EINVAL, 0 };

/* Of each of them, for a command is at random now and then. */
static const short ioctl_errors[] = {
	EBADF, EINVAL, ENODEV, ENOTTY, EFAULT, E2BIG, EOPNOTSUPP, ENXIO, EACCES, EPERM, ENOMEM, 0
};

static const short dmabuf_errors[] = {
	EBADF, EINVAL, ENODEV, ENOTTY, EOPNOTSUPP, ENXIO, EPERM, EACCES, ENOMEM, 0
};

static const short copy_errors[] = { EBADF, EINVAL, ENODEV, ENOTTY, ENXIO, EPERM, 0 };

static const short irq_errors[] = { EBADF, EINVAL, ENODEV, ENOTTY, 0 };

static const short mmap_errors[] = {
	EBADF, EINVAL, ENODEV, EACCES, EPERM, ENXIO, EOVERFLOW, EOPNOTSUPP, ENOMEM, EAGAIN, 0
};

static const short fork_errors[] = { 0 };

static const short sysfs_errors[] = { ENOENT, ENODEV, 0 };

static struct op ops[] = {
	{ "open", do_open, 12, open_errors },
	{ "close", do_close, 4, file_errors },
	{ "dup", do_dup, 2, file_errors },
	{ "read", do_read, 12, read_errors },
	{ "write", do_write, 12, write_errors },
	{ "readv, writev", do_vector, 6, write_errors },
	{ "lseek", do_seek, 4, seek_errors },
	{ "splice", do_splice, 4, splice_errors },
	{ "sendfile", do_sendfile, 4, splice_errors },
	{ "copy_file_range", do_copy_range, 1, NULL },
	{ "ioctl", do_ioctl, 12, ioctl_errors },
	{ "dma-buf", do_dmabuf, 6, dmabuf_errors },
	{ "COPY", do_copy, 6, copy_errors },
	{ "interrupts", do_irq, 6, irq_errors },
	{ "other calls on files", do_file_misc, 4, NULL },
	{ "mmap", do_mmap, 12, mmap_errors },
	{ "munmap", do_munmap, 4, NULL },
	{ "mprotect", do_mprotect, 4, NULL },
	{ "mremap", do_mremap, 4, NULL },
	{ "madvise", do_advise, 6, NULL },
	{ "other calls on mappings", do_map_misc, 6, NULL },
	{ "touch", do_touch, 12, NULL },
	{ "fork", do_fork, 1, fork_errors },
	{ "/proc/self", do_proc, 1, NULL },
	{ "sysfs", do_sysfs, 1, sysfs_errors },
};

static struct op *draw_op(struct worker *worker)
{
	unsigned int i, at, weights = 0;

	for (i = 0; i < ARRAY_SIZE(ops); i++)
		weights += ops[i].weight;
	at = pick(worker, weights);
	for (i = 0; at >= ops[i].weight; i++)
		at -= ops[i].weight;
	return &ops[i];
}

static bool may_return(const struct op *op, long error)
{
	const short *may;

	if (!op->may)
		return true;
	for (may = op->may; *may; may++)
		if (*may == error)
			return true;
	return false;
}

/* One that is drawn, or that feedback.c suggests; all of it comes from a seed then. */
static struct op *next_op(struct worker *worker, struct call *call)
{
	struct op *op;

	if (!worker->feedback)
		return draw_op(worker);
	if (!feedback_suggest(worker->feedback, call)) {
		/* Else the same would be drawn behind each call that is made again. */
		worker->seed = draw(&worker->feedback->seed);
		op = draw_op(worker);
		call->op = op - ops;
		call->seed = draw(&worker->seed);
	}
	worker->seed = call->seed;
	feedback_begin(worker->feedback);
	return &ops[call->op];
}

static void *work(void *data)
{
	static struct feedback feedbacks[THREADS];
	static atomic_uint started;
	struct worker *worker = data;
	struct call call;
	unsigned long i;

	if (counts) {
		worker->feedback = &feedbacks[atomic_fetch_add(&started, 1)];
		feedback_start(worker->feedback, worker->seed, learns);
	}
	for (i = 0; i < worker->calls; i++) {
		struct op *op = next_op(worker, &call);
		long ret = op->run(worker);

		if (worker->feedback)
			feedback_end(worker->feedback, &call);
		if (ret < 0 && !may_return(op, -ret) && atomic_fetch_add(&unexpected, 1) < 20)
			printf("%s: %s, in call %lu\n", op->name, strerror(-ret), i);
		atomic_fetch_add(&op->results[ret < 0 ? -ret % ERRNOS : 0], 1);
		if (i % 64 == 0)
			step("call %lu or so", i);
	}
	return NULL;
}

static void worker_start(struct worker *worker, uint64_t seed, unsigned long calls)
{
	struct uffdio_api api = { .api = UFFD_API };

	worker->seed = seed;
	worker->calls = calls;
	worker->buffer = mmap(NULL, BUFFER_SIZE + GUARD_SIZE, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (worker->buffer == MAP_FAILED ||
	    mprotect(worker->buffer, BUFFER_SIZE, PROT_READ | PROT_WRITE) ||
	    pipe2(worker->pipe, O_NONBLOCK | O_CLOEXEC))
		fail("no memory");
	worker->scratch = memfd_create("scratch", MFD_CLOEXEC);
	worker->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (worker->uffd >= 0)
		ioctl(worker->uffd, UFFDIO_API, &api);
	if (pthread_create(&worker->thread, NULL, work, worker))
		fail("no thread");
}

static atomic_ulong rebinds;
static atomic_ulong refusals;

/* The memory of a buffer may be another's meanwhile: a pool can have many users. */
static bool memory_is_taken(const struct stress_region *region, int ret)
{
	return ret == -ENOMEM && !strcmp(region->type, "cma");
}

static void *rebind(void *data)
{
	static bool unbound[REGIONS];
	uint64_t seed = *(uint64_t *)data;

	while (!atomic_load(&stop)) {
		unsigned int number = draw_below(&seed, region_count);
		const struct stress_region *region = &regions[number];
		int ret;

		doze(draw_below(&seed, 20000));
		ret = unbound[number] ? 0 : driver_write("unbind", region->device);
		if (ret)
			fail("unbind of %s: %s", region->device, strerror(-ret));
		doze(draw_below(&seed, 5000));
		ret = driver_write("bind", region->device);
		unbound[number] = memory_is_taken(region, ret);
		if (ret && !unbound[number])
			fail("bind of %s: %s", region->device, strerror(-ret));
		atomic_fetch_add(ret ? &refusals : &rebinds, 1);
	}
	return NULL;
}

static void show(const struct op *op)
{
	unsigned int i;

	printf("%s: %lu", op->name, op->results[0]);
	for (i = 1; i < ERRNOS; i++)
		if (op->results[i])
			printf(", %s %lu", strerrorname_np(i) ?: "?", op->results[i]);
	printf("\n");
}

/* Catches: a fuzzer whose calls all fail at the door. */
static bool reached_all(void)
{
	bool all = true;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		show(&ops[i]);
		if (ops[i].run == do_irq && !have_irqs())
			continue;
		if (ops[i].run != do_copy_range && !ops[i].results[0]) {
			printf("%s: never succeeds\n", ops[i].name);
			all = false;
		}
	}
	return all;
}

int main(int argc, char **argv)
{
	static struct worker workers[THREADS];
	const char *option = argc > 3 && *argv[3] == '-' ? argv[3] : "";
	bool unbinds = !strcmp(option, "-u");
	unsigned long calls;
	pthread_t rebinder;
	uint64_t seed;
	double start;
	int i;

	if (argc < 4 + !!*option)
		fail("usage: fuzz CALLS SEED [-u | -c | -f] REGION...");
	learns = !strcmp(option, "-f");
	counts = learns || !strcmp(option, "-c");
	watch();
	catch_faults();
	calls = strtoul(argv[1], NULL, 0);
	seed = strtoull(argv[2], NULL, 0);
	for (i = 3 + !!*option; i < argc && region_count < REGIONS; i++)
		find_region(argv[i], &regions[region_count++]);
	start = now();
	for (i = 0; i < THREADS; i++)
		worker_start(&workers[i], seed * 1000 + i + 1, calls / THREADS);
	if (unbinds)
		pthread_create(&rebinder, NULL, rebind, &seed);
	for (i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	atomic_store(&stop, true);
	if (unbinds)
		pthread_join(rebinder, NULL);
	printf("%lu calls with the seed %llu on %u regions in %.1f s\n", calls,
	       (unsigned long long)strtoull(argv[2], NULL, 0), region_count, now() - start);
	printf("%lu times unbound and bound, %lu times refused for want of memory\n",
	       atomic_load(&rebinds), atomic_load(&refusals));
	if (counts)
		printf("%lu places reached%s\n", feedback_places(), learns ? " with feedback" : "");
	i = reached_all() && !unexpected && (!counts || feedback_places());
	fflush(stdout);
	_exit(!i);
}
