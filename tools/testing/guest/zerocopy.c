// SPDX-License-Identifier: GPL-2.0
/*
 * zerocopy JOB REGION [IN OUT]: others than the CPU move a region's bytes by way of a
 * mapping. IN is read into it past the page cache; then JOB writes what is in it to OUT,
 * which the host compares with IN.
 *
 *	direct		write() with O_DIRECT
 *	uring		a registered buffer of an io_uring, both ways
 *	ring		a buffer that its ring knows nothing of
 *	splice		vmsplice() into a pipe
 *	tcp		a socket with MSG_ZEROCOPY
 *	refused		none of these can be: EFAULT
 *	unbind		a registered buffer holds up unbind, until its ring goes; a pipe, too
 *	unbind-pipe	a pipe alone
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/errqueue.h>

#include <liburing.h>

#include "stress.h"

#define LENGTH	0x100000UL	/* of what is moved */
#define OFFSET	0x10000UL	/* in the region */
#define PIECE	0x10000UL	/* what a pipe holds */

static struct stress_region region;
static char *mapping;

static int open_or_fail(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

static void map(size_t length, off_t offset)
{
	int prot = PROT_READ | (region.read_only ? 0 : PROT_WRITE);
	int fd = open_or_fail(region.path, region.read_only ? O_RDONLY : O_RDWR);

	mapping = mmap(NULL, length, prot, MAP_SHARED, fd, offset);
	if (mapping == MAP_FAILED)
		fail("mmap: %s", strerror(errno));
	close(fd);
}

static void moved(const char *what, ssize_t ret)
{
	if (ret != (ssize_t)LENGTH)
		fail("%s: %zd of %lu bytes: %s", what, ret, LENGTH,
		     ret < 0 ? strerror(errno) : "no error");
}

/* Catches: bytes that are not those of the disk, in the mapping or for read(). */
static void check(const char *in)
{
	char *wanted = malloc(LENGTH), *found = malloc(LENGTH);
	int fd = open_or_fail(in, O_RDONLY);

	moved("read past the region", read(fd, wanted, LENGTH));
	close(fd);
	if (memcmp(mapping, wanted, LENGTH))
		fail("the mapping has not what %s has", in);
	fd = open_or_fail(region.path, O_RDONLY);
	moved("read of the region", pread(fd, found, LENGTH, OFFSET));
	close(fd);
	if (memcmp(found, wanted, LENGTH))
		fail("read() has not what %s has", in);
	free(wanted);
	free(found);
}

static void load(const char *in)
{
	int fd = open_or_fail(in, O_RDONLY | O_DIRECT);

	memset(mapping, 0, LENGTH);
	moved("read", read(fd, mapping, LENGTH));
	close(fd);
	check(in);
}

static void job_direct(const char *in, const char *out)
{
	int fd = open_or_fail(out, O_WRONLY | O_CREAT | O_DIRECT);

	load(in);
	moved("write", write(fd, mapping, LENGTH));
	close(fd);
}

static void ring_new(struct io_uring *ring)
{
	int ret = io_uring_queue_init(4, ring, 0);

	if (ret)
		fail("io_uring_queue_init: %s", strerror(-ret));
}

static void ring_register(struct io_uring *ring)
{
	struct iovec iov = { mapping, LENGTH };
	int ret = io_uring_register_buffers(ring, &iov, 1);

	if (ret)
		fail("io_uring_register_buffers: %s", strerror(-ret));
}

static void ring_prepare(struct io_uring_sqe *sqe, int fd, bool write, bool registered)
{
	if (registered && write)
		io_uring_prep_write_fixed(sqe, fd, mapping, LENGTH, 0, 0);
	else if (registered)
		io_uring_prep_read_fixed(sqe, fd, mapping, LENGTH, 0, 0);
	else if (write)
		io_uring_prep_write(sqe, fd, mapping, LENGTH, 0);
	else
		io_uring_prep_read(sqe, fd, mapping, LENGTH, 0);
}

static void ring_move(struct io_uring *ring, int fd, bool write, bool registered)
{
	struct io_uring_cqe *cqe;
	int ret;

	ring_prepare(io_uring_get_sqe(ring), fd, write, registered);
	if (io_uring_submit_and_wait(ring, 1) != 1)
		fail("io_uring_submit_and_wait");
	ret = io_uring_peek_cqe(ring, &cqe);
	if (ret)
		fail("io_uring_peek_cqe: %s", strerror(-ret));
	if (cqe->res < 0)
		errno = -cqe->res;
	moved(write ? "write by the ring" : "read by the ring", cqe->res);
	io_uring_cqe_seen(ring, cqe);
}

static void ring_both_ways(const char *in, const char *out, bool registered)
{
	int from = open_or_fail(in, O_RDONLY | O_DIRECT);
	int to = open_or_fail(out, O_WRONLY | O_CREAT | O_DIRECT);
	struct io_uring ring;

	memset(mapping, 0, LENGTH);
	ring_new(&ring);
	if (registered)
		ring_register(&ring);
	ring_move(&ring, from, false, registered);
	check(in);
	ring_move(&ring, to, true, registered);
	io_uring_queue_exit(&ring);
	close(from);
	close(to);
}

static void job_uring(const char *in, const char *out)
{
	ring_both_ways(in, out, true);
}

static void job_ring(const char *in, const char *out)
{
	ring_both_ways(in, out, false);
}

static void job_splice(const char *in, const char *out)
{
	int fd = open_or_fail(out, O_WRONLY | O_CREAT);
	size_t done;
	int ends[2];

	load(in);
	if (pipe(ends))
		fail("pipe: %s", strerror(errno));
	for (done = 0; done < LENGTH; ) {
		struct iovec iov = { mapping + done, PIECE };
		ssize_t piece = vmsplice(ends[1], &iov, 1, 0);

		if (piece <= 0)
			fail("vmsplice: %s", strerror(errno));
		for (done += piece; piece; ) {
			ssize_t ret = splice(ends[0], NULL, fd, NULL, piece, 0);

			if (ret <= 0)
				fail("splice: %s", strerror(errno));
			piece -= ret;
		}
	}
	close(ends[0]);
	close(ends[1]);
	close(fd);
}

/* Two ends of a connection over loopback. */
static void connect_both(int ends[2])
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	socklen_t length = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ends[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &length) ||
	    connect(ends[0], (struct sockaddr *)&address, sizeof(address)))
		fail("a connection over loopback: %s", strerror(errno));
	ends[1] = accept(listener, NULL, NULL);
	if (setsockopt(ends[0], SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)))
		fail("SO_ZEROCOPY: %s", strerror(errno));
	close(listener);
}

