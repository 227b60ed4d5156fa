#!/bin/sh
# Writes what the configuration has for every further service, which is one that the templates do not name: its upstream,
# its routes, its probes and its contract. GATEWAY_ROUTES_<NAME> says that there is one; it comes from services.toml.
#     render-services.sh [FOLDER]
set -eu
target=${1:-/etc/nginx/conf.d/services}

upstream() {
    cat <<CONF
upstream $name {
    $servers
    keepalive $GATEWAY_UPSTREAM_KEEPALIVE;
    keepalive_timeout $GATEWAY_UPSTREAM_IDLE;
    keepalive_time $GATEWAY_UPSTREAM_LIFE;
}
CONF
}

routes() {
    for path in $1; do
        cat <<CONF
location $path {
    include conf.d/snippets/proxy.conf;
    include conf.d/snippets/all-headers.conf;
    proxy_pass http://$name$path;
}
location = ${path%/} {
    return 404;
}
CONF
    done
}

contract() {
    cat <<CONF
location = /docs/$name.yaml {
    include conf.d/snippets/docs.conf;
    include conf.d/snippets/proxy.conf;
    include conf.d/snippets/selected-headers.conf;
    proxy_pass http://$name/docs/openapi.yaml;
}
CONF
}

probes() {
    cat <<CONF
location ~ ^/$name/(?<probe>livez|readyz|metrics)\$ {
    include conf.d/snippets/proxy.conf;
    include conf.d/snippets/selected-headers.conf;
    proxy_pass http://$name/\$probe;
}
CONF
}

list_for_docs() {
    cat <<CONF
location = /docs/services.js {
    include conf.d/snippets/docs.conf;
    return 200 'window.furtherServices = [$1];';
}
CONF
}

mkdir -p "$target"
rm -f "$target"/*.conf
listed=
for variable in $(env | sed -n 's/^GATEWAY_ROUTES_\([A-Z0-9_]*\)=.*/\1/p' | sort); do
    name=$(echo "$variable" | tr '[:upper:]' '[:lower:]')
    listed="$listed\"$name\", "
    eval "public=\$GATEWAY_ROUTES_$variable internal=\${GATEWAY_INTERNAL_ROUTES_$variable:-} servers=\$GATEWAY_$variable"
    upstream >"$target/$name.upstream.conf"
    { routes "$public" && contract; } >"$target/$name.public.conf"
    { routes "$internal" && probes; } >"$target/$name.internal.conf"
done
list_for_docs "${listed%, }" >"$target/docs.public.conf"
