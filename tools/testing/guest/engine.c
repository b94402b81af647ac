// SPDX-License-Identifier: GPL-2.0
/*
 * engine move REGION: long reads and writes of a region that has a DMA engine, of any
 * alignment, are right, and the engine's where they can be.
 *
 * engine copy TO FROM...: EXTMEM_IOC_COPY from each of those to TO, which has an engine or
 * not; pool: is a buffer of that pool, window: a dma-buf of that region.
 *
 * engine kill REGION: who waits for the engine can be killed, again and again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

#define LENGTH	0x200000UL	/* of what is copied, at most */
#define LEAST	0x10000UL	/* what an engine is asked for */

static unsigned char *ours, *other;

static void allocate(void)
{
	if (posix_memalign((void **)&ours, 1 << 16, LENGTH + (1 << 16)) ||
	    posix_memalign((void **)&other, 1 << 16, LENGTH + (1 << 16)))
		fail("no memory");
}

static void fill(unsigned char *at, size_t size, unsigned int seed)
{
	size_t i;

	for (i = 0; i < size; i++)
		at[i] = i * 7 + (i >> 8) * 13 + (i >> 16) * 29 + seed;
}

static unsigned long long moved(const char *name)
{
	char path[256], text[32];

	snprintf(path, sizeof(path), "/sys/class/extmem/%s/dma_bytes", name);
	if (read_text(path, text, sizeof(text)) <= 0)
		return 0;
	return strtoull(text, NULL, 10);
}

static int open_or_fail(const char *path, int flags)
{
	int fd = open(path, flags);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

/* By the CPU, in pieces that are too short for an engine. */
static void small(int fd, unsigned char *buf, size_t size, off_t pos, bool write)
{
	size_t done, part;

	for (done = 0; done < size; done += part) {
		part = size - done < 4096 ? size - done : 4096;
		if ((write ? pwrite(fd, buf + done, part, pos + done) :
			     pread(fd, buf + done, part, pos + done)) != (ssize_t)part)
			fail("%s of %zu bytes: %s", write ? "write" : "read", part,
			     strerror(errno));
	}
}

static void move(const struct stress_region *region, int fd, size_t size, off_t pos,
		 size_t shift)
{
	unsigned long long before = moved(region->name), least;
	unsigned char *buf = ours + shift;

	step("%zu bytes at %ld, %zu bytes off", size, (long)pos, shift);
	fill(buf, size, 1);
	if (pwrite(fd, buf, size, pos) != (ssize_t)size)
		fail("write: %s", strerror(errno));
	small(fd, other, size, pos, false);
	if (memcmp(buf, other, size))
		fail("%s was not written", step_name);
	fill(other, size, 2);
	small(fd, other, size, pos, true);
	memset(buf, 0, size);
	if (pread(fd, buf, size, pos) != (ssize_t)size)
		fail("read: %s", strerror(errno));
	if (memcmp(buf, other, size))
		fail("%s was not read", step_name);
	/* But for what is left to the CPU at the ends of each piece. */
	least = size < 2 * LEAST || (pos - shift) % 64 ? 0 : 2 * (size - LEAST);
	if (moved(region->name) - before < least)
		fail("%s: the engine has moved %llu bytes", step_name,
		     moved(region->name) - before);
}

static void job_move(const char *name)
{
	struct stress_region region;
	int fd;

	find_region(name, &region);
	fd = open_or_fail(region.path, O_RDWR);
	move(&region, fd, LENGTH, 0, 0);
	move(&region, fd, LENGTH - 4096, 4096, 0);
	move(&region, fd, LEAST, 0, 0);
	move(&region, fd, LEAST - 1, 0, 0);
	move(&region, fd, 300001, 64, 0);
	move(&region, fd, 300001, 64, 64);
	move(&region, fd, 300001, 3, 3);
	move(&region, fd, 300001, 3, 4);
	move(&region, fd, 1000003, 4096 + 8, 1000);
	printf("%s: %llu bytes by the engine\n", name, moved(name));
	close(fd);
}

/* REGION, pool:REGION or window:REGION. */
static int end_of(char *what, bool *has_engine)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = LENGTH };
	struct extmem_export export = { .size = sizeof(export), .length = LENGTH };
	char *name = strchr(what, ':');
	struct stress_region region;
	int fd;

	name = name ? name + 1 : what;
	find_region(name, &region);
	*has_engine |= what == name && moved(name);
	fd = open_or_fail(region.path, O_RDWR);
	if (!strncmp(what, "pool:", 5)) {
		if (ioctl(fd, EXTMEM_IOC_ALLOC, &alloc))
			fail("EXTMEM_IOC_ALLOC: %s", strerror(errno));
		close(fd);
		return alloc.fd;
	}
	if (strncmp(what, "window:", 7))
		return fd;
	if (ioctl(fd, EXTMEM_IOC_EXPORT, &export))
		fail("EXTMEM_IOC_EXPORT: %s", strerror(errno));
	close(fd);
	return export.fd;
}

