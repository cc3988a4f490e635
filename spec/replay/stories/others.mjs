// OAuth2, functions, avatars, GraphQL and what is left.

import http from "node:http";
import { png } from "../png.mjs";

const CALLER = "6b046e5319a2545e824d";

const GQL = { email: "gql@localhost.test" };

// A URL as a browser follows it: the host is the sandbox, whatever the redirect says.
function target(location) {
  return location.replace(/^http:\/\/[^/]*/, "").replace(/#$/, "");
}

async function hops(w, operation, address) {
  const follow = async (name, path) =>
    target((await w.replay(`${operation}.${name}`, { path })).headers.location);
  let next = await follow("ok-hop1");
  for (const hop of [2, 3, 4]) {
    next = await follow(`ok-hop${hop}`, next);
  }
  const landed = next;
  const first = `${operation}.default-url-hop1`;
  if (w.exchanges.has(first)) {
    next = await follow("default-url-hop1");
  } else {
    next = target((await w.call("GET", `${address}?project=sdktest`, undefined, { headers: { Host: "localhost" } }))
      .headers.location);
  }
  for (const hop of [2, 3, 4]) {
    next = await follow(`default-url-hop${hop}`, next);
  }
  await w.replay(`${operation}.ok-default-url-landing`, { path: next });
  return landed;
}

async function oauth2(w) {
  await hops(w, "createOAuth2Session", "/v1/account/sessions/oauth2/mock");
  const landed = await hops(w, "createOAuth2Token", "/v1/account/tokens/oauth2/mock");
  const { searchParams } = new URL(landed, w.origin);
  await w.replay("createSessionFromToken.ok-oauth2",
    { put: { userId: searchParams.get("userId"), secret: searchParams.get("secret") } });
  await w.rest(["createOAuth2Session.", "createOAuth2Token.", "extendSessionLength.ok-oauth", "listIdentities.",
    "deleteIdentityById.404"], /twice/);
  await w.rest(["deleteIdentityById."]);
}

async function functions(w) {
  await w.rest(["triggerFunctionExecution."]);
  // Executions that the recording left out.
  const session = w.session("listExecutions.ok");
  const execute = async (path) =>
    (await w.must("POST", "/v1/functions/echo/executions", { path }, { session })).json.$id;
  w.learn("6b046e550ad2fa5b319e", await execute("/text"));
  await execute("/text?x=1");
  await execute("/slow");
  await w.rest(["listExecutions.", "getExecutionLog."]);
}

// The little site that the recording's avatars came from.
async function avatars(w) {
  const site = http.createServer((request, response) => {
    if (request.url === "/t.png" || request.url === "/favicon.ico") {
      response.writeHead(200, { "Content-Type": "image/png" }).end(png(64, 48));
    } else if (request.url === "/index.html") {
      response.writeHead(200, { "Content-Type": "text/html" })
        .end('<html><head><link rel="icon" href="/t.png"></head></html>');
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  w.learn("STATIC_HOST", `127.0.0.1:${site.address().port}`);
  w.learn("CLOSED_HOST", "127.0.0.1:1");
  await w.rest(["generateQr", "getBrowser", "getCountry", "getCredit", "getFavicon", "getRemote", "getUserInitials"]);
  site.close();
  site.closeAllConnections?.();
}

async function run(w) {
  await oauth2(w);
  await functions(w);
  await avatars(w);
  await w.register(GQL.email, { id: "6b046e9092645b2e14ed" });
  await w.must("POST", "/v1/databases/main/collections/movies/documents",
    { documentId: "unique()", data: { title: "t" }, permissions: ['read("any")'] },
    { session: await w.login(GQL.email) });
  await w.rest([""]);
}

export default [{ name: "the others", run, people: {
  [CALLER]: { email: "tgt@localhost.test", name: "Tgt" },
  "6b046e9092645b2e14ed": GQL,
  "6b046e63149e904c70f2": { email: "owner@localhost.test", name: "Owner" },
} }];
