// SPDX-License-Identifier: GPL-2.0
/*
 * nobody CASE: everything that extmem has in the file system, and every call of its devices,
 * tried by a user who has no rights. What there is to be tried is found in the running
 * system. The cases:
 *
 *	files		each file of extmem's in /sys, /proc and /dev
 *	closed		the devices as they are made
 *	readers		the devices with mode 0444
 *	writers		with mode 0666
 *	handed MODE	files that root has opened, r, w or rw
 *	log		what the kernel's log has said since the file of the name was made
 *
 * Prints what is not as it should be, and how much was tried.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

#define NOBODY		65534
#define CLASS		"/sys/class/extmem"
#define FILES_MAX	4096
#define REGIONS_MAX	64

static unsigned int tried, wrong;

static struct stress_region regions[REGIONS_MAX];
static uint64_t addresses[REGIONS_MAX];
static unsigned int region_count;

/* expect(CONDITION, FORMAT...): what was tried is described by the format. */
#define expect(condition, ...)			\
	do {					\
		tried++;			\
		if (!(condition)) {		\
			wrong++;		\
			printf(__VA_ARGS__);	\
			printf("\n");		\
		}				\
	} while (0)

static void expect_errno(long ret, int error, const char *region, const char *what)
{
	int found = ret < 0 ? errno : 0;

	expect(found == error, "%s: %s: %s, and should be: %s", region, what,
	       found ? strerror(found) : "done", error ? strerror(error) : "done");
}

/* --- who tries --- */

static void become_nobody(void)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		fail("cannot become nobody: %s", strerror(errno));
	if (!geteuid() || !setuid(0))
		fail("nobody is root");
	/* As after execve(): /proc/self is his own. */
	prctl(PR_SET_DUMPABLE, 1);
}

/* Has a function done by nobody; the counts come back by a pipe. */
static void as_nobody(void (*function)(void *), void *data)
{
	unsigned int counts[2] = {};
	int ends[2], status;
	pid_t pid;

	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC))
		fail("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid) {
		become_nobody();
		tried = 0;
		wrong = 0;
		function(data);
		counts[0] = tried;
		counts[1] = wrong;
		fflush(stdout);
		_exit(write(ends[1], counts, sizeof(counts)) != sizeof(counts));
	}
	close(ends[1]);
	if (read(ends[0], counts, sizeof(counts)) != sizeof(counts))
		expect(false, "nobody did not come to his end");
	close(ends[0]);
	waitpid(pid, &status, 0);
	expect(status == 0, "nobody ended with status 0x%x", status);
	tried += counts[0];
	wrong += counts[1];
}

/* --- addresses --- */

static void find_address(unsigned int index)
{
	char path[PATH_MAX], text[32];

	snprintf(path, sizeof(path), CLASS "/%s/phys_addr", regions[index].name);
	if (read_text(path, text, sizeof(text)) > 0)
		addresses[index] = strtoull(text, NULL, 0);
}

static void find_regions(void)
{
	struct dirent *entry;
	DIR *dir = opendir(CLASS);

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (region_count == REGIONS_MAX)
			fail("more than %d regions", REGIONS_MAX);
		find_region(entry->d_name, &regions[region_count]);
		find_address(region_count++);
	}
	if (dir)
		closedir(dir);
	if (!region_count)
		fail("there are no regions");
}

static bool is_hex(char c)
{
	return strchr("0123456789abcdefABCDEF", c) && c;
}

/*
 * A name of the device tree's has the address that is written there for everybody to read:
 * /sram@90000000, the device 90000000.sram, and a region without a label.
 */
static bool is_of_a_name(const char *text, const char *found, size_t length)
{
	char before = found > text ? found[-1] : ' ';

	return before == '@' || before == '-' || found[length] == '.';
}

/* A number that says nothing. */
static bool is_size(uint64_t number)
{
	unsigned int i;

	for (i = 0; i < region_count; i++)
		if (regions[i].size == number)
			return true;
	return false;
}

/* Whether a text has where a region is. */
static const char *find_leak(const char *text, char *number)
{
	const char *found;
	unsigned int i;
	size_t length;

	for (i = 0; i < region_count; i++) {
		if (!addresses[i] || is_size(addresses[i]))
			continue;
		length = snprintf(number, 17, "%llx", (unsigned long long)addresses[i]);
		for (found = strstr(text, number); found; found = strstr(found + 1, number)) {
			const char *start = found;

			while (start > text && start[-1] == '0')
				start--;
			if (is_hex(found[length]) || (start > text && is_hex(start[-1])))
				continue;
			if (!is_of_a_name(text, start, length + (found - start)))
				return found;
		}
	}
	return NULL;
}

