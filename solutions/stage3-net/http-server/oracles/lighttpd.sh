#!/bin/sh
# lighttpd as an oracle: in the foreground, its configuration in a fresh folder.
# usage: lighttpd.sh PORT DIR
work=$(mktemp -d) || exit 1
data=$(realpath "$2") || exit 1
cat >"$work/lighttpd.conf" <<END
server.modules = ()
server.document-root = "$data"
server.bind = "127.0.0.1"
server.port = $1
server.upload-dirs = ("$work")
server.errorlog = "/dev/stderr"
server.stat-cache-engine = "disable"
server.max-fds = 8192
server.max-connections = 4096
server.max-keep-alive-idle = 60
server.max-keep-alive-requests = 1000000
server.max-read-idle = 10
server.max-request-field-size = 65535
server.max-request-size = 65536
server.listen-backlog = 2048
server.http-parseopts = ("method-get-body" => "enable")
index-file.names = ("index.html")
mimetype.assign = (
  ".html" => "text/html", ".css" => "text/css", ".js" => "text/javascript", ".json" => "application/json",
  ".txt" => "text/plain", ".svg" => "image/svg+xml", ".png" => "image/png", ".jpg" => "image/jpeg",
  ".gif" => "image/gif", ".pdf" => "application/pdf", ".wasm" => "application/wasm",
  "" => "application/octet-stream"
)
END
exec lighttpd -D -f "$work/lighttpd.conf"
