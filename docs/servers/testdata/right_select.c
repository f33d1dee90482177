/*
 * Right: an echo server with select(2), one thread for all clients. It passes
 * every scenario. In crowd it serves 1,020, because select cannot watch a
 * descriptor above 1023, and lets the next one wait until one of them leaves.
 *
 *     gcc -o right_select right_select.c && ./right_select 127.0.0.1 1337
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static struct client {
	bool here, silent; /* silent: it has got the end of our stream */
	size_t sent, size;
	char message[16 * 1024];
} clients[FD_SETSIZE]; /* each at its descriptor */

static int server, count;
static bool resting; /* out of descriptors: leave the listener alone for a while */
static volatile sig_atomic_t stopping;

static void stop(int signal) { (void)signal; stopping = true; }

static void listen_at(const char *host, const char *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
	int on = 1;

	server = socket(AF_INET, SOCK_STREAM, 0);
	fcntl(server, F_SETFL, O_NONBLOCK);
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (inet_pton(AF_INET, host, &at.sin_addr) != 1)
		errx(2, "%s: want an IPv4 address", host);
	if (bind(server, (struct sockaddr *)&at, sizeof at) < 0 || listen(server, SOMAXCONN) < 0)
		err(1, "listen %s:%s", host, port);
}

/* Accepts one client. Closes the listener when the server stops and nobody is left in the queue. */
static void welcome(void)
{
	int fd = accept(server, NULL, NULL);

	if (fd >= 0) {
		fcntl(fd, F_SETFL, O_NONBLOCK);
		clients[fd] = (struct client){.here = true};
		count++;
	} else if (errno == EMFILE || errno == ENFILE) {
		resting = true;
	} else if (errno == EAGAIN && stopping) {
		close(server);
		server = -1;
	}
}

static void leave(int fd)
{
	close(fd);
	clients[fd].here = resting = false;
	count--;
}

static void transmit(int fd)
{
	struct client *c = &clients[fd];
	ssize_t n = write(fd, c->message + c->sent, c->size - c->sent);

	if (n > 0)
		c->sent += n;
	else if (errno != EAGAIN)
		leave(fd);
}

static void receive(int fd)
{
	struct client *c = &clients[fd];
	ssize_t n = read(fd, c->message, sizeof c->message);

	if (n > 0 && !c->silent) {
		c->sent = 0;
		c->size = n;
		transmit(fd);
	} else if (n == 0 || (n < 0 && errno != EAGAIN)) {
		leave(fd);
	}
}

static void turn(const sigset_t *waiting)
{
	fd_set watched, readers, writers;
	struct timespec rest = {.tv_nsec = 100 * 1000 * 1000};

	FD_ZERO(&readers);
	FD_ZERO(&writers);
	for (int fd = 0; fd < FD_SETSIZE; fd++)
		if (clients[fd].here)
			FD_SET(fd, clients[fd].sent < clients[fd].size ? &writers : &readers);
	watched = readers;
	if (server >= 0 && !resting)
		FD_SET(server, &readers);
	int n = pselect(FD_SETSIZE, &readers, &writers, NULL, resting || stopping ? &rest : NULL, waiting);
	resting = false;
	if (n < 0) /* EINTR: the sets say nothing */
		return;
	for (int fd = 0; fd < FD_SETSIZE; fd++) {
		if (!clients[fd].here)
			continue;
		if (FD_ISSET(fd, &writers)) {
			transmit(fd);
		} else if (FD_ISSET(fd, &readers)) {
			receive(fd);
		} else if (stopping && FD_ISSET(fd, &watched) && !clients[fd].silent) {
			shutdown(fd, SHUT_WR); /* it has all that it sent */
			clients[fd].silent = true;
		}
	}
	if (server >= 0 && (stopping || FD_ISSET(server, &readers)))
		welcome(); /* last: it can get the descriptor of one that left in this turn */
}

int main(int argc, char **argv)
{
	struct rlimit limit;
	sigset_t stops, before;

	if (argc != 3)
		errx(2, "usage: %s HOST PORT", argv[0]);
	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur > FD_SETSIZE)
		limit.rlim_cur = FD_SETSIZE; /* so accept fails before select would */
	setrlimit(RLIMIT_NOFILE, &limit);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&stops);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGINT);
	sigprocmask(SIG_BLOCK, &stops, &before); /* they come only while it waits */
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	listen_at(argv[1], argv[2]);
	while (server >= 0 || count > 0)
		turn(&before);
}