/* The notifications of the calls up to the last one; they may come in ranges. */
static void wait_for_sent(int fd, uint32_t last)
{
	uint32_t seen = UINT32_MAX;

	while (seen != last) {
		char control[128];
		struct msghdr msg = { .msg_control = control, .msg_controllen = sizeof(control) };
		struct cmsghdr *cmsg;

		if (recvmsg(fd, &msg, MSG_ERRQUEUE) < 0) {
			if (errno != EAGAIN)
				fail("the error queue: %s", strerror(errno));
			doze(1000);
			continue;
		}
		cmsg = CMSG_FIRSTHDR(&msg);
		if (cmsg) {
			struct sock_extended_err *err = (void *)CMSG_DATA(cmsg);

			if (err->ee_errno || err->ee_origin != SO_EE_ORIGIN_ZEROCOPY)
				fail("the error queue has error %u of %u", err->ee_errno,
				     err->ee_origin);
			seen = err->ee_data;
		}
	}
}

static void receive(int fd, const char *out)
{
	int to = open_or_fail(out, O_WRONLY | O_CREAT);
	char buf[4096];
	ssize_t ret;

	while ((ret = read(fd, buf, sizeof(buf))) > 0)
		if (write(to, buf, ret) != ret)
			fail("write: %s", strerror(errno));
	close(to);
}

static void job_tcp(const char *in, const char *out)
{
	uint32_t calls = 0;
	size_t done = 0;
	int ends[2];
	pid_t pid;

	load(in);
	connect_both(ends);
	pid = fork();
	if (!pid) {
		close(ends[0]);
		receive(ends[1], out);
		_exit(0);
	}
	close(ends[1]);
	while (done < LENGTH) {
		ssize_t ret = send(ends[0], mapping + done, LENGTH - done, MSG_ZEROCOPY);

		if (ret < 0)
			fail("send: %s", strerror(errno));
		done += ret;
		calls++;
	}
	wait_for_sent(ends[0], calls - 1);
	close(ends[0]);
	waitpid(pid, NULL, 0);
}

