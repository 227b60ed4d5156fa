"""The designs that are measured against the shop, each as small and as good as its kind allows."""
