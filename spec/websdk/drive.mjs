// node drive.mjs ENDPOINT PROJECT MODULES OPERATIONS [FACTS] : has the official web SDK drive the sandbox through all
// operations. MODULES is the directory whose node_modules npm filled, OPERATIONS what operations.lua prints, FACTS the
// directory with the OpenAPI document to hold the answers against.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Browser } from "./browser.mjs";
import { Ledger } from "./ledger.mjs";
import { Mailbox } from "./mail.mjs";
import { newPerson } from "./person.mjs";
import { account } from "./services/account.mjs";
import { avatars } from "./services/avatars.mjs";
import { databases } from "./services/databases.mjs";
import { functions } from "./services/functions.mjs";
import { graphql } from "./services/graphql.mjs";
import { locale } from "./services/locale.mjs";
import { messaging } from "./services/messaging.mjs";
import { mfa } from "./services/mfa.mjs";
import { realtime } from "./services/realtime.mjs";
import { storage } from "./services/storage.mjs";
import { teams } from "./services/teams.mjs";
import { Validator } from "./validate.mjs";

async function drive(world) {
  const person = () => newPerson(world);
  await account(world, person);
  await mfa(world, person);
  const ada = person();
  await ada.account.createEmailPasswordSession("lovelace@example.com", "correct horse");
  await locale(world, ada);
  await graphql(world, ada);
  await databases(world, ada, person());
  await storage(world, ada, person());
  await avatars(world, person());
  await functions(world, ada);
  await messaging(world, ada);
  await teams(world, ada, person());
  await realtime(world, ada, person());
}

function judge({ ledger, validator, exchanges }) {
  if (!validator) {
    console.log("the OpenAPI document is not here: nothing was validated against it");
    return [];
  }
  const { validated, described, answers, errors, faults, unmet } = validator;
  console.log(`${validated} of ${described} operations with JSON validated against the OpenAPI document: `
    + `${answers} answers, ${errors} errors`);
  return [...new Set(faults), ...unmet, ...validator.unfounded(exchanges, (name) => ledger.operation(name))];
}

function report(world) {
  const { ledger, browser } = world;
  const problems = [...ledger.missing.map((name) => `${name} was not called, or never with success`), ...judge(world)];
  console.log(`${browser.preflights} preflights were answered as a browser needs it`);
  for (const problem of problems) {
    console.error(`websdk: ${problem}`);
  }
  console.log(`${ledger.size - ledger.missing.length} operations, ${ledger.checks} checks passed`);
  return problems.length === 0;
}

const [endpoint, project, modules, operations, facts] = process.argv.slice(2);
const require = createRequire(join(modules, "from-here"));
const validator = facts && new Validator(join(facts, "openapi-client-1.5.json"), require);
const exchanges = facts && JSON.parse(readFileSync(join(facts, "exchanges.json"), "utf8"));
const ledger = new Ledger(readFileSync(operations, "utf8"), validator);
const browser = new Browser((call) => ledger.answer(new URL(endpoint).pathname, call));
browser.install(require);
const world = {
  sdk: require("appwrite"), browser, ledger, endpoint, project, mail: new Mailbox(endpoint), validator, exchanges,
};
try {
  await drive(world);
  process.exitCode = report(world) ? 0 : 1;
} catch (problem) { // the SDK's own exceptions do not tell who called it
  console.error(`websdk: after a call of ${ledger.last}:`, problem);
  process.exitCode = 1;
}