static void refused(const char *what, int error)
{
	if (error != EFAULT)
		fail("%s: %s", what, error ? strerror(error) : "it was not refused");
}

static int error_of(ssize_t ret)
{
	return ret < 0 ? errno : 0;
}

/* Catches: pages taken of what has none, of each kind of holder. */
static void job_refused(const char *in, const char *out)
{
	struct iovec iov = { mapping, page_size };
	struct io_uring ring;
	int ends[2], fd;

	fd = open_or_fail(out, O_WRONLY | O_CREAT | O_DIRECT);
	refused("write with O_DIRECT", error_of(write(fd, mapping, page_size)));
	close(fd);
	fd = open_or_fail(in, O_RDONLY | O_DIRECT);
	if (!region.read_only)
		refused("read with O_DIRECT", error_of(read(fd, mapping, page_size)));
	close(fd);
	if (io_uring_queue_init(4, &ring, 0))
		fail("io_uring_queue_init");
	refused("io_uring_register_buffers", -io_uring_register_buffers(&ring, &iov, 1));
	io_uring_queue_exit(&ring);
	if (pipe(ends))
		fail("pipe: %s", strerror(errno));
	refused("vmsplice", error_of(vmsplice(ends[1], &iov, 1, 0)));
	connect_both(ends);
	refused("MSG_ZEROCOPY", error_of(send(ends[0], mapping, page_size, MSG_ZEROCOPY)));
}

static bool has_ended(pid_t pid, unsigned int ms)
{
	int status;

	for (; ms; ms--) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			if (status)
				fail("unbind: status %#x", status);
			return true;
		}
		doze(1000);
	}
	return false;
}

static void hold_by_ring(void)
{
	struct io_uring ring;

	ring_new(&ring);
	ring_register(&ring);
}

static void hold_by_pipe(void)
{
	struct iovec iov = { mapping, page_size };
	int ends[2];

	if (pipe(ends))
		fail("pipe: %s", strerror(errno));
	if (vmsplice(ends[1], &iov, 1, 0) != page_size)
		fail("vmsplice: %s", strerror(errno));
}

/* Returns: a process that holds pages until it is killed. */
static pid_t holder_new(void (*hold)(void))
{
	int ready[2];
	pid_t holder;
	char byte;

	if (pipe(ready))
		fail("pipe: %s", strerror(errno));
	holder = fork();
	if (!holder) {
		hold();
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	/* Else it would not end if he does. */
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		fail("who holds the pages has not come up");
	close(ready[0]);
	return holder;
}

static void unbind_waits(void (*hold)(void))
{
	pid_t holder = holder_new(hold), unbinder;

	unbinder = fork();
	if (!unbinder)
		_exit(-driver_write("unbind", region.device));
	if (has_ended(unbinder, 500))
		fail("unbind did not wait");
	if (open(region.path, O_RDONLY) >= 0)
		fail("the region can be opened while it goes");
	kill(holder, SIGKILL);
	waitpid(holder, NULL, 0);
	if (!has_ended(unbinder, 20000))
		fail("unbind waits though nobody holds a page");
	if (driver_write("bind", region.device))
		fail("bind");
}

static const struct job {
	const char *name;
	void (*run)(const char *in, const char *out);
} jobs[] = {
	{ "direct", job_direct },
	{ "uring", job_uring },
	{ "ring", job_ring },
	{ "splice", job_splice },
	{ "tcp", job_tcp },
	{ "refused", job_refused },
};

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 3)
		fail("usage: zerocopy JOB REGION [IN OUT]");
	watch();
	signal(SIGPIPE, SIG_IGN);
	find_region(argv[2], &region);
	step("%s", argv[1]);
	if (!strcmp(argv[1], "refused"))
		map(page_size, 0);
	else
		map(LENGTH, OFFSET);
	if (!strcmp(argv[1], "unbind")) {
		unbind_waits(hold_by_ring);
		map(LENGTH, OFFSET);
	}
	if (!strncmp(argv[1], "unbind", 6))
		unbind_waits(hold_by_pipe);
	for (i = 0; i < ARRAY_SIZE(jobs) && argc == 5; i++)
		if (!strcmp(argv[1], jobs[i].name))
			jobs[i].run(argv[3], argv[4]);
	fflush(stdout);
	_exit(0);
}
