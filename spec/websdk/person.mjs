// Somebody at the browser: an SDK client with a storage of its own, whose calls are entered into the ledger.

const SERVICES = {
  account: "Account", avatars: "Avatars", databases: "Databases", functions: "Functions", graphql: "Graphql",
  locale: "Locale", messaging: "Messaging", storage: "Storage", teams: "Teams",
};

/**
 * @param {{ sdk: object, browser: import("./browser.mjs").Browser, ledger: import("./ledger.mjs").Ledger,
 *   endpoint: string, project: string }} world
 * @returns an object with the services, `client`, `local` (the storage), and `sit` to be the one at the browser
 */
export function newPerson({ sdk, browser, ledger, endpoint, project }) {
  const local = browser.newStorage();
  const client = new sdk.Client().setEndpoint(endpoint).setProject(project);
  const person = { client, local, sit: () => { browser.window.localStorage = local; } };
  for (const [name, type] of Object.entries(SERVICES)) {
    person[name] = new Proxy(new sdk[type](client), {
      get(service, method) {
        return (...given) => {
          person.sit();
          ledger.called(`${name}.${method}`);
          if (typeof service[method] !== "function") {
            throw new TypeError(`the SDK has no ${name}.${String(method)}`);
          }
          return service[method](...given);
        };
      },
    });
  }
  return person;
}
