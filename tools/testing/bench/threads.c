// SPDX-License-Identifier: GPL-2.0
/*
 * Two threads on one region against one: what they share, they wait for. As the
 * machine's own time is measured, each pair is measured at once, and the same is done
 * with a system call that shares nothing: it says what this machine could give.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

#define SAMPLES		15
#define TIME		100000000LL	/* of one sample, in nanoseconds */

struct worker {
	pthread_t thread;
	int cpu;
	int fd;		/* -1: the system call that shares nothing */
	size_t size;
	off_t offset;
	unsigned long calls;
};

static atomic_bool go, stop;

static void *work(void *data)
{
	struct worker *worker = data;
	char bytes[4096];
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(worker->cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	while (!atomic_load(&go))
		sched_yield();
	worker->calls = 0;
	while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
		if (worker->fd < 0)
			syscall(SYS_getppid);
		else if (pread(worker->fd, bytes, worker->size, worker->offset) < 0)
			break;
		worker->calls++;
	}
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

static void measure_pair(const struct subject *subject, size_t size)
{
	struct worker workers[2] = {
		{ .cpu = 0, .fd = -1, .size = size, .offset = subject->offset },
		{ .cpu = 1, .fd = -1, .size = size, .offset = subject->offset + 64 * KIB },
	};
	char row[48];
	double one;
	int i;

	snprintf(row, sizeof(row), "threads/%zu", size);
	for (i = 0; subject->path && i < 2; i++) {
		workers[i].fd = open(subject->path, O_RDWR);
		if (workers[i].fd < 0 ||
		    pread(workers[i].fd, &(char){ 0 }, 1, 0) != 1) {
			record_failure(row, subject->name, "open() and read()");
			goto close;
		}
	}
	one = rate(workers, 1);
	record(row, subject->name, rate(workers, 2) / one);
close:
	for (i = 0; i < 2; i++)
		if (workers[i].fd >= 0)
			close(workers[i].fd);
}

/**
 * measure_threads() - the subjects take turns
 */
void measure_threads(void)
{
	static const struct subject subjects[] = {
		{ "extmem write-back", "/dev/extmem/write-back", 0 },
		{ "extmem write-combine", "/dev/extmem/write-combine", 0 },
		{ "mmio-sram", "/sys/bus/platform/devices/101400000.sram/101400000.sram", 0 },
		{ "tmpfs", "/tmp/file", 0 },
		{ "getppid()", NULL, 0 },
	};
	int sample, i;

	for (sample = 0; sample < SAMPLES; sample++) {
		for (i = 0; i < 5; i++) {
			measure_pair(&subjects[i], 4);
			measure_pair(&subjects[i], 4 * KIB);
		}
	}
}
