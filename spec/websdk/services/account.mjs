// Accounts, but for second factors: who registers, signs in by every way there is, changes himself, and leaves.

import { follow } from "../follow.mjs";

const PASSWORD = "correct horse";

async function register(world, who) {
  const { ledger, sdk } = world;
  const id = sdk.ID.unique();
  const user = await who.account.create(id, "Ada@Example.com", PASSWORD, "Ada");
  ledger.same([user.$id, user.email, user.name, user.status], [id, "ada@example.com", "Ada", true], "a new user");
  await ledger.fails(who.account.create(sdk.ID.unique(), "ada@example.com", PASSWORD), 409, "user_already_exists");
  await ledger.fails(who.account.get(), 401, "general_unauthorized_scope");
  await ledger.fails(who.account.createEmailPasswordSession("ada@example.com", "wrong horse"), 401,
    "user_invalid_credentials");
  const session = await who.account.createEmailPasswordSession("ada@example.com", PASSWORD);
  ledger.same([session.userId, session.current, session.provider, session.secret], [id, true, "email", ""],
    "a session");
  ledger.equal((await who.account.get()).$id, id, "who is signed in");
  await ledger.fails(who.account.createAnonymousSession(), 401, "user_session_already_exists");
  return user;
}

async function change({ ledger }, who) {
  ledger.equal((await who.account.updateName("Ada Lovelace")).name, "Ada Lovelace", "the name");
  ledger.same((await who.account.updatePrefs({ theme: "dark", nested: { deep: [1, 2] } })).prefs,
    { theme: "dark", nested: { deep: [1, 2] } }, "preferences");
  ledger.same(await who.account.getPrefs(), { theme: "dark", nested: { deep: [1, 2] } }, "preferences read");
  const moved = await who.account.updateEmail("lovelace@example.com", PASSWORD);
  ledger.equal(moved.email, "lovelace@example.com", "the e-mail");
  ledger.equal((await who.account.updatePhone("+441212345678", PASSWORD)).phone, "+441212345678", "the phone");
  ledger.ok((await who.account.updatePassword("battery staple", PASSWORD)).passwordUpdate, "the password has a date");
  await ledger.fails(who.account.updatePassword("staple battery", PASSWORD), 401, "user_invalid_credentials");
}

async function confirm({ ledger, mail }, who) {
  const user = await who.account.get();
  const { secret, expire } = await who.account.createVerification("http://localhost/verify");
  ledger.ok(secret === "" && new Date(expire) > new Date(), "the secret of a verification is in the mail only");
  await ledger.fails(who.account.updateVerification(user.$id, "wrong"), 401, "user_invalid_token");
  const link = new URL((await mail.last({ to: user.email })).links[0]);
  await who.account.updateVerification(link.searchParams.get("userId"), link.searchParams.get("secret"));
  await who.account.createPhoneVerification();
  await who.account.updatePhoneVerification(user.$id, (await mail.last({ to: user.phone })).secret);
  const { emailVerification, phoneVerification } = await who.account.get();
  ledger.ok(emailVerification && phoneVerification, "both are verified");
  await who.account.createRecovery(user.email, "http://localhost/recover");
  await who.account.updateRecovery(user.$id, (await mail.last({ to: user.email })).secret, PASSWORD);
}

async function sessions({ ledger, sdk }, who, other) {
  await other.account.createEmailPasswordSession("lovelace@example.com", PASSWORD);
  const list = await who.account.listSessions();
  ledger.same([list.total, list.sessions.filter(({ current }) => current).length], [2, 1],
    "sessions, one of them current");
  const current = await who.account.getSession("current");
  ledger.ok((await who.account.updateSession("current")).expire, "a longer session");
  const theirs = list.sessions.find(({ $id }) => $id !== current.$id);
  ledger.ok(await who.account.deleteSession(theirs.$id), "another session ends");
  await ledger.fails(other.account.get(), 401, "general_unauthorized_scope");
  const { jwt } = await who.account.createJWT();
  other.client.setJWT(jwt);
  ledger.equal((await other.account.get()).email, "lovelace@example.com", "who has a JWT");
  other.client.setJWT("");
  const logs = await who.account.listLogs([sdk.Query.limit(3)]);
  ledger.ok(logs.total > 3 && logs.logs.length === 3 && logs.logs[0].event, "the last three of the logs");
}

