// SPDX-License-Identifier: GPL-2.0
/*
 * An example: fill a region for a device, wait for it, and look at what it left.
 *
 *	cc -I DIR/include/uapi -o extmem-use extmem-use.c
 *	./extmem-use /dev/extmem/frames
 *
 * DIR is extmem's source. With no device at work, what comes back is what was written.
 */
#define _FILE_OFFSET_BITS 64	/* a region can be larger than a 32-bit CPU can map */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/extmem.h>

#define CHUNK 65536

static unsigned char chunk[CHUNK];

static unsigned char pattern(unsigned long long offset)
{
	return offset ^ offset >> 8 ^ offset >> 16;
}

static size_t chunk_at(const struct extmem_info *info, unsigned long long offset)
{
	return info->bytes - offset < CHUNK ? info->bytes - offset : CHUNK;
}

static void sync_with_device(int fd, const struct extmem_info *info, unsigned int flags)
{
	static const char * const done[] = {
		[EXTMEM_SYNC_NOTHING] = "nothing was needed",
		[EXTMEM_SYNC_BARRIER] = "a barrier was enough",
		[EXTMEM_SYNC_CACHE] = "it took the caches",
	};
	struct extmem_sync sync = {
		.size = sizeof(sync),
		.flags = flags,
		.length = info->bytes,
	};

	if (ioctl(fd, EXTMEM_IOC_SYNC, &sync))
		err(EXIT_FAILURE, "EXTMEM_IOC_SYNC");
	printf("sync: %s\n", done[sync.done]);
}

static void fill_by_mapping(int fd, const struct extmem_info *info)
{
	unsigned char *mem;
	size_t i;

	mem = mmap(NULL, info->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mem == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	for (i = 0; i < info->bytes; i++)
		mem[i] = pattern(i);
	munmap(mem, info->bytes);
}

static void fill_by_writing(int fd, const struct extmem_info *info)
{
	unsigned long long offset;
	ssize_t done;
	size_t i;

	for (offset = 0; offset < info->bytes; offset += done) {
		for (i = 0; i < CHUNK; i++)
			chunk[i] = pattern(offset + i);
		done = pwrite(fd, chunk, chunk_at(info, offset), offset);
		if (done < 0)
			err(EXIT_FAILURE, "pwrite at 0x%llx", offset);
	}
}

static unsigned long long count_changes(int fd, const struct extmem_info *info)
{
	unsigned long long offset, changes = 0;
	ssize_t done, i;

	for (offset = 0; offset < info->bytes; offset += done) {
		done = pread(fd, chunk, chunk_at(info, offset), offset);
		if (done <= 0)
			err(EXIT_FAILURE, "pread at 0x%llx", offset);
		for (i = 0; i < done; i++)
			changes += chunk[i] != pattern(offset + i);
	}
	return changes;
}

int main(int argc, char **argv)
{
	struct extmem_info info = { .size = sizeof(info) };
	int fd;

	if (argc != 2)
		errx(EXIT_FAILURE, "usage: %s /dev/extmem/NAME", argv[0]);
	fd = open(argv[1], O_RDWR | O_EXCL | O_CLOEXEC);
	if (fd < 0)
		err(EXIT_FAILURE, "%s", argv[1]);
	if (ioctl(fd, EXTMEM_IOC_INFO, &info))
		err(EXIT_FAILURE, "%s: EXTMEM_IOC_INFO", argv[1]);
	printf("%s: %llu bytes\n", info.name, (unsigned long long)info.bytes);
	if (info.type == EXTMEM_MMIO || !(info.access & EXTMEM_ACCESS_WRITE))
		errx(EXIT_FAILURE, "%s is not for filling", info.name);

	/* A compiler makes of a loop what uncached memory may not take. */
	if (info.access & EXTMEM_ACCESS_MMAP && info.policy != EXTMEM_UNCACHED &&
	    info.bytes <= SIZE_MAX)
		fill_by_mapping(fd, &info);
	else
		fill_by_writing(fd, &info);
	sync_with_device(fd, &info, EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END);

	/* Here the program tells the device to begin, and waits until it is done. */

	sync_with_device(fd, &info, EXTMEM_SYNC_READ);
	printf("%llu bytes changed\n", count_changes(fd, &info));
	return EXIT_SUCCESS;
}