/* --- files --- */

static struct seen_file {
	char *path;
	mode_t mode;
	bool reachable;
} files[FILES_MAX];
static unsigned int file_count;
static char owners[REGIONS_MAX][PATH_MAX];

static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static bool is_ours(const char *path)
{
	unsigned int i;

	if (strstr(path, "extmem"))
		return true;
	for (i = 0; i < region_count; i++)
		if (is_below(path, owners[i]))
			return true;
	return false;
}

/* Others have the right to go through each folder on the way. */
static bool is_reachable(const char *path)
{
	char folder[PATH_MAX];
	struct stat status;

	snprintf(folder, sizeof(folder), "%s", path);
	while (strrchr(folder, '/') != folder) {
		*strrchr(folder, '/') = '\0';
		if (stat(folder, &status) || !(status.st_mode & 0001))
			return false;
	}
	return true;
}

static int see_file(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)where;
	step("%.100s", path);
	if (type != FTW_F || !S_ISREG(status->st_mode) || !is_ours(path))
		return 0;
	if (file_count == FILES_MAX)
		fail("more than %d files", FILES_MAX);
	files[file_count].path = strdup(path);
	files[file_count].mode = status->st_mode & 07777;
	files[file_count++].reachable = is_reachable(path);
	return 0;
}

/* The platform devices, which are called by their addresses. */
static void find_owners(void)
{
	char path[PATH_MAX];
	unsigned int i;

	for (i = 0; i < region_count; i++) {
		snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s", regions[i].device);
		if (!realpath(path, owners[i]))
			fail("no %s", path);
	}
}

static void find_files(void)
{
	static const char * const more[] = {
		"/proc/iomem", "/proc/interrupts", "/proc/kpagecount",
	};
	struct stat status;
	unsigned int i;

	find_owners();
	if (nftw("/sys", see_file, 64, FTW_PHYS))
		fail("/sys: %s", strerror(errno));
	for (i = 0; i < ARRAY_SIZE(more); i++) {
		if (stat(more[i], &status))
			continue;
		files[file_count].path = strdup(more[i]);
		files[file_count].mode = status.st_mode & 07777;
		files[file_count++].reachable = true;
	}
}

static void expect_no_address(const char *path, int fd)
{
	static char text[1 << 16];
	char number[17] = "";
	const char *found;
	size_t length = 0;
	ssize_t ret;

	do {
		ret = read(fd, text + length, sizeof(text) - 1 - length);
		length += ret > 0 ? ret : 0;
	} while (ret > 0 && length < sizeof(text) - 1);
	text[length] = '\0';
	found = find_leak(text, number);
	expect(!found, "%s has the address %s: %.60s", path, number, found);
}

static void try_file(const struct seen_file *file)
{
	bool may_read = file->reachable && file->mode & 0004;
	int fd = open(file->path, O_RDONLY | O_NONBLOCK);

	step("%.100s", file->path);
	/* debugfs and tracefs know better than a mode. */
	expect((fd >= 0) == may_read, "%s, mode %04o, was %sopened to read: %s", file->path,
	       file->mode, fd >= 0 ? "" : "not ", strerror(errno));
	if (fd >= 0) {
		expect_no_address(file->path, fd);
		close(fd);
	}
	fd = open(file->path, O_WRONLY | O_NONBLOCK);
	expect(fd < 0, "%s, mode %04o, can be written by anybody", file->path, file->mode);
	if (fd >= 0)
		close(fd);
	expect(truncate(file->path, 0) && chmod(file->path, 0666) && unlink(file->path),
	       "%s can be changed by anybody", file->path);
}

static void try_files(void *unused)
{
	unsigned int i;

	(void)unused;
	for (i = 0; i < file_count; i++)
		try_file(&files[i]);
}

