// SPDX-License-Identifier: GPL-2.0
/*
 * slowpage REGION: a copy that waits for a page of user memory, which nobody brings
 * (userfaultfd), holds up itself and nobody else. The region is unbound under it; then
 * the page comes, and the call ends with what it had copied, or -ENODEV. Who waits can
 * be stopped and killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/userfaultfd.h>

#include "stress.h"

/* What is prompt for a machine that is emulated, checks all it does, and is shared. */
#define PROMPT	5.0
#define PATTERN	0xa5

static struct stress_region region;

/**
 * struct slow - memory of which the first page is there and the others are not
 * @pages: it
 * @length: of it in bytes
 * @uffd: says who waits for them
 */
struct slow {
	char *pages;
	size_t length;
	int uffd;
};

static void slow_new(struct slow *slow)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	slow->length = 4 * page_size;
	slow->pages = mmap(NULL, slow->length, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (slow->pages == MAP_FAILED)
		fail("no memory");
	memset(slow->pages, 0, page_size);
	slow->uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (slow->uffd < 0)
		fail("userfaultfd: %s", strerror(errno));
	range.range.start = (uintptr_t)slow->pages + page_size;
	range.range.len = slow->length - page_size;
	if (ioctl(slow->uffd, UFFDIO_API, &api) || ioctl(slow->uffd, UFFDIO_REGISTER, &range))
		fail("userfaultfd: %s", strerror(errno));
}

static void slow_free(struct slow *slow)
{
	close(slow->uffd);
	munmap(slow->pages, slow->length);
}

/* Returns: the page that somebody waits for, or 0 if nobody does before the time is up. */
static uintptr_t slow_wait(const struct slow *slow, int milliseconds)
{
	struct pollfd ready = { .fd = slow->uffd, .events = POLLIN };
	struct uffd_msg message;

	if (poll(&ready, 1, milliseconds) != 1 ||
	    read(slow->uffd, &message, sizeof(message)) != sizeof(message) ||
	    message.event != UFFD_EVENT_PAGEFAULT)
		return 0;
	return message.arg.pagefault.address & -page_size;
}

static void slow_bring(const struct slow *slow, uintptr_t page)
{
	struct uffdio_zeropage zero = {
		.range = { .start = page, .len = page_size },
	};

	if (ioctl(slow->uffd, UFFDIO_ZEROPAGE, &zero) && errno != EEXIST && errno != EAGAIN)
		fail("UFFDIO_ZEROPAGE: %s", strerror(errno));
}

/**
 * struct call - a way to copy
 * @name: of it
 * @writes: it writes to the region
 * @vector: by two segments, of which the second is missing
 * @present: how much of the memory is there, in halves of a page
 */
struct call {
	const char *name;
	bool writes;
	bool vector;
	int present;
};

static const struct call calls[] = {
	{ "read, nothing there", .present = 0 },
	{ "read, the first bytes there", .present = 1 },
	{ "readv, the first segment there", .present = 1, .vector = true },
	{ "write, nothing there", .writes = true, .present = 0 },
	{ "write, the first bytes there", .writes = true, .present = 1 },
	{ "writev, the first segment there", .writes = true, .present = 1, .vector = true },
};

/**
 * struct copy - a call that is made
 * @call: how
 * @fd: file of the region
 * @slow: its memory
 * @result: what it returned, or a negative errno
 * @ended: it did
 */
struct copy {
	const struct call *call;
	int fd;
	struct slow slow;
	ssize_t result;
	atomic_bool ended;
};

static size_t present(const struct call *call)
{
	return call->present * (page_size / 2);
}

static ssize_t copy_now(const struct copy *copy)
{
	const struct call *call = copy->call;
	char *start = copy->slow.pages + page_size - present(call);
	size_t length = page_size < (long)region.size ? page_size : (long)region.size;
	struct iovec segments[2] = {
		{ .iov_base = copy->slow.pages, .iov_len = present(call) },
		{ .iov_base = copy->slow.pages + page_size, .iov_len = length - present(call) },
	};
	ssize_t ret;

	if (call->vector)
		ret = call->writes ? pwritev(copy->fd, segments, 2, 0) :
				     preadv(copy->fd, segments, 2, 0);
	else
		ret = call->writes ? pwrite(copy->fd, start, length, 0) :
				     pread(copy->fd, start, length, 0);
	return ret < 0 ? -errno : ret;
}

static void *copy_thread(void *data)
{
	struct copy *copy = data;

	copy->result = copy_now(copy);
	atomic_store(&copy->ended, true);
	return NULL;
}

