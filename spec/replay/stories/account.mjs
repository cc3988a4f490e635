// Accounts: registering, every way to sign in, what a user changes, and how he leaves.

const ANN = "6b046e4542acd5a3e76f";
const MAGIC = "6b046e4d00cc3303e515";
const PHONE = "6b046e4dd85f0c4bc993";
const OTP = "6b046e4d9b274431c270";
const FIREFOX = "6b046e4b80195824d466"; // a session

function pack(session) {
  return { "X-Fallback-Cookies": JSON.stringify({ a_session_sdktest: session }) };
}

async function registering(w) {
  await w.replay("registerUser.ok");
  await w.rest(["registerUser.ok-custom", "registerUser.4", "registerUser.5"]);
  await w.rest(["createEmailPasswordSession.ok", "createEmailPasswordSession.4"],
    /user-agent|after-convert|blocked|ratelimit/);
  await w.rest(["registerUser."]);
  const wrong = Buffer.from(JSON.stringify({ id: w.change(ANN), secret: "0".repeat(256) })).toString("base64");
  await w.replay("getCurrentUser.401-bad-secret", { headers: pack(wrong), met: true });
  await w.rest(["createJwt.", "getSession.404-jwt", "getCurrentUser."],
    /phone-user|anonymous|dead|blocked|mfa|targets|after-inv|prod|expired/);
}

async function preferences(w) {
  const session = w.session("getPrefs.ok");
  await w.replayAll("getPrefs.ok-empty", "updatePreferences.ok", "getPrefs.ok", "updatePreferences.ok-nested",
    "updatePreferences.ok-bigint", "getPrefs.ok-bigint", "updatePreferences.ok-unicode", "getPrefs.ok-unicode",
    "updatePreferences.ok-escapes", "getPrefs.ok-escapes", "updatePreferences.400-numeric-keys",
    "getPrefs.ok-numeric-keys", "updatePreferences.ok-strings", "getPrefs.ok-strings");
  for (const id of ["getPrefs.ok-float", "getPrefs.ok-bools"]) { // the recording left out who set these
    const prefs = JSON.parse(w.exchanges.get(id).response.body_text);
    await w.must("PATCH", "/v1/account/prefs", { prefs }, { session });
    await w.replay(id);
  }
  const big = JSON.stringify({ prefs: { a: "x".repeat(70000) } }); // the recording has it in short
  await w.replay("updatePreferences.400-too-big", { body: big });
  await w.replayAll("updatePreferences.ok-empty-object", "getPrefs.ok-after-empty-object",
    "updatePreferences.ok-empty-array", "getPrefs.ok-after-empty-array");
  await w.rest(["updatePreferences."]);
}

async function changing(w) {
  await w.rest(["updateNameOperation."], /prod/);
  await w.replay("getSession.401-guest");
  await w.rest(["updateUserEmail.ok"], /convert/);
  await w.replay("updateUserEmail.400-missing-password");
  await w.rest(["updatePassword."], /first/);
  await w.replayAll("updatePhone.ok", "updatePhone.400-no-plus", "updatePhone.400-too-long");
  await w.replayAll("createEmailPasswordSession.ok-user-agent");
  await w.rest(["listSessions.", "getSession.ok-current", "getSession.404-other-user", "extendSessionLength.ok",
    "extendSessionLength.404", "listLogs."], /oauth/);
}

async function confirming(w) {
  await w.register("ben@localhost.test", { id: "6b046e4ae286f859def8", name: "Ben" });
  await w.replay("updatePhone.409-taken");
  await w.rest(["createEmailVerification_0."], /409/);
  await w.deliver("createEmailVerification.ok", { to: "ben@localhost.test" });
  await w.rest(["createEmailVerification."]);
  await w.replay("createEmailVerification_0.409-already");
  await w.rest(["createPasswordRecovery."]);
  await w.deliver("completePasswordRecovery.ok", { to: "ben@localhost.test" });
  await w.rest(["completePasswordRecovery."]);
  await w.replay("createPhoneVerification.ok");
  await w.deliver("confirmPhoneVerification.ok", { to: "+14155550101" });
  await w.rest(["confirmPhoneVerification."]);
  await w.replay("createPhoneVerification.409-already");
}

