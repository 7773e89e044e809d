#!/bin/sh
# nginx as an oracle: one process in the foreground, its configuration and its temporary files in a fresh folder.
# usage: nginx.sh PORT DIR
work=$(mktemp -d) || exit 1
data=$(realpath "$2") || exit 1
cat >"$work/nginx.conf" <<END
daemon off;
master_process off;
user $(id -un) $(id -gn);
pid $work/pid;
error_log stderr crit;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
  access_log off;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  client_header_timeout 10s;
  client_body_timeout 10s;
  client_max_body_size 64m;
  keepalive_requests 1000000;
  if_modified_since before;
  server {
    listen 127.0.0.1:$1 backlog=2048;
    root $data;
    dav_methods PUT;
  }
}
END
exec nginx -p "$work" -c "$work/nginx.conf"
