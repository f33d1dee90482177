/*
 * Usual: an echo server with the bufferevents of libevent 2, as tutorials have it.
 *
 *     gcc -o usual_libevent usual_libevent.c -levent && ./usual_libevent 127.0.0.1 1337
 */
#include <arpa/inet.h>
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

static void echo(struct bufferevent *client, void *unused)
{
	(void)unused;
	evbuffer_add_buffer(bufferevent_get_output(client), bufferevent_get_input(client));
}

/* The end of the client's stream, or an error. */
static void leave(struct bufferevent *client, short what, void *unused)
{
	(void)what, (void)unused;
	bufferevent_free(client);
}

static void welcome(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer, int size, void *base)
{
	struct bufferevent *client = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);

	(void)listener, (void)peer, (void)size;
	bufferevent_setcb(client, echo, NULL, leave, NULL);
	bufferevent_enable(client, EV_READ);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	struct event_base *base = event_base_new();

	if (argc != 3 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1)
		errx(2, "usage: %s HOST PORT", argv[0]);
	at.sin_port = htons(atoi(argv[2]));
	signal(SIGPIPE, SIG_IGN);
	if (!evconnlistener_new_bind(base, welcome, base, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_REUSEABLE, -1,
				     (struct sockaddr *)&at, sizeof at))
		err(1, "listen %s:%s", argv[1], argv[2]);
	event_base_dispatch(base);
}