/* What is for root alone, by its name: the other tests go by the mode that they find. */
static void expect_private(void)
{
	static const char * const names[] = { "/phys_addr", "/driver_override", "/bind", "/unbind",
					      "/nvmem", "/summary" };
	unsigned int i, j, found = 0;

	for (i = 0; i < file_count; i++)
		for (j = 0; j < ARRAY_SIZE(names); j++) {
			const char *name = strrchr(files[i].path, '/');

			if (strcmp(name, names[j]))
				continue;
			found++;
			expect(!files[i].reachable || !(files[i].mode & 0002),
			       "%s has mode %04o", files[i].path, files[i].mode);
			if (!strcmp(name, "/phys_addr") || !strcmp(name, "/nvmem"))
				expect(!(files[i].mode & 0044), "%s has mode %04o",
				       files[i].path, files[i].mode);
		}
	expect(found > region_count, "only %u files that are for root", found);
}

static int files_case(void)
{
	find_files();
	printf("%u files\n", file_count);
	expect(file_count >= 8 * region_count, "these are few");
	expect_private();
	as_nobody(try_files, NULL);
	return 0;
}

/* --- devices --- */

static int open_flags(unsigned int i)
{
	static const int flags[] = {
		O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY | O_EXCL, O_RDWR | O_NONBLOCK,
		O_RDONLY | O_SYNC, O_WRONLY | O_APPEND, O_RDWR | O_TRUNC, O_RDONLY | O_DIRECT,
	};

	return i < ARRAY_SIZE(flags) ? flags[i] : -1;
}

static void try_closed(void *unused)
{
	struct extmem_info info;
	struct stat status;
	unsigned int i, j;
	int fd;

	(void)unused;
	for (i = 0; i < region_count; i++) {
		const char *name = regions[i].name;

		for (j = 0; open_flags(j) != -1; j++)
			expect_errno(open(regions[i].path, open_flags(j)), EACCES, name, "open");
		fd = open(regions[i].path, O_PATH);
		expect(fd >= 0, "%s: not even its path: %s", name, strerror(errno));
		expect(info_of_region(fd, &info) == -EBADF, "%s: a path takes ioctls", name);
		close(fd);
		expect_errno(chmod(regions[i].path, 0666), EPERM, name, "chmod");
		expect_errno(unlink(regions[i].path), EACCES, name, "unlink");
		if (stat(regions[i].path, &status))
			fail("%s: %s", regions[i].path, strerror(errno));
		expect_errno(mknod("/tmp/node", S_IFCHR | 0666, status.st_rdev), EPERM, name,
			     "mknod");
	}
}

/**
 * struct probe - a file that nobody has
 * @region: of which
 * @name: of that, for messages
 * @fd: the file
 * @reads: it was opened to read
 * @writes: it was opened to write
 * @reopens: its node is open to him, too
 * @info: what it says of itself
 * @is_pool: of which buffers are asked
 */
struct probe {
	const struct stress_region *region;
	const char *name;
	int fd;
	bool reads;
	bool writes;
	bool reopens;
	struct extmem_info info;
	bool is_pool;
};

static bool is_zero(const void *bytes, size_t size)
{
	const char *c = bytes;

	while (size && !*c)
		c++, size--;
	return !size;
}

static void try_info(struct probe *p)
{
	size_t length;

	expect(!info_of_region(p->fd, &p->info), "%s: no facts", p->name);
	expect(p->info.phys_addr == EXTMEM_PHYS_ADDR_NONE, "%s: its address is told", p->name);
	length = strnlen(p->info.name, sizeof(p->info.name));
	expect(!strcmp(p->info.name, p->name) &&
	       is_zero(p->info.name + length, sizeof(p->info.name) - length),
	       "%s: another name, or something behind it", p->name);
	length = strnlen(p->info.backend, sizeof(p->info.backend));
	expect(is_zero(p->info.backend + length, sizeof(p->info.backend) - length),
	       "%s: something behind the backend", p->name);
}

static bool is_mmio(const struct probe *p)
{
	return p->info.type == EXTMEM_MMIO;
}

static bool may_write(const struct probe *p)
{
	return p->writes && p->info.access & EXTMEM_ACCESS_WRITE;
}

/* Registers are only read, and once: a write does something. */
static void try_io(const struct probe *p)
{
	char buf[16] = {};
	int error;

	error = !p->reads ? EBADF : p->is_pool ? ENXIO : 0;
	expect_errno(pread(p->fd, buf, is_mmio(p) ? 4 : 16, 0), error, p->name, "read");
	error = !p->reads ? EBADF : p->is_pool ? ENXIO : 0;
	if (!is_mmio(p))
		expect_errno(pread(p->fd, buf + 8, 8, p->info.bytes), error, p->name,
			     "read at the end");
	error = !p->writes ? EBADF : p->is_pool ? ENXIO :
		!(p->info.access & EXTMEM_ACCESS_WRITE) ? EPERM : 0;
	if (!is_mmio(p) || error)
		expect_errno(pwrite(p->fd, buf, 16, 0), error, p->name, "write");
	expect(ftruncate(p->fd, 0) < 0, "%s: it was truncated", p->name);
	expect(fallocate(p->fd, 0, 0, page_size) < 0, "%s: it was allocated", p->name);
}

