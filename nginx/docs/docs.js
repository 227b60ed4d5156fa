// Swagger UI with both contracts to choose from. Each service publishes its own.

// Both take the same token, so it is not forgotten when the reader goes from one to the other.
const KeepToken = () => ({
  statePlugins: {
    auth: {
      wrapActions: {
        restoreAuthorization: (restore) => (payload) => {
          if (Object.keys(payload.authorized).length > 0) restore(payload);
        },
      },
    },
  },
});

// A read that anybody may do has no token among its ways in. Swagger UI takes that for a reader who has logged in, and
// shows a closed lock. With this, only a token closes a lock.
const OpenLocks = () => ({
  statePlugins: {
    auth: {
      wrapSelectors: {
        isAuthorized: (original) => (state, ways) => original(state, ways && ways.filter((way) => way.size > 0)),
      },
    },
  },
});

SwaggerUIBundle({
  dom_id: "#apis",
  urls: [
    { name: "Products", url: "/docs/product_service.yaml" },
    { name: "Orders", url: "/docs/order_service.yaml" },
  ],
  // A link to an operation, such as /docs/#/orders/place_order, opens the contract that has it.
  "urls.primaryName": location.hash.startsWith("#/orders") ? "Orders" : "Products",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [KeepToken, OpenLocks],
  layout: "StandaloneLayout",
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null, // nothing is sent elsewhere
});
