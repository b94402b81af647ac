// SPDX-License-Identifier: GPL-2.0
/*
 * power map|export DEVICE: keep a region mapped, or a window of it as a dma-buf, with its
 * file closed. Each line on standard input is a command, and answered by one:
 *
 *	put WORD	store it in the memory
 *	get		load it
 *
 * A window is mapped for as long as that takes. The end of the input is the end.
 *
 * power alarm DEVICE SECONDS: have the alarm of the PL031 that the region is come then,
 * and wait for its interrupt.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stress.h"

#define WORD_SIZE 32

static char *map(int fd)
{
	char *memory = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	return memory;
}

static int export_window(int fd)
{
	struct extmem_export window = { .size = sizeof(window), .length = page_size };

	if (ioctl(fd, EXTMEM_IOC_EXPORT, &window))
		fail("EXTMEM_IOC_EXPORT: %s", strerror(errno));
	return window.fd;
}

/* Byte by byte: that is all that is sure to be stored once, and in order. */
static void put(char *memory, const char *word)
{
	size_t i;

	for (i = 0; i < WORD_SIZE; i++)
		poke8(memory + i, i < strlen(word) ? word[i] : 0);
}

static void get(const char *memory)
{
	char word[WORD_SIZE];
	size_t i;

	for (i = 0; i < WORD_SIZE; i++)
		word[i] = peek8(memory + i);
	printf("%.*s\n", WORD_SIZE, word);
}

static void answer(char *memory, const char *line)
{
	char word[WORD_SIZE + 1];

	if (sscanf(line, "put %32s", word) == 1) {
		put(memory, word);
		printf("done\n");
	} else if (!strcmp(line, "get\n")) {
		get(memory);
	} else {
		fail("put WORD, or get, and not %s", line);
	}
	fflush(stdout);
}

static void say_ready(void)
{
	printf("ready\n");
	fflush(stdout);
}

/* Registers of a PL031. */
#define RTC_DATA	0x00
#define RTC_MATCH	0x04
#define RTC_MASK	0x10
#define RTC_CLEAR	0x1c

static int wait_for_alarm(int fd, unsigned int seconds)
{
	struct extmem_irq_arm arm = { .size = sizeof(arm) };
	struct pollfd poll_for = { .fd = fd, .events = POLLPRI };
	char *clock = map(fd);

	if (ioctl(fd, EXTMEM_IOC_IRQ_ARM, &arm))
		fail("EXTMEM_IOC_IRQ_ARM: %s", strerror(errno));
	poke32(clock + RTC_MATCH, peek32(clock + RTC_DATA) + seconds);
	poke32(clock + RTC_MASK, 1);
	say_ready();
	if (poll(&poll_for, 1, 60000) != 1 || !(poll_for.revents & POLLPRI))
		fail("no alarm");
	poke32(clock + RTC_MASK, 0);
	poke32(clock + RTC_CLEAR, 1);
	printf("alarm\n");
	return 0;
}

static int keep(int fd, bool as_window)
{
	char *mapped = as_window ? NULL : map(fd), line[64];
	int window = as_window ? export_window(fd) : -1;

	close(fd);
	say_ready();
	while (fgets(line, sizeof(line), stdin)) {
		char *memory = mapped ?: map(window);

		answer(memory, line);
		if (!mapped)
			munmap(memory, page_size);
	}
	return 0;
}

int main(int argc, char **argv)
{
	bool alarm = argc == 4 && !strcmp(argv[1], "alarm");
	bool as_window = argc == 3 && !strcmp(argv[1], "export");
	int fd;

	if (!alarm && !as_window && (argc != 3 || strcmp(argv[1], "map")))
		fail("usage: power map|export DEVICE, or power alarm DEVICE SECONDS");
	page_size = sysconf(_SC_PAGESIZE);
	fd = open(argv[2], O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", argv[2], strerror(errno));
	return alarm ? wait_for_alarm(fd, atoi(argv[3])) : keep(fd, as_window);
}
