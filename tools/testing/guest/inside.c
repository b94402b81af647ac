// SPDX-License-Identifier: GPL-2.0
/*
 * inside: one of each thing that a user can do with a region, in an order and of sizes that
 * inside.sh finds again in the trace and in the summary. It leaves sram mapped and open,
 * says "ready", and ends when its input does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stress.h"

/* Of the PL031 that plays the FPGA's registers. */
#define RTC_DATA	0
#define RTC_MATCH	1
#define RTC_MASK	4
#define RTC_CLEAR	7

static int open_region(const char *name)
{
	char path[EXTMEM_NAME_SIZE + 16];
	int fd;

	snprintf(path, sizeof(path), "/dev/extmem/%s", name);
	fd = open(path, O_RDWR);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

static void *map(int fd, size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	return memory;
}

/* 300 bytes read, 200 written, 0x3000 mapped, of which one page is touched. */
static void use(int fd)
{
	char buf[300];
	char *memory;

	if (pread(fd, buf, 300, 0x100) != 300 || pwrite(fd, buf, 200, 0x200) != 200)
		fail("read and write: %s", strerror(errno));
	if (pwrite(fd, buf, 200, 1L << 40) != -1 || errno != ENOSPC)
		fail("written past the end");
	memory = map(fd, 0x3000);
	poke8(memory + 0x1000, 1);
	if (sync_region(fd, EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END, 0, 64) < 0)
		fail("sync: %s", strerror(errno));
}

/* By a huge page, if there can be one. */
static void use_much(const char *name)
{
	int fd = open_region(name);
	char *memory = map(fd, 0x400000);

	poke8(memory + 0x12345, 1);
	munmap(memory, 0x400000);
	close(fd);
}

static void take_buffer(const char *name)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = 0x5000 };
	int fd = open_region(name);

	if (ioctl(fd, EXTMEM_IOC_ALLOC, &alloc))
		fail("no buffer: %s", strerror(errno));
	close(alloc.fd);
	close(fd);
}

static void hand_out(int fd)
{
	struct extmem_export export = { .size = sizeof(export), .offset = 0x2000,
					.length = 0x4000 };

	if (ioctl(fd, EXTMEM_IOC_EXPORT, &export))
		fail("no window: %s", strerror(errno));
	close(export.fd);
}

/* The alarm comes once. */
static void take_alarm(const char *name)
{
	struct extmem_irq_arm arm = { .size = sizeof(arm) };
	int fd = open_region(name);
	uint32_t *registers = map(fd, page_size);
	struct pollfd pollfd = { .fd = fd, .events = POLLPRI };

	if (ioctl(fd, EXTMEM_IOC_IRQ_ARM, &arm))
		fail("no interrupt: %s", strerror(errno));
	poke32(&registers[RTC_CLEAR], 1);
	poke32(&registers[RTC_MATCH], peek32(&registers[RTC_DATA]) + 1);
	poke32(&registers[RTC_MASK], 1);
	if (poll(&pollfd, 1, STEP_LIMIT * 1000) != 1)
		fail("the alarm did not come");
	poke32(&registers[RTC_MASK], 0);
	poke32(&registers[RTC_CLEAR], 1);
	close(fd);
}

int main(void)
{
	int fd;

	page_size = sysconf(_SC_PAGESIZE);
	fd = open_region("sram");
	use(fd);
	hand_out(fd);
	use_much("window-100000000");
	take_buffer("pool");
	take_alarm("fpga-regs");
	close(open_region("clocked"));
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &(char){ 0 }, 1) > 0)
		;
	return 0;
}
