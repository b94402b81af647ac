/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the bench share. It is the init of a guest that has nothing
 * else in it; scripts/lib/bench.sh boots that, and judges what it says.
 */
#ifndef _BENCH_H
#define _BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define KIB 1024UL
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)

/* What mmio-sram exports. */
#define SRAM_FILE "/sys/bus/platform/devices/101400000.sram/101400000.sram"

/**
 * struct subject - something that can be read, written or mapped
 * @name: what the table calls it
 * @path: of its file
 * @offset: of the memory in the file
 */
struct subject {
	const char *name;
	const char *path;
	off_t offset;
};

/* measure.c: the clock, and what was measured */
int64_t now(void);
void record(const char *row, const char *subject, double value);
void record_failure(const char *row, const char *subject, const char *what);
bool wanted(const char *group);
void set_wanted(const char *groups);
void report(void);

/* sysfs.c */
bool write_file(const char *path, const char *text);
bool read_file(const char *path, char *text, size_t size);
long long sum_in(const char *path, const char *key);
const char *uio_path(const char *name);
bool dax_device(void);

/* window.c */
void touch_write(char *at, size_t size);
void measure_windows(void);
void measure_buffer(void);
void measure_small_maps(void);

/* buffer.c */
int open_heap(void);
int take_heap_buffer(size_t size);
void measure_buffers(void);

/* share.c */
void measure_sharing(void);

/* copy.c */
void measure_copies(void);
void measure_engine(void);
void measure_simulated_copies(void);
void measure_register(void);

/* disk.c */
void measure_disk(void);

/* cells.c */
void measure_cells(void);

/* threads.c */
void measure_threads(void);

#endif /* _BENCH_H */