/* The frame is not for nobody. */
static void expect_no_frame(const struct probe *p, void *addr)
{
	uint64_t entry = 0;
	int fd = open("/proc/self/pagemap", O_RDONLY);

	if (fd < 0)
		return;
	if (pread(fd, &entry, 8, (uintptr_t)addr / page_size * 8) == 8)
		expect(!(entry & ((1ULL << 55) - 1)), "%s: pagemap tells its frame", p->name);
	close(fd);
}

static void try_mapping(const struct probe *p, int prot, int flags, uint64_t offset, size_t size)
{
	bool within = offset + size <= p->info.bytes && offset + size > offset;
	bool good = p->reads && flags == MAP_SHARED && !(prot & PROT_EXEC) && within &&
		    (!(prot & PROT_WRITE) || may_write(p)) && p->info.access & EXTMEM_ACCESS_MMAP;
	char *addr = mmap(NULL, size, prot, flags, p->fd, offset);

	expect((addr != MAP_FAILED) == good, "%s: mmap of %#zx at %#llx, prot %d, flags %d: %s",
	       p->name, size, (unsigned long long)offset, prot, flags,
	       addr != MAP_FAILED ? "done" : strerror(errno));
	if (addr == MAP_FAILED)
		return;
	if (prot & PROT_READ && !is_mmio(p)) {
		peek8(addr);
		peek8(addr + size - 1);
		expect_no_frame(p, addr);
	}
	expect(mprotect(addr, size, PROT_READ | PROT_EXEC), "%s: it can be executed", p->name);
	if (!may_write(p))
		expect(mprotect(addr, size, PROT_READ | PROT_WRITE), "%s: it can be written",
		       p->name);
	munmap(addr, size);
}

static void try_mappings(const struct probe *p)
{
	static const int prots[] = { PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE,
				     PROT_EXEC, PROT_READ | PROT_EXEC };
	static const int flags[] = { MAP_SHARED, MAP_PRIVATE };
	uint64_t last = (p->info.bytes - 1) / page_size * page_size;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(prots); i++)
		for (j = 0; j < ARRAY_SIZE(flags); j++) {
			try_mapping(p, prots[i], flags[j], 0, page_size);
			try_mapping(p, prots[i], flags[j], last, page_size);
			try_mapping(p, prots[i], flags[j], last, 2 * page_size);
			try_mapping(p, prots[i], flags[j], last + page_size, page_size);
			try_mapping(p, prots[i], flags[j], 1ULL << 62, page_size);
		}
}

