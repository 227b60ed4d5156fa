#!/usr/bin/env bash
# The shop in a cluster of kind, by the set-up in docs/operations.md, at http://127.0.0.1:8080, its keys in the folder $1.
# It changes settings.env and kustomization.yaml: run it in a checkout that is thrown away. It needs local/.venv.
set -euo pipefail
cd "$(dirname "$0")/../.."
keys=$1

kind create cluster --wait 120s --config - <<'KIND'
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    extraPortMappings: [{containerPort: 30080, hostPort: 8080, listenAddress: 127.0.0.1}]
KIND
PYTHONPATH=local local/.venv/bin/python compose/make_secrets.py "$keys"
kubectl apply -f nginx/deploy/kubernetes/namespace.yaml -f .github/cluster/databases.yaml
for name in product order; do
    service=${name}_service
    docker compose --file docker-compose.yml build "$service"
    docker tag "$service:current" "registry.example.com/$service:nightly"
    kind load docker-image "registry.example.com/$service:nightly"
    sed -i 's/newTag: .*/newTag: nightly/' "$service/deploy/kubernetes/kustomization.yaml"
    sed -i 's#^AUTH_ISSUER=.*#AUTH_ISSUER=http://localhost/issuer#' "$service/deploy/kubernetes/settings.env"
    sed -i 's/^\(ALLOWED_HOSTS=.*\)/\1,127.0.0.1/' "$service/deploy/kubernetes/settings.env"
    sed -i "s/@${name}_database:/@${name}-database-rw.databases:/" "$keys/${name}_database_url"
    kubectl -n databases create secret generic "$name-database" --from-file=password="$keys/${name}_database_password"
done

cd "$keys"
kubectl -n shop create configmap identity-provider --from-file=issuer_jwks
kubectl -n shop create configmap order-service-identity --from-file=order_service_jwks
kubectl -n shop create secret generic product-service --from-file=product_database_url --from-file=product_service_key
kubectl -n shop create secret generic order-service --from-file=order_database_url --from-file=order_service_key \
    --from-file=order_service_private
cd - >/dev/null
kubectl apply -k product_service/deploy/kubernetes
kubectl apply -k order_service/deploy/kubernetes
kubectl apply -k nginx
kubectl -n shop patch service gateway --type=json \
    --patch '[{"op": "replace", "path": "/spec/ports/0/nodePort", "value": 30080}]'
for deployment in product-service order-service reconciler gateway; do
    kubectl -n shop rollout status "deployment/$deployment" --timeout 5m
done
