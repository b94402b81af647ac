// SPDX-License-Identifier: GPL-2.0
/*
 * What a region costs to bring up and to take away, alone and beside 1,023 others,
 * and how much memory it takes: the same nodes, given to one driver after the other.
 */
#include <stdio.h>
#include <time.h>

#include "bench.h"

#define CELLS		1024
#define FIRST_CELL	0x102000000ULL
#define SAMPLES		5

static const struct driver {
	const char *name, *subject;
} drivers[] = {
	{ "extmem-region", "extmem" },
	{ "uio_pdrv_genirq", "uio" },
	{ "sram", "mmio-sram" },
};

/* So that what was begun in the background ends there. */
static void nap(void)
{
	const struct timespec time = { .tv_nsec = 100000000 };

	nanosleep(&time, NULL);
}

static void cell_name(int cell, char *name, size_t size)
{
	snprintf(name, size, "%llx.cell", FIRST_CELL + cell * 0x1000ULL);
}

static bool tell_driver(const struct driver *driver, int cell, const char *file)
{
	char path[96], name[32];

	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/%s/%s", driver->name,
		 file);
	cell_name(cell, name, sizeof(name));
	return write_file(path, name);
}

static bool give_cells(const struct driver *driver)
{
	char path[96], name[32];
	int i;

	for (i = 0; i < CELLS; i++) {
		cell_name(i, name, sizeof(name));
		snprintf(path, sizeof(path),
			 "/sys/bus/platform/devices/%s/driver_override", name);
		if (!write_file(path, driver->name))
			return false;
	}
	return true;
}

static bool tell_cells(const struct driver *driver, int first, int last,
		       const char *file)
{
	int i;

	for (i = first; i <= last; i++) {
		if (!tell_driver(driver, i, file))
			return false;
	}
	return true;
}

/*
 * One that is not bound yet. sysfs looks for the device's name from one to the next; so
 * it does when there is nothing to unbind, and that tells what is not the driver's.
 */
static bool measure_cell(const struct driver *driver, int cell, double *bind,
			 double *unbind)
{
	int64_t lookup, start, bound, middle, end;

	lookup = now();
	tell_driver(driver, cell, "unbind");
	start = now();
	if (!tell_driver(driver, cell, "bind"))
		return false;
	bound = now();
	nap();
	middle = now();
	if (!tell_driver(driver, cell, "unbind"))
		return false;
	end = now();
	nap();
	*bind = bound - start - (start - lookup);
	*unbind = end - middle - (start - lookup);
	return true;
}

/* What is to be freed is, and what each CPU has put aside for itself is free, too. */
static double free_kib(void)
{
	write_file("/proc/sys/vm/drop_caches", "3");
	nap();
	return sum_in("/proc/meminfo", "MemFree:") +
	       4.0 * sum_in("/proc/zoneinfo", "count:");
}

static bool measure_memory(const struct driver *driver)
{
	double before = free_kib();

	if (!tell_cells(driver, 0, CELLS - 1, "bind"))
		return false;
	record("cells/memory", driver->subject, (before - free_kib()) / CELLS);
	return tell_cells(driver, 0, CELLS - 1, "unbind");
}

static bool measure_driver(const struct driver *driver)
{
	double bind[SAMPLES], unbind[SAMPLES], bind_many, unbind_many;
	const char *name = driver->subject;
	int i;

	/* The first time takes what stays, for all of them. */
	if (!give_cells(driver) || !measure_cell(driver, 0, bind, unbind))
		return false;
	for (i = 0; i < SAMPLES; i++) {
		if (!measure_cell(driver, 0, &bind[i], &unbind[i]))
			return false;
		record("cells/bind-1", name, bind[i]);
		record("cells/unbind-1", name, unbind[i]);
	}
	for (i = 0; i < 3; i++)
		if (!measure_memory(driver))
			return false;
	if (!tell_cells(driver, 1, CELLS - 1, "bind"))
		return false;
	for (i = 0; i < SAMPLES; i++) {
		if (!measure_cell(driver, 0, &bind_many, &unbind_many))
			return false;
		record("cells/bind-1024", name, bind_many);
		record("cells/unbind-1024", name, unbind_many);
		record("cells/bind-growth", name, bind_many / bind[i]);
		record("cells/unbind-growth", name, unbind_many / unbind[i]);
	}
	return tell_cells(driver, 1, CELLS - 1, "unbind");
}

/**
 * measure_cells() - of each driver
 */
void measure_cells(void)
{
	size_t i;

	for (i = 0; i < sizeof(drivers) / sizeof(*drivers); i++) {
		if (!measure_driver(&drivers[i]))
			record_failure("cells/bind-1", drivers[i].subject,
				       "bind or unbind");
	}
}