async function targets({ ledger, sdk }, who) {
  const target = await who.account.createPushTarget(sdk.ID.unique(), "token of a phone");
  ledger.same([target.providerType, target.identifier], ["push", "token of a phone"], "a push target");
  const renewed = await who.account.updatePushTarget(target.$id, "another token");
  ledger.equal(renewed.identifier, "another token", "its token");
  await who.account.deletePushTarget(target.$id);
  await ledger.fails(who.account.deletePushTarget(target.$id), 404, "user_target_not_found");
}

async function tokens({ ledger, mail, sdk }, person) {
  const ways = [
    ["createMagicURLToken", ["magic@example.com", "http://localhost/magic"], "updateMagicURLSession", "magic-url"],
    ["createEmailToken", ["code@example.com", true], "createSession", "token"],
    ["createPhoneToken", ["+441212345679"], "updatePhoneSession", "phone"],
  ];
  for (const [ask, given, sign, provider] of ways) {
    const who = person();
    const token = await who.account[ask](sdk.ID.unique(), ...given);
    const { secret, text } = await mail.last({ userId: token.userId });
    ledger.ok(token.secret === "" && (!token.phrase || text.includes(token.phrase)),
      `${ask}: the secret is in the mail only`);
    await ledger.fails(who.account[sign](token.userId, "000000"), 401, "user_invalid_token");
    const session = await who.account[sign](token.userId, secret);
    ledger.same([session.userId, session.provider], [token.userId, provider], `${sign}: a session`);
    await ledger.fails(person().account[sign](token.userId, secret), 401, "user_invalid_token");
    ledger.ok(await who.account.deleteSessions(), "all sessions end");
    ledger.equal(who.local.getItem("cookieFallback"), "[]", "the SDK's storage afterwards");
    await ledger.fails(who.account.get(), 401, "general_unauthorized_scope");
  }
}

async function oauth2(world, person) {
  const { ledger, browser, sdk } = world;
  const pages = ["http://localhost/landed", "http://localhost/failed"];
  const who = person();
  who.account.createOAuth2Session(sdk.OAuthProvider.Mock ?? "mock", ...pages, ["email"]);
  const { location, cookie } = await follow(world, browser.window.location.href);
  ledger.equal(location.search, "", "a session asks for nothing in the URL");
  who.local.setItem("cookieFallback", cookie);
  ledger.equal((await who.account.getSession("current")).provider, "mock", "the provider of the session");
  const { identities } = await who.account.listIdentities();
  ledger.same([identities.length, identities[0].provider], [1, "mock"], "an identity");
  await who.account.deleteIdentity(identities[0].$id);
  ledger.equal((await who.account.listIdentities()).total, 0, "identities afterwards");
  const token = person();
  token.account.createOAuth2Token("mock", ...pages);
  const { searchParams } = (await follow(world, browser.window.location.href)).location;
  const session = await token.account.createSession(searchParams.get("userId"), searchParams.get("secret"));
  ledger.equal(session.userId, searchParams.get("userId"), "the user of the token");
}

async function leave({ ledger }, person) {
  const who = person();
  ledger.equal((await who.account.createAnonymousSession()).provider, "anonymous", "an anonymous session");
  ledger.equal((await who.account.get()).email, "", "the e-mail of nobody");
  const named = await who.account.updateEmail("somebody@example.com", PASSWORD);
  ledger.equal(named.email, "somebody@example.com", "an address for him");
  ledger.equal((await who.account.updateStatus()).status, false, "who blocked himself");
  await ledger.fails(who.account.createEmailPasswordSession("somebody@example.com", PASSWORD), 401, "user_blocked");
}

export async function account(world, person) {
  const who = person();
  await register(world, who);
  await change(world, who);
  await confirm(world, who);
  await sessions(world, who, person());
  await targets(world, who);
  await tokens(world, person);
  await oauth2(world, person);
  await leave(world, person);
}
