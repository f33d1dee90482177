/*
 * Right: an echo server with poll(2), one thread for all clients. It passes
 * every scenario.
 *
 *     gcc -o right_poll right_poll.c && ./right_poll 127.0.0.1 1337
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 20000, ROOM = 16 * 1024 };

static struct client {
	bool silent; /* it has got the end of our stream */
	size_t sent, size;
	char message[ROOM];
} *clients[MOST]; /* each at the place that it has among the watched */

static struct pollfd watched[MOST]; /* the listener is the first */
static int count = 1;
static bool resting; /* out of descriptors: leave the listener alone for a while */
static volatile sig_atomic_t stopping;

static void stop(int signal) { (void)signal; stopping = true; }

static int listen_at(const char *host, const char *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
	int on = 1, server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (inet_pton(AF_INET, host, &at.sin_addr) != 1)
		errx(2, "%s: want an IPv4 address", host);
	if (bind(server, (struct sockaddr *)&at, sizeof at) < 0 || listen(server, SOMAXCONN) < 0)
		err(1, "listen %s:%s", host, port);
	return server;
}

/* Accepts all who wait in the queue. A server that stops closes the listener then. */
static void welcome(int server)
{
	while (count < MOST) {
		int fd = accept4(server, NULL, NULL, SOCK_NONBLOCK);
		if (fd < 0)
			break;
		clients[count] = calloc(1, sizeof *clients[0]);
		watched[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
	}
	resting = count == MOST || errno == EMFILE || errno == ENFILE;
	if (stopping && errno == EAGAIN) {
		close(server);
		watched[0].fd = -1;
	}
}

/* Closes client i. The last one takes its place. */
static void leave(int i)
{
	close(watched[i].fd);
	free(clients[i]);
	count--;
	watched[i] = watched[count];
	clients[i] = clients[count];
	resting = false;
}

static void transmit(int i)
{
	struct client *c = clients[i];
	ssize_t n = write(watched[i].fd, c->message + c->sent, c->size - c->sent);

	if (n < 0 && errno != EAGAIN) {
		leave(i);
		return;
	}
	if (n > 0)
		c->sent += n;
	watched[i].events = c->sent < c->size ? POLLOUT : POLLIN;
}

static void receive(int i)
{
	struct client *c = clients[i];
	ssize_t n = read(watched[i].fd, c->message, ROOM);

	if (n == 0 || (n < 0 && errno != EAGAIN)) {
		leave(i);
	} else if (n > 0 && !c->silent) {
		c->sent = 0;
		c->size = n;
		transmit(i);
	}
}

static void turn(const sigset_t *waiting)
{
	struct timespec rest = {.tv_nsec = 100 * 1000 * 1000};

	watched[0].events = resting ? 0 : POLLIN;
	if (ppoll(watched, count, resting || stopping ? &rest : NULL, waiting) < 0)
		return; /* EINTR */
	resting = false;
	for (int i = count - 1; i > 0; i--) { /* whoever takes a place here was looked at */
		if (watched[i].revents & POLLOUT) {
			transmit(i);
		} else if (watched[i].revents) {
			receive(i);
		} else if (stopping && watched[i].events == POLLIN && !clients[i]->silent) {
			shutdown(watched[i].fd, SHUT_WR); /* it has all that it sent */
			clients[i]->silent = true;
		}
	}
	if (watched[0].fd >= 0 && (stopping || watched[0].revents))
		welcome(watched[0].fd);
}

int main(int argc, char **argv)
{
	sigset_t stops, before;

	if (argc != 3)
		errx(2, "usage: %s HOST PORT", argv[0]);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&stops);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGINT);
	sigprocmask(SIG_BLOCK, &stops, &before); /* they come only while it waits */
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	watched[0].fd = listen_at(argv[1], argv[2]);
	while (count > 1 || watched[0].fd >= 0)
		turn(&before);
}
