/*
 * Right: an echo server with the bufferevents of libevent 2. It passes every
 * scenario. What usual_libevent.c lacks has a comment here.
 *
 *     gcc -o right_libevent right_libevent.c -levent && ./right_libevent 127.0.0.1 1337
 */
#include <arpa/inet.h>
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

enum { MOST_OWED = 64 * 1024 };

struct client {
	struct bufferevent *buffers;
	bool silent; /* it has got the end of our stream */
	bool ended;  /* it has ended its own */
	LIST_ENTRY(client) others;
};

static LIST_HEAD(, client) clients;
static struct event_base *base;
static struct evconnlistener *listener;
static long news; /* connections and messages so far */
static const struct timeval pause = {.tv_usec = 100 * 1000};

static void leave(struct client *c)
{
	LIST_REMOVE(c, others);
	bufferevent_free(c->buffers);
	free(c);
}

/* Back-pressure: nothing more is read from a client to which much is owed. */
static void echo(struct bufferevent *buffers, void *data)
{
	struct client *c = data;
	struct evbuffer *in = bufferevent_get_input(buffers), *out = bufferevent_get_output(buffers);

	news++;
	if (c->silent)
		evbuffer_drain(in, evbuffer_get_length(in));
	evbuffer_add_buffer(out, in);
	if (evbuffer_get_length(out) > MOST_OWED)
		bufferevent_disable(buffers, EV_READ);
}

/* Nothing is owed any more. */
static void sent(struct bufferevent *buffers, void *data)
{
	struct client *c = data;

	if (c->ended)
		leave(c);
	else
		bufferevent_enable(buffers, EV_READ);
}

/* Whoever has ended its stream still gets what is owed. */
static void end(struct bufferevent *buffers, short what, void *data)
{
	struct client *c = data;

	c->ended = true;
	if (!(what & BEV_EVENT_EOF) || evbuffer_get_length(bufferevent_get_output(buffers)) == 0)
		leave(c);
}

static void welcome(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *peer, int size, void *unused)
{
	struct client *c = calloc(1, sizeof *c);

	(void)l, (void)peer, (void)size, (void)unused;
	news++;
	c->buffers = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	LIST_INSERT_HEAD(&clients, c, others);
	bufferevent_setcb(c->buffers, echo, sent, end, c);
	bufferevent_enable(c->buffers, EV_READ);
}

static void listen_again(evutil_socket_t fd, short what, void *unused)
{
	(void)fd, (void)what, (void)unused;
	if (listener)
		evconnlistener_enable(listener);
}

/* Out of descriptors, for one: the queue is left alone for a while. */
static void rest(struct evconnlistener *l, void *unused)
{
	(void)unused;
	evconnlistener_disable(l);
	event_base_once(base, -1, EV_TIMEOUT, listen_again, NULL, &pause);
}

/*
 * SIGTERM, and then each pause: when one has brought nothing, everybody in the queue
 * is served. Then each stream is ended, and the clients end theirs.
 */
static void stop(evutil_socket_t fd, short what, void *unused)
{
	static long before = -1;
	struct client *c;

	(void)fd, (void)what, (void)unused;
	if (listener && news == before) {
		evconnlistener_free(listener);
		listener = NULL;
	}
	before = news;
	LIST_FOREACH(c, &clients, others) {
		if (!listener && !c->silent && evbuffer_get_length(bufferevent_get_output(c->buffers)) == 0) {
			c->silent = true;
			shutdown(bufferevent_getfd(c->buffers), SHUT_WR);
		}
	}
	if (!listener && LIST_EMPTY(&clients))
		event_base_loopbreak(base);
	event_base_once(base, -1, EV_TIMEOUT, stop, NULL, &pause);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};

	if (argc != 3 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1)
		errx(2, "usage: %s HOST PORT", argv[0]);
	at.sin_port = htons(atoi(argv[2]));
	signal(SIGPIPE, SIG_IGN);
	base = event_base_new();
	listener = evconnlistener_new_bind(base, welcome, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, SOMAXCONN,
					   (struct sockaddr *)&at, sizeof at);
	if (!listener)
		err(1, "listen %s:%s", argv[1], argv[2]);
	evconnlistener_set_error_cb(listener, rest);
	event_add(evsignal_new(base, SIGTERM, stop, NULL), NULL);
	event_base_dispatch(base);
}
