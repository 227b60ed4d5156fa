#!/bin/sh
# The image renders /etc/nginx/templates/; not every version of it descends into folders.
set -eu
cd /etc/nginx/templates
names=$(env | sed -n 's/^\(GATEWAY_[A-Z_]*\)=.*/${\1}/p' | tr '\n' ' ')
for template in *.template */*.template; do
    target=/etc/nginx/conf.d/${template%.template}
    mkdir -p "$(dirname "$target")"
    envsubst "$names" <"$template" >"$target"
done
