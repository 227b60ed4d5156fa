#!/bin/sh
# Writes snippets/trusted-proxies.conf for any number of networks in GATEWAY_TRUSTED_PROXY, with commas or spaces between:
# a template can hold one only, because nginx takes one in each directive.
#     render-trusted-proxies.sh [FOLDER]
set -euf
folder=${1:-/etc/nginx/conf.d}
for network in $(echo "$GATEWAY_TRUSTED_PROXY" | tr , ' '); do
    echo "set_real_ip_from $network;"
done >"$folder/snippets/trusted-proxies.conf"
