// Right: an echo server with Java NIO, one thread and one Selector. It passes
// every scenario.
//
//     java right_nio.java 127.0.0.1 1337
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

class Server {
    static final int PAUSE = 100; // milliseconds

    /** What is owed to a client, and whether it has got the end of our stream. */
    static class Client {
        final ByteBuffer owed = ByteBuffer.allocate(16 << 10).limit(0);
        boolean isSilent;
    }

    final Selector selector = Selector.open();
    final ServerSocketChannel listener = ServerSocketChannel.open();
    final SelectionKey door;
    boolean isResting; // out of descriptors: the queue is left alone for a while
    volatile boolean isStopping;

    Server(String host, int port) throws IOException {
        listener.bind(new InetSocketAddress(host, port), 4096);
        listener.configureBlocking(false);
        door = listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    void stop() {
        isStopping = true;
        selector.wakeup();
    }

    void run() throws IOException {
        while (listener.isOpen() || selector.keys().size() > 0) {
            boolean isBrief = isStopping; // before it waits
            selector.selectedKeys().clear();
            selector.select(isBrief || isResting ? PAUSE : 0);
            if (isResting) {
                isResting = false;
                door.interestOps(SelectionKey.OP_ACCEPT);
            }
            for (SelectionKey key : selector.keys()) {
                if (key == door) {
                    continue;
                }
                if (selector.selectedKeys().contains(key)) {
                    serve(key);
                } else if (isBrief) {
                    silence(key);
                }
            }
            if (listener.isOpen()) {
                accept(isBrief);
            }
        }
    }

    /** Lets in all who wait in the queue. A server that stops then closes the listener. */
    void accept(boolean isLast) throws IOException {
        try {
            SocketChannel channel;
            while ((channel = listener.accept()) != null) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Client());
            }
            if (isLast) {
                listener.close();
            }
        } catch (IOException e) { // EMFILE, for one
            isResting = true;
            door.interestOps(0);
        }
    }

    void serve(SelectionKey key) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        Client client = (Client) key.attachment();
        try {
            if (!client.owed.hasRemaining()) {
                client.owed.clear();
                int n = channel.read(client.owed);
                client.owed.flip();
                if (n < 0) {
                    channel.close();
                    return;
                }
                if (client.isSilent) {
                    client.owed.limit(0);
                }
            }
            channel.write(client.owed);
            key.interestOps(client.owed.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        } catch (IOException e) { // a reset, for one, which ends this client only
            channel.close();
        }
    }

    /** Ends the stream to a client that has got all that it sent. */
    void silence(SelectionKey key) throws IOException {
        Client client = (Client) key.attachment();
        if (client.isSilent || client.owed.hasRemaining()) {
            return;
        }
        client.isSilent = true;
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            channel.close();
        }
    }

    public static void main(String[] args) throws IOException {
        Server server = new Server(args[0], Integer.parseInt(args[1]));
        Thread main = Thread.currentThread();
        // SIGTERM starts the hooks, and would end the program with status 143.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop();
            try {
                main.join();
            } catch (InterruptedException e) {
                return;
            }
            Runtime.getRuntime().halt(0);
        }));
        server.run();
    }
}