/* Through a mapping where there is one: a dma-buf has no read(). */
static void set(int fd, const unsigned char *from)
{
	unsigned char *at = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	size_t i;

	if (at == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	for (i = 0; i < LENGTH; i += 4)
		poke32(at + i, *(const uint32_t *)(from + i));
	munmap(at, LENGTH);
}

static void get(int fd, unsigned char *to)
{
	unsigned char *at = mmap(NULL, LENGTH, PROT_READ, MAP_SHARED, fd, 0);
	size_t i;

	if (at == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	for (i = 0; i < LENGTH; i += 4)
		*(uint32_t *)(to + i) = peek32(at + i);
	munmap(at, LENGTH);
}

static void copy(int dst, int src, size_t size, size_t to, size_t from)
{
	struct extmem_copy copy = {
		.size = sizeof(copy),
		.dst_fd = dst, .src_fd = src,
		.dst_offset = to, .src_offset = from, .length = size,
	};

	fill(other, LENGTH, 3);
	set(src, other);
	memset(ours, 0, LENGTH);
	set(dst, ours);
	if (ioctl(dst, EXTMEM_IOC_COPY, &copy) && ioctl(src, EXTMEM_IOC_COPY, &copy))
		fail("%s: %s", step_name, strerror(errno));
	if (copy.copied != size)
		fail("%s: %llu bytes", step_name, (unsigned long long)copy.copied);
	memcpy(ours + to, other + from, size);
	get(dst, other);
	if (memcmp(ours, other, LENGTH))
		fail("%s: the bytes are others", step_name);
}

static void job_copy(char *to, char *from)
{
	unsigned long long before = moved(to) + moved(from);
	bool has_engine = false;
	int dst = end_of(to, &has_engine), src = end_of(from, &has_engine);

	step("from %s to %s", from, to);
	copy(dst, src, LENGTH, 0, 0);
	copy(dst, src, 4096, 4096, 8192);
	copy(dst, src, 100000, 64, 640);
	copy(dst, src, 1000003, 1, 4);
	before = moved(to) + moved(from) - before;
	if (has_engine ? before < LENGTH : before > 0)
		fail("%s: the engine has moved %llu bytes", step_name, before);
	close(dst);
	close(src);
}

static void job_kill(const char *name)
{
	struct stress_region region;
	unsigned int i;

	find_region(name, &region);
	for (i = 0; i < 50; i++) {
		pid_t pid = fork();

		step("kill %u", i);
		if (!pid) {
			int fd = open_or_fail(region.path, O_RDWR);

			for (;;)
				if (pread(fd, ours, LENGTH, 0) < 0 ||
				    pwrite(fd, ours, LENGTH, 0) < 0)
					_exit(1);
		}
		doze(1000 * (i % 10));
		kill(pid, SIGKILL);
		if (waitpid(pid, NULL, 0) != pid)
			fail("waitpid: %s", strerror(errno));
	}
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 3)
		fail("usage: engine move|copy|kill REGION...");
	watch();
	allocate();
	if (!strcmp(argv[1], "move"))
		job_move(argv[2]);
	else if (!strcmp(argv[1], "kill"))
		job_kill(argv[2]);
	else
		for (i = 3; i < argc; i++)
			job_copy(argv[2], argv[i]);
	fflush(stdout);
	_exit(0);
}