static int open_region(void)
{
	int fd = open(region.path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail("open: %s", strerror(errno));
	return fd;
}

/* Registers are left as they are: not all of them remember what they are told. */
static bool is_memory(void)
{
	return strcmp(region.type, "mmio");
}

static void fill_region(int fd)
{
	char *bytes = malloc(page_size);

	memset(bytes, PATTERN, page_size);
	if (is_memory() && pwrite(fd, bytes, page_size, 0) != page_size)
		fail("write: %s", strerror(errno));
	free(bytes);
}

/* Returns: how long it took. */
static double rebind(const char *file)
{
	double start = now();
	int ret = driver_write(file, region.device);

	if (ret)
		fail("%s: %s", file, strerror(-ret));
	return now() - start;
}

static double unbind_promptly(const char *name)
{
	double took;

	step("unbind under %s", name);
	took = rebind("unbind");
	if (took > PROMPT)
		fail("unbind waited %.1f s for %s", took, name);
	return took;
}

/*
 * What may have left the region before it went. Uncached memory is read into a buffer
 * of the kernel's, which waits for the page; registers are not, for nobody could be told
 * of what is lost there; all else is copied straight.
 */
static ssize_t most(const struct call *call)
{
	if (!call->writes && is_memory() && !strcmp(region.policy, "uncached"))
		return page_size;
	return present(call);
}

static char byte_at(const struct copy *copy, size_t offset)
{
	size_t first = present(copy->call);

	if (offset >= first)
		return copy->slow.pages[page_size + offset - first];
	return copy->slow.pages[(copy->call->vector ? 0 : page_size - first) + offset];
}

/* Catches: a count of bytes that were not copied, or copied bytes that are not counted. */
static void judge(const struct copy *copy)
{
	const struct call *call = copy->call;
	ssize_t copied = 0;

	if (copy->result == 0 || (copy->result < 0 && copy->result != -ENODEV) ||
	    copy->result > most(call))
		fail("%s: returned %zd with %zu bytes there", call->name, copy->result,
		     present(call));
	if (call->writes || !is_memory())
		return;
	while (copied < page_size && byte_at(copy, copied) == (char)PATTERN)
		copied++;
	if (copied != (copy->result < 0 ? 0 : copy->result))
		fail("%s: returned %zd when %zd bytes were copied", call->name, copy->result,
		     copied);
}

/* Catches: unbind that waits for a page of the user's, and a copy that goes on after it. */
static void unbind_under(const struct call *call)
{
	struct copy copy = { .call = call };
	pthread_t thread;
	uintptr_t page;
	double took;

	step("%s", call->name);
	copy.fd = open_region();
	fill_region(copy.fd);
	slow_new(&copy.slow);
	pthread_create(&thread, NULL, copy_thread, &copy);
	page = slow_wait(&copy.slow, 10000);
	if (!page)
		fail("%s: does not wait for its page", call->name);
	took = unbind_promptly(call->name);
	if (atomic_load(&copy.ended))
		fail("%s: ended without its page: %zd", call->name, copy.result);
	step("the end of %s", call->name);
	do {
		if (page)
			slow_bring(&copy.slow, page);
		page = slow_wait(&copy.slow, 10);
	} while (!atomic_load(&copy.ended));
	pthread_join(thread, NULL);
	judge(&copy);
	printf("%s: unbound in %.1f ms, then returned %zd\n", call->name, took * 1e3, copy.result);
	slow_free(&copy.slow);
	close(copy.fd);
	rebind("bind");
	close(open_region());
}

struct teller {
	const struct slow *slow;
	int tell;
};

static void *tell_thread(void *data)
{
	struct teller *teller = data;

	if (slow_wait(teller->slow, 10000) && write(teller->tell, "", 1) == 1)
		return NULL;
	_exit(1);
}

/* In a child: waits for ever, and says when it does. */
static noreturn void wait_for_ever(const struct call *call, int tell)
{
	struct copy copy = { .call = call };
	struct teller teller = { .slow = &copy.slow, .tell = tell };
	pthread_t thread;

	copy.fd = open_region();
	slow_new(&copy.slow);
	pthread_create(&thread, NULL, tell_thread, &teller);
	copy_now(&copy);
	_exit(2);
}

static pid_t child_that_waits(const struct call *call)
{
	struct pollfd ready = { .events = POLLIN };
	int ends[2];
	pid_t pid;

	if (pipe(ends))
		fail("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid)
		wait_for_ever(call, ends[1]);
	ready.fd = ends[0];
	if (poll(&ready, 1, 20000) != 1)
		fail("%s: the child does not wait for its page", call->name);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

/* Returns: how long it lived on. */
static double kill_child(const struct call *call, pid_t pid)
{
	double start = now();
	int status;

	step("the death of who waits in %s", call->name);
	kill(pid, SIGKILL);
	while (!waitpid(pid, &status, WNOHANG)) {
		if (now() - start > PROMPT)
			fail("%s: cannot be killed", call->name);
		doze(1000);
	}
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail("%s: ended by itself, with status %#x", call->name, status);
	return now() - start;
}

/* Catches: a wait that no signal ends. */
static void kill_under(const struct call *call)
{
	pid_t pid;
	double took;

	step("kill under %s", call->name);
	pid = child_that_waits(call);
	took = kill_child(call, pid);
	printf("%s: dead after %.1f ms, ", call->name, took * 1e3);
	printf("unbound in %.1f ms\n", unbind_promptly(call->name) * 1e3);
	rebind("bind");
}

/* Catches: unbind that waits for a process that does not run. */
static void stop_under(const struct call *call)
{
	double unbound, dead;
	pid_t pid;

	step("stop under %s", call->name);
	pid = child_that_waits(call);
	kill(pid, SIGSTOP);
	doze(50000);
	unbound = unbind_promptly(call->name);
	rebind("bind");
	close(open_region());
	dead = kill_child(call, pid);
	printf("%s, stopped: unbound in %.1f ms, dead after %.1f ms\n", call->name,
	       unbound * 1e3, dead * 1e3);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		fail("usage: slowpage REGION");
	watch();
	find_region(argv[1], &region);
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		unbind_under(&calls[i]);
		kill_under(&calls[i]);
		stop_under(&calls[i]);
	}
	fflush(stdout);
	_exit(0);
}
