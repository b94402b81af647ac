// SPDX-License-Identifier: GPL-2.0
/*
 * What there is in /sys and /proc, and what has to be set there.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

/**
 * write_file() - write a text to a file
 * @path: the file
 * @text: the text
 *
 * Return: true if it was taken; else errno says why not.
 */
bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	ssize_t done;

	if (fd < 0)
		return false;
	done = write(fd, text, strlen(text));
	if (done < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return false;
	}
	close(fd);
	return true;
}

/**
 * read_file() - read a file's text, without the last newline
 * @path: the file
 * @text: filled
 * @size: of @text
 *
 * Return: true if it could be read.
 */
bool read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t done;

	if (fd < 0)
		return false;
	done = read(fd, text, size - 1);
	close(fd);
	if (done < 0)
		return false;
	text[done] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return true;
}

/**
 * sum_in() - add up what stands in lines like "MemFree:  123 kB"
 * @path: the file
 * @key: up to the colon, with it; spaces may come before it
 *
 * Return: the sum, or -1 if there is none.
 */
long long sum_in(const char *path, const char *key)
{
	FILE *file = fopen(path, "r");
	long long sum = -1;
	char line[256];
	const char *at;

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		at = line + strspn(line, " ");
		if (!strncmp(at, key, strlen(key)))
			sum = (sum < 0 ? 0 : sum) + atoll(at + strlen(key));
	}
	fclose(file);
	return sum;
}

/**
 * uio_path() - find a uio device
 * @name: its linux,uio-name
 *
 * Return: the path of its device, static; of one that is not there if there is none.
 */
const char *uio_path(const char *name)
{
	char path[64], text[64];
	static char found[16];
	int i;

	for (i = 0; i < 16; i++) {
		snprintf(path, sizeof(path), "/sys/class/uio/uio%d/name", i);
		if (read_file(path, text, sizeof(text)) && !strcmp(text, name))
			break;
	}
	snprintf(found, sizeof(found), "/dev/uio%d", i);
	return strdup(found);
}

/**
 * dax_device() - make /dev/dax0.0 out of the machine's pmem-region
 *
 * What ndctl does to make a namespace a device-dax: its seed is given the namespace,
 * and then a driver.
 *
 * Return: true if it is there.
 */
bool dax_device(void)
{
	static const struct {
		const char *file, *text;
	} steps[] = {
		{ "/sys/bus/nd/devices/dax0.0/mode", "ram" },
		{ "/sys/bus/nd/devices/dax0.0/align", "2097152" },
		{ "/sys/bus/nd/devices/dax0.0/uuid",
		  "6d7a3c1e-2b48-4f0a-9c55-0d1e2f3a4b5c" },
		{ "/sys/bus/nd/devices/dax0.0/namespace", "namespace0.0" },
		{ "/sys/bus/nd/drivers/dax_pmem/bind", "dax0.0" },
	};
	unsigned int i;

	/* It may have been taken for a disk. */
	write_file("/sys/bus/nd/drivers/nd_pmem/unbind", "namespace0.0");
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		if (!write_file(steps[i].file, steps[i].text)) {
			record_failure("window/mmap", "dax", steps[i].file);
			return false;
		}
	}
	return true;
}
