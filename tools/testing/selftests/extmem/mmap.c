// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings of /dev/extmem/<name>: what they show, how large their pages are, and the
 * errno of what is refused. See regions.h for what is needed.
 */
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "regions.h"

#define SPAN		(64 * KiB)	/* of what most tests map */
#define HUGE_SIZE	(2 * MiB)
#define AROUND		(64 * KiB)	/* that one fault maps where no huge page fits */

#ifndef MAP_SYNC
#define MAP_SYNC 0x80000
#endif

static size_t page;

static void __attribute__((constructor)) find_page_size(void)
{
	page = sysconf(_SC_PAGESIZE);
}

static unsigned char *map(int fd, size_t size, off64_t offset, int prot)
{
	void *at = mmap64(NULL, size, prot, MAP_SHARED, fd, offset);

	return at == MAP_FAILED ? NULL : at;
}

/* The errno of an attempt, whose success is undone. */
static int try_map(int fd, size_t size, off64_t offset, int prot, int flags)
{
	void *at = mmap64(NULL, size, prot, flags, fd, offset);

	if (at == MAP_FAILED)
		return errno;
	munmap(at, size);
	return 0;
}

/* Byte by byte: memory that is not cached bears no access that is not aligned. */
static unsigned char peek(const unsigned char *at)
{
	return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static void poke(unsigned char *at, unsigned char value)
{
	__atomic_store_n(at, value, __ATOMIC_RELAXED);
}

static void put(unsigned char *to, const unsigned char *from, size_t size)
{
	while (size--)
		poke(to++, *from++);
}

static void get(unsigned char *to, const unsigned char *from, size_t size)
{
	while (size--)
		*to++ = peek(from++);
}

static bool has(const char *flags, const char *flag)
{
	return strstr(flags, flag);
}

static sigjmp_buf out_of_access;

static void on_fault(int sig)
{
	siglongjmp(out_of_access, sig);
}

/* The signal that reading a byte, or writing one, brings; 0 for none. */
static int signal_of(unsigned char *at, bool write)
{
	struct sigaction action = { .sa_handler = on_fault }, segv, bus;
	int sig;

	sigaction(SIGSEGV, &action, &segv);
	sigaction(SIGBUS, &action, &bus);
	sig = sigsetjmp(out_of_access, 1);
	if (!sig && write)
		poke(at, 1);
	else if (!sig)
		peek(at);
	sigaction(SIGSEGV, &segv, NULL);
	sigaction(SIGBUS, &bus, NULL);
	return sig;
}

/* Of the mapping at an address: a blank, then two letters and a blank for each flag. */
static bool flags_of(unsigned char *at, char *flags, size_t size)
{
	FILE *smaps = fopen("/proc/self/smaps", "r");
	unsigned long start, end;
	bool inside = false, found = false;
	char line[512];

	while (smaps && !found && fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%lx-%lx %*[-rwxsp]", &start, &end) == 2)
			inside = (unsigned long)at >= start && (unsigned long)at < end;
		if (inside && !strncmp(line, "VmFlags: ", 9)) {
			found = strlen(line + 8) < size;
			if (found)
				memcpy(flags, line + 8, strlen(line + 8) + 1);
		}
	}
	if (smaps)
		fclose(smaps);
	return found;
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

#ifdef __aarch64__
/* Of a kernel that does not say how it was built, nothing is known to be missing. */
static bool lacks(const char *option)
{
	char path[128], line[256];
	bool found = false;
	struct utsname name;
	FILE *config;

	uname(&name);
	snprintf(path, sizeof(path), "/boot/config-%s", name.release);
	config = fopen(path, "r");
	if (!config)
		return false;
	while (!found && fgets(line, sizeof(line), config))
		found = !strncmp(line, option, strlen(option)) && line[strlen(option)] == '=';
	fclose(config);
	return !found;
}

/* 6.1 cannot tell a huge entry of page frames from one of pages. */
static bool has_huge_pages(void)
{
	return !access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) &&
	       !lacks("CONFIG_ARCH_SUPPORTS_PMD_PFNMAP");
}
#else
static bool has_huge_pages(void)
{
	return false;
}
#endif

/* Where a mapping has pages, the administrator has a say. */
static bool gets_huge_pages(const struct region *region)
{
	char enabled[64] = "";
	int fd;

	if (!has_huge_pages() || !region_has_pages(region))
		return has_huge_pages();
	fd = open("/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY);
	if (fd < 0 || read(fd, enabled, sizeof(enabled) - 1) < 0)
		return false;
	close(fd);
	return !strstr(enabled, "[never]");
}

static bool is_linear(const struct region *region)
{
	return region->has_address && strcmp(region->type, "cma");
}

/* --- memory of each kind --- */

FIXTURE(map) {
	struct region region;
	int fd;
	unsigned char *at;
	unsigned char *buf;
};

FIXTURE_VARIANT(map) {
	const char *type;
	const char *policy;
};

FIXTURE_VARIANT_ADD(map, ram_wc) { .type = "ram", .policy = "write-combine" };
FIXTURE_VARIANT_ADD(map, ram_uncached) { .type = "ram", .policy = "uncached" };
FIXTURE_VARIANT_ADD(map, ram_wb) { .type = "ram", .policy = "write-back" };
FIXTURE_VARIANT_ADD(map, nvram_wb) { .type = "nvram", .policy = "write-back" };
FIXTURE_VARIANT_ADD(map, cma_wb) { .type = "cma", .policy = "write-back" };
FIXTURE_VARIANT_ADD(map, cma_wc) { .type = "cma", .policy = "write-combine" };
FIXTURE_VARIANT_ADD(map, cma_uncached) { .type = "cma", .policy = "uncached" };

static bool is_mappable(const struct region *region)
{
	return region_is_usable(region) && region_can_mmap(region);
}

FIXTURE_SETUP(map)
{
	if (!region_find(&self->region, variant->type, variant->policy, SPAN, is_mappable))
		SKIP(return, "no %s region with the policy %s", variant->type, variant->policy);
	self->fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->buf = malloc(SPAN);
	ASSERT_TRUE(!!self->buf);
	fill(self->buf, SPAN, 1);
	ASSERT_EQ(SPAN, pwrite(self->fd, self->buf, SPAN, 0));
	self->at = map(self->fd, SPAN, 0, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!self->at) {
		TH_LOG("%s: %s", self->region.name, strerror(errno));
	}
}

FIXTURE_TEARDOWN(map)
{
	close(self->fd);
	free(self->buf);
}

/* Catches: a mapping of other memory, or one with a cache of its own. */
TEST_F(map, same_bytes)
{
	unsigned char *again;

	get(self->buf, self->at, SPAN);
	EXPECT_EQ(SPAN, differs(self->buf, SPAN, 1));

	fill(self->buf, SPAN, 2);
	put(self->at, self->buf, SPAN);
	memset(self->buf, 0, SPAN);
	ASSERT_EQ(SPAN, pread(self->fd, self->buf, SPAN, 0));
	EXPECT_EQ(SPAN, differs(self->buf, SPAN, 2));

	fill(self->buf, SPAN, 3);
	ASSERT_EQ(SPAN, pwrite(self->fd, self->buf, SPAN, 0));
	again = map(self->fd, SPAN - page, page, PROT_READ);
	ASSERT_TRUE(!!again);
	get(self->buf, self->at, SPAN);
	EXPECT_EQ(SPAN, differs(self->buf, SPAN, 3));
	poke(self->at + page + 5, 0x99);
	EXPECT_EQ(0x99, peek(again + 5));
}

/* Catches: the last page being the first of another's memory, or not there. */
TEST_F(map, last_page)
{
	off64_t last = self->region.size - page;
	unsigned char *at = map(self->fd, page, last, PROT_READ | PROT_WRITE);
	unsigned char byte;

	ASSERT_TRUE(!!at);
	poke(at + page - 1, 0x77);
	ASSERT_EQ(1, pread64(self->fd, &byte, 1, last + page - 1));
	EXPECT_EQ(0x77, byte);
}

/* Catches: bounds that are cut to 32 bits, that wrap, or that allow a page more. */
TEST_F(map, bounds)
{
	const int rw = PROT_READ | PROT_WRITE;
	const int beyond = sizeof(long) == 8 ? EINVAL : EOVERFLOW;
	__u64 size = self->region.size;
	int fd = self->fd;

	EXPECT_EQ(0, try_map(fd, 1, 0, rw, MAP_SHARED));
	EXPECT_EQ(0, try_map(fd, 1, size - page, rw, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, page + 1, size - page, rw, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, size + 1, 0, rw, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, size, page, rw, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, page, size, rw, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, page, size + page, rw, MAP_SHARED));
	/* For 32 bits the kernel itself maps nothing of a device beyond 4 GiB. */
	EXPECT_EQ(beyond, try_map(fd, page, 1ULL << 32, rw, MAP_SHARED));
	EXPECT_EQ(beyond, try_map(fd, page, 1ULL << 43, rw, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, page, INT64_MAX & ~(off64_t)(page - 1), rw, MAP_SHARED));
#ifdef __riscv
	/* To whose system call an offset has a sign. */
	EXPECT_EQ(EOVERFLOW, try_map(fd, page, INT64_MIN, rw, MAP_SHARED));
#else
	EXPECT_EQ(EINVAL, try_map(fd, page, INT64_MIN, rw, MAP_SHARED));
#endif
	EXPECT_EQ(EINVAL, try_map(fd, page, 1, rw, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, 0, 0, rw, MAP_SHARED));
	EXPECT_EQ(ENOMEM, try_map(fd, -page, 0, rw, MAP_SHARED));
	/* The C library of 32 bits has no such offset, the kernel no such end. */
	EXPECT_EQ(sizeof(long) == 8 ? EOVERFLOW : EINVAL,
		  try_map(fd, page, -(off64_t)page, rw, MAP_SHARED));
	EXPECT_EQ(sizeof(long) == 8 ? EOVERFLOW : EINVAL,
		  try_map(fd, 2 * page, -(off64_t)page, rw, MAP_SHARED));
#ifdef __LP64__
	EXPECT_EQ(ENOMEM, try_map(fd, 1UL << 63, 0, rw, MAP_SHARED));
#endif
}

/* Catches: a copy that is taken for the memory, and code in memory for data. */
TEST_F(map, flags)
{
	const int rw = PROT_READ | PROT_WRITE;
	int fd = self->fd;

	EXPECT_EQ(EINVAL, try_map(fd, page, 0, PROT_READ, MAP_PRIVATE));
	EXPECT_EQ(EINVAL, try_map(fd, page, 0, rw, MAP_PRIVATE));
	EXPECT_EQ(EINVAL, try_map(fd, page, 0, PROT_NONE, MAP_PRIVATE));
	EXPECT_EQ(EPERM, try_map(fd, page, 0, PROT_EXEC, MAP_SHARED));
	EXPECT_EQ(EPERM, try_map(fd, page, 0, PROT_READ | PROT_EXEC, MAP_SHARED));
	EXPECT_EQ(EPERM, try_map(fd, page, 0, rw | PROT_EXEC, MAP_SHARED));
	EXPECT_EQ(0, try_map(fd, page, 0, PROT_NONE, MAP_SHARED));
	EXPECT_EQ(0, try_map(fd, page, 0, rw, MAP_SHARED | MAP_POPULATE));
	EXPECT_EQ(0, try_map(fd, page, 0, rw, MAP_SHARED_VALIDATE));
	EXPECT_EQ(EOPNOTSUPP, try_map(fd, page, 0, rw, MAP_SHARED_VALIDATE | MAP_SYNC));
}

/* Catches: a file for reading only by which one writes after all. */
TEST_F(map, modes)
{
	int fd = region_open(self->region.name, O_RDONLY);
	void *at;

	ASSERT_LE(0, fd);
	EXPECT_EQ(EACCES, try_map(fd, page, 0, PROT_READ | PROT_WRITE, MAP_SHARED));
	EXPECT_EQ(EACCES, try_map(fd, page, 0, PROT_WRITE, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, page, 0, PROT_READ, MAP_PRIVATE));
	EXPECT_EQ(EINVAL, try_map(fd, page, 0, PROT_READ | PROT_WRITE, MAP_PRIVATE));
	at = map(fd, page, 0, PROT_READ);
	ASSERT_TRUE(!!at);
	EXPECT_EQ(EACCES, errno_of(mprotect(at, page, PROT_READ | PROT_WRITE)));
	EXPECT_EQ(SIGSEGV, signal_of(at, true));
	EXPECT_EQ(0, signal_of(at, false));
	close(fd);

	fd = region_open(self->region.name, O_WRONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EACCES, try_map(fd, page, 0, PROT_WRITE, MAP_SHARED));
	close(fd);
}

/* Catches: an upgrade by the back door. */
TEST_F(map, mprotect)
{
	void *at = self->at;
	char flags[256];

	EXPECT_EQ(EACCES, errno_of(mprotect(at, page, PROT_EXEC)));
	EXPECT_EQ(EACCES, errno_of(mprotect(at, SPAN, PROT_READ | PROT_WRITE | PROT_EXEC)));
	ASSERT_EQ(0, mprotect(at, page, PROT_READ));
	EXPECT_EQ(SIGSEGV, signal_of(self->at, true));
	EXPECT_EQ(0, signal_of(self->at + page, true));
	ASSERT_EQ(0, mprotect(at, page, PROT_READ | PROT_WRITE));
	EXPECT_EQ(0, signal_of(self->at, true));
	ASSERT_EQ(0, mprotect(at, SPAN, PROT_NONE));
	EXPECT_EQ(SIGSEGV, signal_of(self->at, false));
	ASSERT_TRUE(flags_of(self->at, flags, sizeof(flags)));
	EXPECT_FALSE(has(flags, " me "));
}

/* Catches: old programs, for which all that can be read can be executed. */
TEST_F(map, read_implies_exec)
{
	char flags[256];
	int before = personality(0xffffffff);
	unsigned char *at;

	ASSERT_NE(-1, personality(before | READ_IMPLIES_EXEC));
	at = map(self->fd, page, 0, PROT_READ);
	personality(before);
	ASSERT_TRUE(!!at);
	ASSERT_TRUE(flags_of(at, flags, sizeof(flags)));
	EXPECT_FALSE(has(flags, " ex "));
	EXPECT_FALSE(has(flags, " me "));
}

/* Catches: a mapping that grows beyond its region, or into a second one. */
TEST_F(map, mremap)
{
	void *at = self->at, *place, *moved;

	EXPECT_EQ(EFAULT, mremap(at, SPAN, 2 * SPAN, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
	EXPECT_EQ(EFAULT, mremap(at, page, 2 * page, 0) == MAP_FAILED ? errno : 0);
	EXPECT_EQ(EFAULT, mremap(at, 0, page, MREMAP_MAYMOVE) == MAP_FAILED ? errno : 0);
	EXPECT_EQ(EINVAL, mremap(at, page, page, MREMAP_MAYMOVE | MREMAP_DONTUNMAP) ==
			  MAP_FAILED ? errno : 0);

	get(self->buf, self->at, SPAN);
	place = mmap(NULL, SPAN, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	moved = mremap(at, SPAN, SPAN, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	ASSERT_TRUE(moved == place);
	EXPECT_EQ(SIGSEGV, signal_of(self->at, false));
	memset(self->buf, 0, SPAN);
	get(self->buf, moved, SPAN);
	EXPECT_EQ(SPAN, differs(self->buf, SPAN, 1));

	ASSERT_TRUE(mremap(moved, SPAN, 2 * page, 0) == moved);
	EXPECT_EQ(SIGSEGV, signal_of((unsigned char *)moved + 2 * page, false));
	EXPECT_EQ(EFAULT, mremap(moved, 2 * page, SPAN, 0) == MAP_FAILED ? errno : 0);
	/* A piece out of the middle keeps its place in the region. */
	moved = mremap((char *)moved + page, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, at);
	ASSERT_TRUE(moved == at);
	EXPECT_EQ(pattern(page + 3, 1), peek(self->at + 3));
}

/* Catches: a child with memory of its own, or one that leaves the parent none. */
TEST_F(map, fork)
{
	int status;
	pid_t pid;

	poke(self->at, 1);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		unsigned char *again = map(self->fd, page, 0, PROT_READ | PROT_WRITE);

		if (peek(self->at) != 1 || !again)
			_exit(1);
		poke(self->at, 2);
		poke(again + 1, 3);
		munmap(self->at, SPAN);
		_exit(0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(2, peek(self->at));
	EXPECT_EQ(3, peek(self->at + 1));
}

static int signal_in_child(unsigned char *at)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(signal_of(at, false));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Catches: advice that throws away what cannot be read again, or lets pages be taken. */
TEST_F(map, madvise)
{
	bool has_pages = region_has_pages(&self->region);
	void *at = self->at;

	/* Of pages, it drops the entries, and the bytes are there still. */
	EXPECT_EQ(has_pages ? 0 : EINVAL, errno_of(madvise(at, SPAN, MADV_DONTNEED)));
	EXPECT_EQ(EINVAL, errno_of(madvise(at, SPAN, MADV_FREE)));
	EXPECT_EQ(EINVAL, errno_of(madvise(at, SPAN, MADV_WIPEONFORK)));
	EXPECT_EQ(EINVAL, errno_of(madvise(at, SPAN, MADV_DODUMP)));
	EXPECT_NE(0, errno_of(madvise(at, SPAN, MADV_REMOVE)));
	EXPECT_EQ(has_pages, !errno_of(madvise(at, SPAN, MADV_POPULATE_WRITE)));
	madvise(at, SPAN, MADV_HUGEPAGE);	/* a matter of the configuration */
	madvise(at, SPAN, MADV_NOHUGEPAGE);
	EXPECT_EQ(0, madvise(at, SPAN, MADV_SEQUENTIAL));
	EXPECT_EQ(0, signal_in_child(self->at));
	ASSERT_EQ(0, madvise(at, SPAN, MADV_DONTFORK));
	EXPECT_EQ(SIGSEGV, signal_in_child(self->at));
	get(self->buf, self->at, SPAN);
	EXPECT_EQ(SPAN, differs(self->buf, SPAN, 1));
}

/* Catches: a mapping that is dumped, grows, or is taken for ordinary pages. */
TEST_F(map, vm_flags)
{
	static const char * const wanted[] = { " de ", " dd ", " sh ", " rd ", " wr " };
	bool has_pages = region_has_pages(&self->region);
	char flags[256];
	size_t i;

	ASSERT_TRUE(flags_of(self->at, flags, sizeof(flags)));
	for (i = 0; i < ARRAY_SIZE(wanted); i++) {
		EXPECT_TRUE(has(flags, wanted[i])) {
			TH_LOG("%s: no%sin%s", self->region.name, wanted[i], flags);
		}
	}
	EXPECT_FALSE(has(flags, " ex "));
	EXPECT_FALSE(has(flags, " me "));
	EXPECT_TRUE(has(flags, has_pages ? " mm " : " pf "));
	/* dma_mmap_*() says of all memory that it is for I/O. */
	if (strcmp(variant->type, "cma"))
		EXPECT_FALSE(has(flags, " io "));
}

/* Catches: pages that somebody takes a reference to, though they have none. */
TEST_F(map, get_user_pages)
{
	int wanted = region_has_pages(&self->region) ? 0 : EFAULT;
	struct iovec iov = { self->at, page }, local = { self->buf, page };
	int pipes[2];

	peek(self->at);
	ASSERT_EQ(0, pipe(pipes));
	fill(self->buf, page, 1);
	EXPECT_EQ(wanted, errno_of(vmsplice(pipes[1], &iov, 1, 0)));
	EXPECT_EQ(wanted, errno_of(process_vm_readv(getpid(), &local, 1, &iov, 1, 0)));
	EXPECT_EQ(wanted, errno_of(process_vm_writev(getpid(), &local, 1, &iov, 1, 0)));
	if (!wanted)
		ASSERT_EQ(page, read(pipes[0], self->buf, page));
	/* What copies does not need them. */
	ASSERT_EQ(page, write(pipes[1], self->at, page));
	ASSERT_EQ(page, read(pipes[0], self->buf, page));
	EXPECT_EQ(page, differs(self->buf, page, 1));
	ASSERT_EQ(page, write(pipes[1], self->buf, page));
	EXPECT_EQ(page, read(pipes[0], self->at + page, page));
	EXPECT_EQ(pattern(5, 1), peek(self->at + page + 5));
}

/* Of the architectures that do not, with HAVE_IOREMAP_PROT, none can be told from here. */
static bool kernel_asks_drivers(void)
{
#ifdef __aarch64__
	return true;
#else
	return false;
#endif
}

/* Catches: a debugger that sees nothing, or other memory. */
TEST_F(map, proc_self_mem)
{
	int fd = open("/proc/self/mem", O_RDWR);

	ASSERT_LE(0, fd);
	if (!kernel_asks_drivers())
		SKIP(return, "this kernel asks no driver for what a debugger wants to see");
	ASSERT_EQ(100, pread64(fd, self->buf, 100, (uintptr_t)self->at + page - 50));
	EXPECT_EQ(pattern(page - 50, 1), self->buf[0]);
	EXPECT_EQ(pattern(page + 49, 1), self->buf[99]);
	self->buf[0] = 0x5a;
	ASSERT_EQ(1, pwrite64(fd, self->buf, 1, (uintptr_t)self->at + 7));
	EXPECT_EQ(0x5a, peek(self->at + 7));
	close(fd);
}

/* Catches: an msync() that does not do, or say, what fsync() does. */
TEST_F(map, msync)
{
	void *at = self->at;
	int expected = errno_of(fsync(self->fd));

	EXPECT_EQ(expected, errno_of(msync(at, SPAN, MS_SYNC)));
	EXPECT_EQ(0, msync(at, SPAN, MS_ASYNC));
}

/* --- huge pages --- */

static bool holds_huge_pages(const struct region *region)
{
	return is_mappable(region) && is_linear(region) && !(region->phys & (HUGE_SIZE - 1));
}

FIXTURE(huge) {
	struct region region;
	int fd;
};

FIXTURE_VARIANT(huge) {
	const char *policy;
};

FIXTURE_VARIANT_ADD(huge, wc) { .policy = "write-combine" };
FIXTURE_VARIANT_ADD(huge, uncached) { .policy = "uncached" };
FIXTURE_VARIANT_ADD(huge, wb) { .policy = "write-back" };

FIXTURE_SETUP(huge)
{
	if (!region_find(&self->region, "ram", variant->policy, 2 * HUGE_SIZE, holds_huge_pages))
		SKIP(return, "no %s ram of 4 MiB at a multiple of 2 MiB", variant->policy);
	self->fd = region_open(self->region.name, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(huge)
{
	close(self->fd);
}

static void touch(unsigned char *at, size_t size, bool write)
{
	size_t i;

	for (i = 0; i < size; i += page) {
		if (write)
			poke(at + i, i >> 12);
		else
			peek(at + i);
	}
}

/* Catches: one fault a page, where one for many will do; a huge page only for reading. */
TEST_F(huge, few_faults)
{
	const size_t size = 2 * HUGE_SIZE;
	long limit = size / (gets_huge_pages(&self->region) ? HUGE_SIZE : AROUND), before;
	unsigned char *at = map(self->fd, size, 0, PROT_READ | PROT_WRITE);
	bool write;

	ASSERT_TRUE(!!at);
	for (write = false; ; write = true) {
		faults();
		before = faults();
		touch(at, size, write);
		/* A few are the program's own. */
		EXPECT_LE(faults() - before, limit + 4) {
			TH_LOG("%s, %s", self->region.name, write ? "written" : "read");
		}
		if (write)
			break;
#ifdef __arm__
		/* Its page tables have no bit that says "written" without a fault. */
		limit = size / page;
#endif
	}
}

/* Catches: a program that has to align by itself. */
TEST_F(huge, congruent_addresses)
{
	off64_t offset;
	unsigned char *at;

	if (!has_huge_pages())
		SKIP(return, "no huge mappings of page frames on this machine");
	for (offset = 0; offset < 8 * (off64_t)page; offset += 3 * page) {
		at = map(self->fd, 2 * HUGE_SIZE - offset, offset, PROT_READ | PROT_WRITE);
		ASSERT_TRUE(!!at);
		EXPECT_EQ((self->region.phys + offset) & (HUGE_SIZE - 1),
			  (uintptr_t)at & (HUGE_SIZE - 1));
	}
}

/* Catches: a huge page that goes as a whole when a part of it does. */
TEST_F(huge, hole_in_the_middle)
{
	const size_t size = 2 * HUGE_SIZE;
	unsigned char *at = map(self->fd, size, 0, PROT_READ | PROT_WRITE);
	size_t hole = HUGE_SIZE / 2, i;

	ASSERT_TRUE(!!at);
	touch(at, size, true);
	ASSERT_EQ(0, munmap((void *)(at + hole), 3 * page));
	EXPECT_EQ(SIGSEGV, signal_of(at + hole, false));
	EXPECT_EQ(SIGSEGV, signal_of(at + hole + 3 * page - 1, true));
	for (i = 0; i < size; i += page) {
		if (i >= hole && i < hole + 3 * page)
			continue;
		ASSERT_EQ((i >> 12) & 0xff, peek(at + i)) {
			TH_LOG("%s at 0x%zx", self->region.name, i);
		}
	}
	ASSERT_EQ(0, mprotect((void *)(at + HUGE_SIZE + page), page, PROT_READ));
	EXPECT_EQ(SIGSEGV, signal_of(at + HUGE_SIZE + page, true));
	EXPECT_EQ(0, signal_of(at + HUGE_SIZE, true));
	EXPECT_EQ(0, signal_of(at + HUGE_SIZE + 2 * page, true));
	ASSERT_EQ(0, munmap((void *)at, HUGE_SIZE));
	EXPECT_EQ(SIGSEGV, signal_of(at + HUGE_SIZE - 1, false));
	EXPECT_EQ(0, signal_of(at + size - 1, false));
}

/* Where huge pages do not fit, one page beside the address that would. */
static unsigned char *map_small(int fd, size_t size)
{
	char *place = mmap(NULL, size + 2 * HUGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	void *at;

	if (place == MAP_FAILED)
		return NULL;
	place = (char *)(((uintptr_t)place | (HUGE_SIZE - 1)) + 1 + page);
	at = mmap(place, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	return at == MAP_FAILED ? NULL : at;
}

/* Catches: huge pages at addresses that do not fit, which would show other memory. */
TEST_F(huge, only_where_they_fit)
{
	unsigned char *small = map_small(self->fd, 2 * HUGE_SIZE);
	unsigned char *huge = map(self->fd, 2 * HUGE_SIZE, 0, PROT_READ | PROT_WRITE);
	size_t i;

	ASSERT_TRUE(!!small);
	ASSERT_TRUE(!!huge);
	touch(huge, 2 * HUGE_SIZE, true);
	for (i = 0; i < 2 * HUGE_SIZE; i += page)
		ASSERT_EQ((i >> 12) & 0xff, peek(small + i));
}

/* Catches: pages that a block device takes for its own, at either size; other bytes. */
TEST_F(huge, o_direct)
{
	bool can = region_has_pages(&self->region);
	int disk = open("/dev/ram0", O_RDWR | O_DIRECT);
	unsigned char *small = map_small(self->fd, 2 * HUGE_SIZE);
	unsigned char *huge = map(self->fd, 2 * HUGE_SIZE, 0, PROT_READ | PROT_WRITE);
	unsigned char *maps[] = { small, huge };
	void *buf;
	size_t i;

	if (disk < 0)
		SKIP(return, "no /dev/ram0: %s", strerror(errno));
	ASSERT_EQ(0, posix_memalign(&buf, page, page));
	ASSERT_EQ(page, pwrite(disk, buf, page, 0));
	for (i = 0; i < ARRAY_SIZE(maps); i++) {
		ASSERT_TRUE(!!maps[i]);
		touch(maps[i], 2 * HUGE_SIZE, true);
		EXPECT_EQ(can ? 0 : EFAULT, errno_of(pwrite(disk, (void *)maps[i], page, 0)));
		EXPECT_EQ(can ? 0 : EFAULT,
			  errno_of(pwrite(disk, (void *)(maps[i] + HUGE_SIZE + page),
					  2 * page, page)));
		EXPECT_EQ(can ? 0 : EFAULT, errno_of(pread(disk, (void *)maps[i], 3 * page, 0)));
		if (!can)
			continue;
		EXPECT_EQ(0, peek(maps[i]));
		EXPECT_EQ((HUGE_SIZE / page + 1) & 0xff, peek(maps[i] + page));
		EXPECT_EQ((HUGE_SIZE / page + 2) & 0xff, peek(maps[i] + 2 * page));
	}
	close(disk);
}

/* --- what cannot be mapped, or not written --- */

static bool is_read_only(const struct region *region, void *data)
{
	if (region->writable)
		return false;
	*(struct region *)data = *region;
	return true;
}

/* Catches: memory that is written though it is for reading. */
TEST(read_only)
{
	struct region region;
	char flags[256];
	void *at;
	int fd;

	if (!region_each(is_read_only, &region))
		SKIP(return, "no read-only region");
	fd = region_open(region.name, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EPERM, try_map(fd, page, 0, PROT_READ | PROT_WRITE, MAP_SHARED));
	EXPECT_EQ(EPERM, try_map(fd, page, 0, PROT_WRITE, MAP_SHARED));
	at = map(fd, page, 0, PROT_READ);
	ASSERT_TRUE(!!at);
	EXPECT_EQ(EACCES, errno_of(mprotect(at, page, PROT_READ | PROT_WRITE)));
	EXPECT_EQ(EACCES, errno_of(mprotect(at, page, PROT_WRITE)));
	ASSERT_TRUE(flags_of(at, flags, sizeof(flags)));
	EXPECT_FALSE(has(flags, " mw "));
	EXPECT_EQ(SIGSEGV, signal_of(at, true));
	EXPECT_EQ(0, signal_of(at, false));
	close(fd);
}

static bool last_kernel_message_has(int kmsg, const char *text)
{
	char line[1024];
	bool found = false;
	ssize_t len;

	while ((len = read(kmsg, line, sizeof(line) - 1)) > 0) {
		line[len] = '\0';
		found = found || strstr(line, text);
	}
	return found;
}

static void expect_no_mmap(struct __test_metadata *_metadata, const char *name)
{
	unsigned char out[16], in[16];
	int fd = region_open(name, O_RDWR), kmsg;
	struct region region;

	if (fd < 0 && errno == ENOENT)
		SKIP(return, "no region %s (selftests.dtso has it)", name);
	ASSERT_LE(0, fd);
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	ASSERT_LE(0, kmsg);
	lseek(kmsg, 0, SEEK_END);
	EXPECT_EQ(EINVAL, try_map(fd, 1, 0, PROT_READ, MAP_SHARED));
	EXPECT_TRUE(last_kernel_message_has(kmsg, "not whole pages"));
	ASSERT_TRUE(region_read(&region, name));
	EXPECT_EQ(0, region_info(&region).access & EXTMEM_ACCESS_MMAP);
	fill(out, 16, 31);
	ASSERT_EQ(16, pwrite64(fd, out, 16, region.size - 16));
	ASSERT_EQ(16, pread64(fd, in, 16, region.size - 16));
	EXPECT_EQ(16, differs(in, 16, 31));
	close(kmsg);
	close(fd);
}

/* Catches: a page of which a part is somebody else's. */
TEST(less_than_a_page)
{
	expect_no_mmap(_metadata, "small");
}

TEST(a_page_and_a_half)
{
	expect_no_mmap(_metadata, "odd");
}

TEST(pool)
{
	struct region region;
	int fd;

	if (!region_find(&region, "cma", NULL, 0, region_is_pool))
		SKIP(return, "no pool without a buffer");
	fd = region_open(region.name, O_RDWR);
	EXPECT_EQ(ENXIO, try_map(fd, page, 0, PROT_READ, MAP_SHARED));
	close(fd);
}

/* Catches: registers that look like memory to the kernel, and are read in advance. */
TEST(mmio_vm_flags)
{
	struct region region;
	char flags[256];
	unsigned char *at;
	int fd;

	if (!region_find(&region, "mmio", NULL, page, region_can_mmap))
		SKIP(return, "no registers that fill a page");
	fd = region_open(region.name, O_RDWR);
	at = map(fd, page, 0, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!at);
	ASSERT_TRUE(flags_of(at, flags, sizeof(flags)));
	EXPECT_TRUE(has(flags, " io "));
	EXPECT_TRUE(has(flags, " pf "));
	EXPECT_FALSE(has(flags, " ex "));
	EXPECT_EQ(EINVAL, errno_of(madvise((void *)at, page, MADV_DOFORK)));
	close(fd);
}

static bool find_partition(const struct region *region, void *data)
{
	struct region *found = data;

	if (!region->partition || !region->writable || region->size < 2 * page)
		return false;
	*found = *region;
	return true;
}

/* Catches: a partition that shows its region from the start, or more than its part. */
TEST(partition)
{
	struct region part, root;
	unsigned char byte;
	int fd, whole;
	unsigned char *at;

	if (!region_each(find_partition, &part))
		SKIP(return, "no partition");
	fd = region_open(part.name, O_RDWR);
	*strchr(part.name, '.') = '\0';
	ASSERT_TRUE(region_read(&root, part.name));
	whole = region_open(root.name, O_RDWR);
	EXPECT_EQ(EINVAL, try_map(fd, page, part.size, PROT_READ, MAP_SHARED));
	EXPECT_EQ(EINVAL, try_map(fd, part.size + page, 0, PROT_READ, MAP_SHARED));
	at = map(fd, part.size, 0, PROT_READ | PROT_WRITE);
	ASSERT_TRUE(!!at);
	poke(at + page + 1, 0x3c);
	ASSERT_EQ(1, pread(fd, &byte, 1, page + 1));
	EXPECT_EQ(0x3c, byte);
	if (root.has_address) {
		ASSERT_EQ(1, pread64(whole, &byte, 1, part.phys - root.phys + page + 1));
		EXPECT_EQ(0x3c, byte);
	}
	close(fd);
	close(whole);
}

TEST_HARNESS_MAIN
