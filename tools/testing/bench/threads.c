// SPDX-License-Identifier: GPL-2.0
/*
 * Two threads on one region against one: what they share, they wait for. It is the
 * machine's own time that is measured, so the same is done with two files that share
 * nothing: they say what this machine, and QEMU, could give.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define SAMPLES		11
#define TIME		30000000LL	/* of one sample, in nanoseconds */

struct worker {
	pthread_t thread;
	int cpu;
	int fd;
	size_t size;
	off_t offset;
	unsigned long calls;
};

struct pair {
	const char *name;
	const char *path[2];
};

static atomic_bool go, stop;

static void *work(void *data)
{
	struct worker *worker = data;
	unsigned long calls = 0;
	char bytes[4096];
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(worker->cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	while (!atomic_load(&go))
		sched_yield();
	while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
		if (pread(worker->fd, bytes, worker->size, worker->offset) < 0)
			break;
		calls++;
	}
	worker->calls = calls;
	return NULL;
}

static double rate(struct worker *workers, int count)
{
	const struct timespec nap = { .tv_nsec = TIME };
	unsigned long calls = 0;
	int64_t start, end;
	int i;

	atomic_store(&go, false);
	atomic_store(&stop, false);
	for (i = 0; i < count; i++)
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	nanosleep(&nap, NULL);
	start = now();
	atomic_store(&go, true);
	nanosleep(&nap, NULL);
	atomic_store(&stop, true);
	end = now();
	for (i = 0; i < count; i++) {
		pthread_join(workers[i].thread, NULL);
		calls += workers[i].calls;
	}
	return (double)calls / (end - start);
}

static void measure_pair(const struct pair *pair, size_t size)
{
	struct worker workers[2] = {
		{ .cpu = 0, .fd = -1, .size = size },
		{ .cpu = 1, .fd = -1, .size = size, .offset = 64 * KIB },
	};
	char row[48];
	double one;
	int i;

	snprintf(row, sizeof(row), "threads/%zu", size);
	for (i = 0; i < 2; i++) {
		workers[i].fd = open(pair->path[i], O_RDWR);
		if (workers[i].fd < 0 || pread(workers[i].fd, &(char){ 0 }, 1, 0) != 1) {
			record_failure(row, pair->name, "open() and read()");
			goto close;
		}
	}
	one = rate(workers, 1);
	record(row, pair->name, rate(workers, 2) / one);
close:
	for (i = 0; i < 2; i++)
		if (workers[i].fd >= 0)
			close(workers[i].fd);
}

/**
 * measure_threads() - the pairs take turns
 */
void measure_threads(void)
{
	static const struct pair pairs[] = {
		{ "extmem write-back",
		  { "/dev/extmem/write-back", "/dev/extmem/write-back" } },
		{ "extmem write-combine",
		  { "/dev/extmem/write-combine", "/dev/extmem/write-combine" } },
		{ "mmio-sram", { SRAM_FILE, SRAM_FILE } },
		{ "tmpfs", { "/tmp/file", "/tmp/file" } },
		{ "two files", { "/tmp/file", "/tmp/other" } },
		{ "/dev/zero", { "/dev/zero", "/dev/zero" } },
	};
	size_t sample, i;

	for (sample = 0; sample < SAMPLES; sample++) {
		for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
			measure_pair(&pairs[i], 4);
			measure_pair(&pairs[i], 4 * KIB);
		}
	}
}
