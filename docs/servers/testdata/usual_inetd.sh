#!/bin/sh
# Usual: inetd starts a cat for each client.
#
#     sh usual_inetd.sh 127.0.0.1 1337
exec /usr/sbin/inetd -i /dev/stdin <<END
$1:$2 stream tcp nowait $(id -un) $(command -v cat) cat
END