async function signingIn(w) {
  await w.replay("createMagicUrlToken.ok");
  await w.deliver("updateMagicUrlSession.ok", { userId: w.change(MAGIC) });
  await w.rest(["updateMagicUrlSession.", "createMagicUrlToken."]);
  await w.replay("updatePassword.ok-first-password");
  await w.replay("createEmailToken.ok");
  await w.deliver("createSessionFromToken.ok", { userId: w.change(OTP) });
  await w.replayAll("createSessionFromToken.401-unknown-user", "createSessionFromToken.ok",
    "createSessionFromToken.401-reused");
  await w.rest(["createEmailToken."]);
  await w.replay("createPhoneToken.ok");
  await w.deliver("updatePhoneSession.ok", { userId: w.change(PHONE) });
  await w.rest(["createPhoneToken.", "updatePhoneSession."]);
  await w.replay("getCurrentUser.ok-phone-user");
  await w.rest(["createAnonymousSession."]);
  await w.replayAll("getCurrentUser.ok-anonymous", "updateUserEmail.ok-convert-anonymous",
    "createEmailPasswordSession.ok-after-convert");
}

async function leaving(w) {
  const { json } = await w.must("GET", "/v1/account/sessions", undefined, { session: w.session("listSessions.ok") });
  // The one to end is one that the recording does not name elsewhere.
  const current = json.sessions.find((session) => session.current).$id;
  const other = json.sessions.find((session) => session.$id !== current && session.$id !== w.change(FIREFOX)).$id;
  w.learn("6b046e4eac64abc45a02", other);
  await w.rest(["logoutSessionById.404", "logoutSessionById.ok-id"]);
  await w.replayAll("logoutSessionById.ok-current-no-body", "getCurrentUser.401-dead-session");
  await w.rest(["removeSessions."]);
  await w.replayAll("blockUserStatus.ok", "getCurrentUser.401-blocked", "getUserLocale.401-blocked");
  await w.rest(["createEmailPasswordSession.401-blocked", "blockUserStatus.401"]);
}

async function sessionsGone(w) {
  await w.register("p7b@localhost.test");
  await w.rest(["updateUserEmail.409", "getCurrentUser.401-prod", "updateNameOperation.400-prod"]);
}

async function run(w) {
  await registering(w);
  await preferences(w);
  await changing(w);
  await confirming(w);
  await signingIn(w);
  await leaving(w);
  await sessionsGone(w);
}

const people = {
  [ANN]: { email: "ann2@localhost.test", password: "password456" },
  "6b046e4f24558260edfc": { email: "blk@localhost.test", name: "Blk" },
  "6b046f75c215e9595ae3": { email: "p7a@localhost.test" },
};

// Rate limits count per e-mail address; the recording kept four of the attempts.
async function limits(w) {
  const attempt = "createEmailPasswordSession.401-ratelimit-attempt";
  await w.register("limited@localhost.test");
  await w.replayAll(`${attempt}1`, `${attempt}2`);
  for (let count = 3; count < 10; count++) {
    await w.call("POST", "/v1/account/sessions/email", { email: "limited@localhost.test", password: "wrongwrong" });
  }
  await w.rest([`${attempt}10`, "createEmailPasswordSession.429", "createEmailPasswordSession.401-ratelimit-key"]);
}

// JWTs of this sandbox have expired when they are made.
async function expired(w) {
  const id = "getCurrentUser.401-jwt-expired-and-session";
  const { headers } = w.exchanges.get(id).request;
  await w.meet(headers["X-Fallback-Cookies"].match(/ey[\w+/=]+/)[0]);
  const { json } = await w.must("POST", "/v1/account/jwt", {}, { session: w.session(id) });
  w.learn(headers["X-Appwrite-JWT"], json.jwt);
  await w.rest(["getCurrentUser.401-jwt-expired"]);
}

async function otherSettings(w) {
  await limits(w);
  await expired(w);
  await w.replay("misc.ok-origin-app-scheme");
}

export default [
  { name: "account", people, run },
  { name: "account with other settings", project: "other.lua", run: otherSettings },
];
