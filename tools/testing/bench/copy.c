// SPDX-License-Identifier: GPL-2.0
/*
 * read() and write(), and the one register that a driver in user space polls.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/extmem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"

#define SAMPLES		5
#define COUNT(array)	(sizeof(array) / sizeof(*(array)))

static const size_t sizes[] = { 4, 4 * KIB, 64 * KIB, MIB };

static char *bytes;

/* What is copied begins a page, and all of its pages are there. */
static bool have_bytes(void)
{
	if (!bytes)
		bytes = aligned_alloc(4 * KIB, MIB);
	if (bytes)
		memset(bytes, 1, MIB);
	return bytes;
}

/* Some give a page at a time. */
static bool copy(int fd, bool writing, size_t size, off_t offset)
{
	size_t done = 0;
	ssize_t ret;

	while (done < size) {
		ret = writing ? pwrite(fd, bytes + done, size - done, offset + done) :
				pread(fd, bytes + done, size - done, offset + done);
		if (ret <= 0) {
			if (!ret)
				errno = ENODATA;
			return false;
		}
		done += ret;
	}
	return true;
}

/* The first call makes the kernel's mapping, so it does not count. */
static void measure_copy(const char *group, const struct subject *subject, bool writing,
			 size_t size, int repeats, int samples)
{
	const char *what = writing ? "write" : "read";
	int fd = open(subject->path, O_RDWR);
	int64_t start;
	char row[48];
	int i, j;

	snprintf(row, sizeof(row), "%s%s/%zu", group, what, size);
	if (fd < 0 || !have_bytes()) {
		record_failure(row, subject->name, "open()");
		return;
	}
	if (!copy(fd, writing, size, subject->offset)) {
		record_failure(row, subject->name, writing ? "pwrite()" : "pread()");
		close(fd);
		return;
	}
	for (i = 0; i < samples; i++) {
		start = now();
		for (j = 0; j < repeats; j++)
			copy(fd, writing, size, subject->offset);
		record(row, subject->name, (double)(now() - start) / repeats);
	}
	close(fd);
}

/**
 * measure_copies() - of memory of each policy, and of the peers' memory
 */
void measure_copies(void)
{
	static const struct subject subjects[] = {
		{ "extmem write-back", "/dev/extmem/write-back", 0 },
		{ "extmem write-combine", "/dev/extmem/write-combine", 0 },
		{ "extmem uncached", "/dev/extmem/uncached", 0 },
		{ "extmem mmio", "/dev/extmem/mmio", 0 },
		{ "mmio-sram", SRAM_FILE, 0 },
		{ "/dev/mem", "/dev/mem", 0x70000000 },
		{ "tmpfs", "/tmp/file", 0 },
	};
	size_t i, j;

	for (i = 0; i < COUNT(subjects); i++) {
		for (j = 0; j < COUNT(sizes); j++) {
			int repeats = sizes[j] < MIB ? 16 : 1;

			if (wanted("read"))
				measure_copy("", &subjects[i], false, sizes[j],
					     repeats, SAMPLES);
			if (wanted("write"))
				measure_copy("", &subjects[i], true, sizes[j],
					     repeats, SAMPLES);
		}
	}
}

/**
 * measure_simulated_copies() - where time is the host's; the subjects take turns, so
 * that what else the host does meets them alike
 */
void measure_simulated_copies(void)
{
	static const struct subject subjects[] = {
		{ "extmem write-back", "/dev/extmem/write-back", 0 },
		{ "extmem mmio", "/dev/extmem/mmio", 0 },
		{ "tmpfs", "/tmp/file", 0 },
	};
	size_t i, j, sample;

	for (j = 0; j < COUNT(sizes); j++) {
		int repeats = sizes[j] <= 4 * KIB ? 1000 : 4 * MIB / sizes[j];

		for (sample = 0; sample < 25; sample++) {
			for (i = 0; i < COUNT(subjects); i++) {
				measure_copy("native-", &subjects[i], false, sizes[j],
					     repeats, 1);
				measure_copy("native-", &subjects[i], true, sizes[j],
					     repeats, 1);
			}
		}
	}
}

/* Within a region, so that both ends are of the same memory. */
static void measure_engine_copy(const struct subject *subject)
{
	const char *row = "engine-copy/1048576";
	int fd = open(subject->path, O_RDWR);
	int i;

	for (i = 0; i <= SAMPLES; i++) {
		struct extmem_copy copy = {
			.size = sizeof(copy),
			.src_fd = fd,
			.dst_fd = fd,
			.dst_offset = MIB,
			.length = MIB,
		};
		int64_t start = now();

		if (ioctl(fd, EXTMEM_IOC_COPY, &copy) || copy.copied != MIB) {
			record_failure(row, subject->name, "EXTMEM_IOC_COPY");
			break;
		}
		if (i)
			record(row, subject->name, now() - start);
	}
	close(fd);
}

/**
 * measure_engine() - of two regions of the same memory, one with a DMA engine
 */
void measure_engine(void)
{
	static const struct subject subjects[] = {
		{ "the engine", "/dev/extmem/lim", 0 },
		{ "the CPU", "/dev/extmem/plain", 0 },
	};
	static const size_t lengths[] = { 64 * KIB, 256 * KIB, MIB };
	size_t i, j;

	for (i = 0; i < COUNT(subjects); i++) {
		for (j = 0; wanted("engine-read") && j < COUNT(lengths); j++)
			measure_copy("engine-", &subjects[i], false, lengths[j], 1, SAMPLES);
		if (wanted("engine-write"))
			measure_copy("engine-", &subjects[i], true, MIB, 1, SAMPLES);
		if (wanted("engine-copy"))
			measure_engine_copy(&subjects[i]);
	}
}

static void measure_load(const struct subject *subject)
{
	const char *row = "register/load";
	int fd = open(subject->path, O_RDWR);
	const uint32_t *at;
	int64_t start;
	int i, j;

	if (fd < 0) {
		record_failure(row, subject->name, "open()");
		return;
	}
	at = mmap(NULL, 4 * KIB, PROT_READ, MAP_SHARED, fd, subject->offset);
	if (at == MAP_FAILED) {
		record_failure(row, subject->name, "mmap()");
		close(fd);
		return;
	}
	asm volatile("" : : "r"(*at));
	for (i = 0; i < SAMPLES; i++) {
		start = now();
		for (j = 0; j < 1000; j++)
			asm volatile("" : : "r"(*at) : "memory");
		record(row, subject->name, (now() - start) / 1000.0);
	}
	munmap((void *)at, 4 * KIB);
	close(fd);
}

/**
 * measure_register() - a loop's turn that reads one: by a mapping, and by pread()
 */
void measure_register(void)
{
	const struct subject loads[] = {
		{ "extmem", "/dev/extmem/mmio", 0 },
		{ "uio", uio_path("mmio"), 0 },
		{ "/dev/mem", "/dev/mem", 0x101000000 },
	};
	const struct subject call = { "extmem pread()", "/dev/extmem/mmio", 0 };
	uint32_t value;
	int64_t start;
	size_t i, j;
	int fd;

	for (i = 0; i < COUNT(loads); i++)
		measure_load(&loads[i]);

	fd = open(call.path, O_RDWR);
	if (fd < 0 || pread(fd, &value, 4, 0) != 4) {
		record_failure("register/load", call.name, "pread()");
		return;
	}
	for (i = 0; i < SAMPLES; i++) {
		start = now();
		for (j = 0; j < 1000; j++)
			(void)!pread(fd, &value, 4, 0);
		record("register/load", call.name, (now() - start) / 1000.0);
	}
	close(fd);
}
