// Runs the suite http-cache-tests against the gateway's micro-cache, and writes what came of each test.
//
// The suite tests caches of any address, for seconds; the gateway caches products, for the rest of a second, and hands few
// headers on. So each test gets a product's address, its pauses are left out, and the number of a request, which the
// suite's server needs, travels in User-Agent.

import http from "node:http";
import { setFetch } from "http-cache-tests/client/config.mjs";
import { makeCacheTest, testResults } from "http-cache-tests/client/test.mjs";
import handleTest from "http-cache-tests/server/handle-test.mjs";
import { setConfig, stash } from "http-cache-tests/server/utils.mjs";
import suites from "http-cache-tests/tests/index.mjs";
import fetch, { Response } from "node-fetch";

const { GATEWAY, PORT } = process.env;
const AT_ONCE = 15;
const PAUSE = 3000; // of the suite, in milliseconds
const products = []; // the suite's name of each test, by the number of its product

const originalTimeout = globalThis.setTimeout;
globalThis.setTimeout = (then, after, ...rest) => originalTimeout(then, after === PAUSE ? 0 : after, ...rest);
console.log = () => {}; // the suite's server warns on standard output

const origin = http.createServer((request, response) => {
  const [, number, rest] = request.url.match(/^\/api\/v1\/products\/(\d+)\/(.*)$/);
  request.url = `/test/${products[number]}${rest && `/${rest}`}`;
  request.headers["req-num"] = request.headers["user-agent"];
  handleTest([products[number]], request, response);
});

async function throughTheGateway(url, init) {
  const [, kind, name, rest] = new URL(url, GATEWAY).pathname.match(/^\/(\w+)\/([\w-]+)\/?(.*)$/);
  if (kind === "config") {
    setConfig(name, JSON.parse(init.body));
    products.push(name);
    return new Response("", { status: 201 });
  }
  if (kind === "state") {
    return name && stash.has(name) ? new Response(JSON.stringify(stash.get(name))) : new Response("", { status: 404 });
  }
  const number = init.headers.find(([header]) => header === "Req-Num")[1];
  const headers = [...init.headers.filter(([header]) => header.toLowerCase() !== "user-agent"), ["User-Agent", number]];
  return fetch(`${GATEWAY}/api/v1/products/${products.indexOf(name)}/${rest}${new URL(url, GATEWAY).search}`, {
    ...init,
    headers,
  });
}

await new Promise((ready) => origin.listen(Number(PORT), "127.0.0.1", ready));
setFetch(throughTheGateway);
const tests = suites.flatMap((suite) => suite.tests).filter((test) => !test.browser_only);
for (let first = 0; first < tests.length; first += AT_ONCE) {
  await new Promise((next) => originalTimeout(next, 1000 - (Date.now() % 1000))); // a whole second for each of them
  await Promise.all(tests.slice(first, first + AT_ONCE).map(makeCacheTest));
}
const report = tests.map(({ id, kind = "required", name }) => ({ id, kind, name, result: testResults[id] }));
process.stdout.write(JSON.stringify(report), () => process.exit());