/* Past the end of a mapping there is nothing for a debugger either. */
static void try_memory_file(const struct probe *p)
{
	char buf[64] = {}, *addr;
	ssize_t ret;
	int fd;

	if (!p->reads || is_mmio(p) || !(p->info.access & EXTMEM_ACCESS_MMAP) ||
	    p->info.bytes < 2UL * page_size)
		return;
	fd = open("/proc/self/mem", O_RDWR);
	addr = mmap(NULL, 2 * page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(addr + page_size, page_size);
	addr = mmap(addr, page_size, PROT_READ, MAP_SHARED | MAP_FIXED, p->fd, 0);
	if (fd < 0 || addr == MAP_FAILED)
		fail("%s: nothing to look at", p->name);
	ret = pread(fd, buf, sizeof(buf), (uintptr_t)addr + page_size - 16);
	expect(ret == 16, "%s: %zd bytes by /proc/self/mem, of 16", p->name, ret);
	ret = pwrite(fd, buf, sizeof(buf), (uintptr_t)addr + page_size - 16);
	expect(ret <= 0, "%s: a mapping to read was written by /proc/self/mem", p->name);
	munmap(addr, page_size);
	close(fd);
}

/* With a struct of nothing but its size, and with none. */
static void try_numbers(const struct probe *p)
{
	char bytes[4096] = {};
	unsigned int number;

	for (number = 0; number < 256; number++) {
		unsigned int cmd = _IO(EXTMEM_IOC_TYPE, number);
		/* These have nothing to be asked for, or no more than the first interrupt. */
		bool known = cmd == EXTMEM_IOC_INFO || cmd == EXTMEM_IOC_IRQ_ARM ||
			     cmd == EXTMEM_IOC_IRQ_READ;

		expect(ioctl(p->fd, cmd, NULL) < 0, "%s: ioctl %u of NULL", p->name, number);
		expect(ioctl(p->fd, cmd, -4096L) < 0, "%s: ioctl %u of the kernel's", p->name,
		       number);
		memset(bytes, 0, sizeof(bytes));
		expect(ioctl(p->fd, cmd, bytes) < 0, "%s: ioctl %u of size 0", p->name, number);
		*(uint32_t *)bytes = sizeof(bytes);
		if (!known)
			expect(ioctl(p->fd, cmd, bytes) < 0, "%s: ioctl %u of zeroes", p->name,
			       number);
		bytes[4095] = 1;
		expect(ioctl(p->fd, cmd, bytes) < 0, "%s: ioctl %u of the future", p->name, number);
	}
}

/* The dma-buf, or a negative errno. */
static int export(const struct probe *p, uint64_t offset, uint64_t length)
{
	struct extmem_export export = {
		.size = sizeof(export), .offset = offset, .length = length,
	};

	return ioctl(p->fd, EXTMEM_IOC_EXPORT, &export) ? -errno : export.fd;
}

static void try_window(const struct probe *p)
{
	int error, fd = export(p, 0, page_size);
	void *addr;

	error = !p->reads ? EACCES : p->is_pool ? ENXIO : is_mmio(p) ? EPERM :
		!(p->info.access & EXTMEM_ACCESS_MMAP) ? EINVAL : 0;
	expect(error ? fd == -error : fd >= 0, "%s: a window: %d, and should be %d", p->name, fd,
	       -error);
	if (fd < 0)
		return;
	addr = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	expect((addr != MAP_FAILED) == may_write(p), "%s: a window to write", p->name);
	if (addr != MAP_FAILED)
		munmap(addr, page_size);
	addr = mmap(NULL, 2 * page_size, PROT_READ, MAP_SHARED, fd, 0);
	expect(addr == MAP_FAILED, "%s: more than the window", p->name);
	addr = mmap(NULL, page_size, PROT_READ, MAP_SHARED, fd, page_size);
	expect(addr == MAP_FAILED, "%s: what comes after the window", p->name);
	close(fd);
	expect(export(p, p->info.bytes, page_size) < 0, "%s: a window past the end", p->name);
}

static void try_buffer(const struct probe *p)
{
	struct extmem_alloc alloc = { .size = sizeof(alloc), .length = 4 * page_size };
	int error = !p->is_pool ? ENOTTY : !p->writes ? EACCES : 0;
	char *addr;

	expect_errno(ioctl(p->fd, EXTMEM_IOC_ALLOC, &alloc), error, p->name, "a buffer");
	if (error)
		return;
	expect(alloc.dma_addr == EXTMEM_PHYS_ADDR_NONE, "%s: where a buffer is", p->name);
	addr = mmap(NULL, alloc.length, PROT_READ | PROT_WRITE, MAP_SHARED, alloc.fd, 0);
	if (addr == MAP_FAILED)
		fail("%s: a buffer cannot be mapped", p->name);
	expect(is_zero(addr, alloc.length), "%s: a buffer with somebody's bytes", p->name);
	expect_no_frame(p, addr);
	memset(addr, 0x5a, alloc.length);
	munmap(addr, alloc.length);
	close(alloc.fd);
	/* For the log to say so. */
	alloc.length = p->info.bytes + page_size;
	expect_errno(ioctl(p->fd, EXTMEM_IOC_ALLOC, &alloc), ENOMEM, p->name, "all and more");
}

static void try_copy(const struct probe *p)
{
	struct extmem_copy copy = {
		.size = sizeof(copy), .src_fd = p->fd, .dst_fd = p->fd, .length = 16,
		.dst_offset = page_size,
	};
	int error = !p->reads || !p->writes ? EBADF :
		    !(p->info.access & EXTMEM_ACCESS_WRITE) ? EPERM : p->is_pool ? ENXIO :
		    p->info.bytes < page_size + copy.length ? EINVAL : is_mmio(p) ? EPERM : 0;

	expect_errno(ioctl(p->fd, EXTMEM_IOC_COPY, &copy), error, p->name, "a copy");
}

/* A file is not the way to another one that may more. */
static void try_again(const struct probe *p)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", p->fd);
	fd = open(path, O_RDWR);
	expect((fd >= 0) == p->reopens, "%s: it was %sopened again to write", p->name,
	       fd >= 0 ? "" : "not ");
	if (fd >= 0)
		close(fd);
}

