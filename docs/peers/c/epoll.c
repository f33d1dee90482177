/*
 * A TCP echo server in plain C: one thread, one level-triggered epoll loop, one
 * read and one write a message. Build it with gcc -O2.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
	int fd;
	char *rest; /* what the socket had no room for; NULL for a reader */
	size_t sent, size;
};

static int server, epoll;
static char buffer[64 * 1024];

static void quit(int signal)
{
	(void)signal;
	_exit(0);
}

/* Allows as many clients as the hard limit does, as Go does for its programs. */
static void raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		err(1, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
		err(1, "setrlimit");
}

/* The kernel can still say EAGAIN after an event; the next one is waited for. */
static int again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* Listens at HOST:PORT, an IPv4 address, and says where. */
static void start(const char *addr)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t size = sizeof at;
	char host[INET_ADDRSTRLEN];
	unsigned short port;
	int on = 1;

	if (sscanf(addr, "%15[0-9.]:%hu", host, &port) != 2 || inet_pton(AF_INET, host, &at.sin_addr) != 1)
		errx(2, "%s: expected HOST:PORT", addr);
	at.sin_port = htons(port);
	if ((server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) < 0)
		err(1, "socket");
	if (setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
		err(1, "setsockopt");
	if (bind(server, (struct sockaddr *)&at, size) < 0)
		err(1, "bind %s", addr);
	if (listen(server, SOMAXCONN) < 0)
		err(1, "listen");
	if (getsockname(server, (struct sockaddr *)&at, &size) < 0)
		err(1, "getsockname");
	printf("listening on %s:%d\n", host, ntohs(at.sin_port));
	if (fflush(stdout) != 0)
		err(1, "standard output");
}

/* Adds or changes what epoll tells of fd; the server is the one without a client. */
static void watch(int op, int fd, unsigned events, struct client *c)
{
	struct epoll_event event = {.events = events, .data.ptr = c};

	if (epoll_ctl(epoll, op, fd, &event) < 0)
		err(1, "epoll_ctl");
}

static void welcome(void)
{
	int fd;

	while ((fd = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct client *c = calloc(1, sizeof *c);
		if (c == NULL)
			err(1, "calloc");
		c->fd = fd;
		watch(EPOLL_CTL_ADD, fd, EPOLLIN, c);
	}
	if (!again() && errno != ECONNABORTED)
		err(1, "accept4");
}

/* Closes the socket, with which epoll forgets it too. */
static void leave(struct client *c)
{
	close(c->fd);
	free(c->rest);
	free(c);
}

/* Sends a client the rest. It is read from again when all is sent. */
static void resume(struct client *c)
{
	ssize_t n = write(c->fd, c->rest + c->sent, c->size - c->sent);

	if (n > 0)
		c->sent += n;
	if (n < 0 && !again()) {
		leave(c);
	} else if (c->sent == c->size) {
		free(c->rest);
		c->rest = NULL;
		watch(EPOLL_CTL_MOD, c->fd, EPOLLIN, c);
	}
}

/* Saves what a client's socket has no room for. Until it has, nothing is read. */
static void save(struct client *c, const char *rest, size_t size)
{
	if ((c->rest = malloc(size)) == NULL)
		err(1, "malloc");
	memcpy(c->rest, rest, size);
	c->sent = 0;
	c->size = size;
	watch(EPOLL_CTL_MOD, c->fd, EPOLLOUT, c);
}

/* Sends a client its message back, or closes if there will be no more. */
static void echo(struct client *c)
{
	ssize_t sent, size = read(c->fd, buffer, sizeof buffer);

	if (size < 0 && again())
		return;
	if (size > 0) {
		sent = write(c->fd, buffer, size);
		if (sent < 0 && again())
			sent = 0;
		if (sent >= 0 && sent < size)
			save(c, buffer + sent, size - sent);
		if (sent >= 0)
			return;
	}
	leave(c);
}

int main(int argc, char **argv)
{
	struct epoll_event ready[256];

	if (argc != 1 && (argc != 3 || strcmp(argv[1], "-addr") != 0))
		errx(2, "usage: %s [-addr HOST:PORT]", argv[0]);
	signal(SIGTERM, quit);
	signal(SIGINT, quit);
	signal(SIGPIPE, SIG_IGN); /* a client that is gone is an error of write */
	raise_limit();
	start(argc == 3 ? argv[2] : "127.0.0.1:1337");
	if ((epoll = epoll_create1(EPOLL_CLOEXEC)) < 0)
		err(1, "epoll_create1");
	watch(EPOLL_CTL_ADD, server, EPOLLIN, NULL);
	for (;;) {
		int n = epoll_wait(epoll, ready, 256, -1);
		if (n < 0 && errno != EINTR)
			err(1, "epoll_wait");
		for (int i = 0; i < n; i++) {
			struct client *c = ready[i].data.ptr;
			if (c == NULL)
				welcome();
			else if (c->rest != NULL)
				resume(c);
			else
				echo(c);
		}
	}
}
