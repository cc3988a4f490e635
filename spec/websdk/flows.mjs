// node flows.mjs ENDPOINT PROJECT MODULES OPERATIONS : the flows of examples/flows by the official web SDK, call by call
// what those do.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { totp } from "../replay/totp.mjs";
import { Browser } from "./browser.mjs";
import { follow } from "./follow.mjs";
import { Ledger } from "./ledger.mjs";
import { Mailbox } from "./mail.mjs";
import { newPerson } from "./person.mjs";

const PASSWORD = "correct horse";

async function registered({ sdk }, who, email) {
  await who.account.create(sdk.ID.unique(), email, PASSWORD);
  await who.account.createEmailPasswordSession(email, PASSWORD);
}

async function linkTo({ mail }, to) {
  return new URL((await mail.last({ to })).links[0]).searchParams;
}

async function anonymousToAccount(world, person) {
  const guest = person();
  await guest.account.createAnonymousSession();
  await guest.account.updatePrefs({ level: 3 });
  await guest.account.updateEmail("guest@example.com", PASSWORD);
  await guest.account.updateName("Ada");
  await person().account.createEmailPasswordSession("guest@example.com", PASSWORD);
}

async function emailCode({ sdk, mail, ledger }, person) {
  const who = person();
  const { userId } = await who.account.createEmailToken(sdk.ID.unique(), "code@example.com", true);
  await ledger.fails(who.account.createSession(userId, "000000"), 401, "user_invalid_token");
  await who.account.createSession(userId, (await mail.last({ to: "code@example.com" })).secret);
}

async function emailVerification(world, person) {
  const who = person();
  await registered(world, who, "verified@example.com");
  await who.account.updatePhone("+441212345678", PASSWORD);
  await who.account.createVerification("http://localhost/verify");
  const link = await linkTo(world, "verified@example.com");
  await who.account.updateVerification(link.get("userId"), link.get("secret"));
  await who.account.createPhoneVerification();
  const { secret, userId } = await world.mail.last({ to: "+441212345678" });
  await who.account.updatePhoneVerification(userId, secret);
}

async function invitation(world, person) {
  const owner = person();
  await registered(world, owner, "owner@example.com");
  const team = await owner.teams.create(world.sdk.ID.unique(), "Analysts");
  await owner.teams.createMembership(team.$id, ["reader"], "invited@example.com", undefined, undefined,
    "http://localhost/join", "Grace");
  const link = await linkTo(world, "invited@example.com");
  await person().teams.updateMembershipStatus(link.get("teamId"), link.get("membershipId"), link.get("userId"),
    link.get("secret"));
}

async function magicUrl(world, person) {
  const who = person();
  await who.account.createMagicURLToken(world.sdk.ID.unique(), "magic@example.com", "http://localhost/login");
  const link = await linkTo(world, "magic@example.com");
  await who.account.createSession(link.get("userId"), link.get("secret"));
}

async function mfa(world, person) {
  const { AuthenticatorType: { Totp }, AuthenticationFactor: Factor } = world.sdk;
  const who = person();
  await registered(world, who, "mfa@example.com");
  const { secret } = await who.account.createMfaAuthenticator(Totp);
  await who.account.updateMfaAuthenticator(Totp, totp(secret));
  const { recoveryCodes } = await who.account.createMfaRecoveryCodes();
  await who.account.updateMFA(true);
  for (const [factor, code] of [[Factor.Totp, totp], [Factor.Recoverycode, () => recoveryCodes[0]]]) {
    const again = person();
    await again.account.createEmailPasswordSession("mfa@example.com", PASSWORD);
    await world.ledger.fails(again.account.get(), 401, "user_more_factors_required");
    const challenge = await again.account.createMfaChallenge(factor);
    await again.account.updateMfaChallenge(challenge.$id, code(secret));
  }
}

async function passwordRecovery(world, person) {
  const who = person();
  await who.account.create(world.sdk.ID.unique(), "forgetful@example.com", PASSWORD);
  await who.account.createRecovery("forgetful@example.com", "http://localhost/recover");
  const link = await linkTo(world, "forgetful@example.com");
  await who.account.updateRecovery(link.get("userId"), link.get("secret"), "battery staple");
  await world.ledger.fails(who.account.createEmailPasswordSession("forgetful@example.com", PASSWORD), 401,
    "user_invalid_credentials");
  await who.account.createEmailPasswordSession("forgetful@example.com", "battery staple");
}

async function phoneCode({ sdk, mail }, person) {
  const who = person();
  const { userId } = await who.account.createPhoneToken(sdk.ID.unique(), "+441212345679");
  await who.account.createSession(userId, (await mail.last({ to: "+441212345679" })).secret);
}

async function oauth2(world, person) {
  const who = person();
  who.account.createOAuth2Token("mock", "http://localhost/landed", "http://localhost/landed");
  const { searchParams } = (await follow(world, world.browser.window.location.href)).location;
  await who.account.createSession(searchParams.get("userId"), searchParams.get("secret"));
}

const FLOWS = [
  anonymousToAccount, emailCode, emailVerification, invitation, magicUrl, mfa, passwordRecovery, phoneCode, oauth2,
];

const [endpoint, project, modules, operations] = process.argv.slice(2);
const require = createRequire(join(modules, "from-here"));
const ledger = new Ledger(readFileSync(operations, "utf8"));
const browser = new Browser((call) => ledger.answer(new URL(endpoint).pathname, call));
browser.install(require);
const world = { sdk: require("appwrite"), browser, ledger, endpoint, project, mail: new Mailbox(endpoint) };
for (const flow of FLOWS) {
  try {
    await flow(world, () => newPerson(world));
  } catch (problem) { // the SDK's own exceptions do not tell who called it
    console.error(`websdk: ${flow.name}: after a call of ${ledger.last}:`, problem);
    process.exit(1);
  }
}