static void try_region(struct probe *p)
{
	struct pollfd poll_of = { .fd = p->fd, .events = POLLIN | POLLOUT | POLLPRI };

	step("%s", p->name);
	try_info(p);
	p->is_pool = p->info.type == EXTMEM_CMA && !(p->info.access & EXTMEM_ACCESS_MMAP);
	try_io(p);
	try_mappings(p);
	try_memory_file(p);
	try_numbers(p);
	try_window(p);
	try_buffer(p);
	try_copy(p);
	try_again(p);
	poll(&poll_of, 1, 0);
	fsync(p->fd);
}

static void try_by_path(void *mode)
{
	bool writes = *(const char *)mode == 'w';
	unsigned int i;

	for (i = 0; i < region_count; i++) {
		struct probe probe = {
			.region = &regions[i], .name = regions[i].name,
			.reads = true, .writes = writes, .reopens = writes,
		};

		if (!writes) {
			expect_errno(open(regions[i].path, O_WRONLY), EACCES, probe.name,
				     "open to write");
			expect_errno(open(regions[i].path, O_RDWR), EACCES, probe.name,
				     "open for both");
		}
		probe.fd = open(regions[i].path, (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC);
		expect(probe.fd >= 0, "%s: open: %s", probe.name, strerror(errno));
		if (probe.fd < 0)
			continue;
		try_region(&probe);
		close(probe.fd);
	}
}

static void chmod_all(mode_t mode)
{
	unsigned int i;

	for (i = 0; i < region_count; i++)
		if (chmod(regions[i].path, mode))
			fail("%s: %s", regions[i].path, strerror(errno));
}

static int by_path_case(const char *mode)
{
	chmod_all(*mode == 'w' ? 0666 : 0444);
	as_nobody(try_by_path, (void *)mode);
	chmod_all(0600);
	return 0;
}

static int handed[REGIONS_MAX];

static void try_handed(void *mode)
{
	unsigned int i;

	for (i = 0; i < region_count; i++) {
		struct probe probe = {
			.region = &regions[i], .name = regions[i].name, .fd = handed[i],
			.reads = strchr(mode, 'r'), .writes = strchr(mode, 'w'),
		};

		try_region(&probe);
	}
}

static int handed_case(const char *mode)
{
	int flags = !strcmp(mode, "rw") ? O_RDWR : *mode == 'w' ? O_WRONLY : O_RDONLY;
	unsigned int i;

	for (i = 0; i < region_count; i++) {
		handed[i] = open(regions[i].path, flags | O_CLOEXEC);
		if (handed[i] < 0)
			fail("%s: %s", regions[i].path, strerror(errno));
	}
	as_nobody(try_handed, (void *)mode);
	return 0;
}

/* What the kernel has said from a line on that has a text. */
static int log_case(const char *since)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	unsigned int lines = 0;
	bool begun = false;
	char line[8192], number[17];
	ssize_t length;

	if (fd < 0)
		fail("/dev/kmsg: %s", strerror(errno));
	while ((length = read(fd, line, sizeof(line) - 1)) > 0 || (length < 0 && errno == EPIPE)) {
		if (length < 0)
			continue;
		line[length] = '\0';
		begun |= !!strstr(line, since);
		if (!begun || !strstr(line, "extmem-region"))
			continue;
		lines++;
		expect(!find_leak(line, number), "%s is in: %.200s", number, line);
	}
	close(fd);
	/* One mapping, and a buffer of each pool, were refused with a message. */
	expect(lines >= 2, "only %u messages", lines);
	return 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	watch();
	find_regions();
	if (!strcmp(name, "files"))
		files_case();
	else if (!strcmp(name, "closed"))
		as_nobody(try_closed, NULL);
	else if (!strcmp(name, "readers"))
		by_path_case("r");
	else if (!strcmp(name, "writers"))
		by_path_case("w");
	else if (!strcmp(name, "handed") && argc > 2)
		handed_case(argv[2]);
	else if (!strcmp(name, "log") && argc > 2)
		log_case(argv[2]);
	else
		fail("no case '%s'", name);
	printf("%u tried, %u wrong\n", tried, wrong);
	fflush(stdout);
	return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
