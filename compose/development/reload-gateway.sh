#!/bin/sh
# Renders the templates when one was saved, and has nginx take them over; a mistake is shown, and the old ones go on.
set -eu
contents() {
    cksum /etc/nginx/templates/*.template /etc/nginx/templates/*/*.template 2>&1 || true
}
render() {
    rm -rf /etc/nginx/conf.d/* && # a template may have got another name
        /docker-entrypoint.d/40-render-snippets.sh &&
        /docker-entrypoint.d/45-render-trusted-proxies.sh &&
        /docker-entrypoint.d/46-render-services.sh &&
        nginx -t -q -p /tmp/ -c /etc/nginx/nginx.conf -e stderr
}
follow() {
    before=$(contents)
    while sleep 0.3; do
        now=$(contents)
        [ "$now" = "$before" ] && continue
        before=$now
        render && kill -HUP 1
    done
}
follow &
