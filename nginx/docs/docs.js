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

// What Swagger UI leaves unsaid to screen readers, and a link inside a button, which nobody can reach by keyboard.
const ATTRIBUTES = [
  [".information-container", { role: "region", "aria-label": "About this API" }],
  [".opblock-tag", { "aria-level": "2" }],
  [".opblock-body h4", { "aria-level": "3" }],
  [".opblock-body h5", { "aria-level": "4" }],
  [".examples-select-element", { "aria-label": "Example" }],
];
const complete = () => {
  for (const [selector, attributes] of ATTRIBUTES) {
    for (const element of document.querySelectorAll(`#apis ${selector}`)) {
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    }
  }
  for (const link of document.querySelectorAll("#apis button a[href]")) link.removeAttribute("href");
};
new MutationObserver(complete).observe(document.getElementById("apis"), {
  attributeFilter: ["href"],
  childList: true,
  subtree: true,
});

// A read that anybody may do needs no token. Swagger UI takes that for a reader who has logged in, and
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
    ...(window.furtherServices ?? []).map((name) => ({ name, url: `/docs/${name}.yaml` })),
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
