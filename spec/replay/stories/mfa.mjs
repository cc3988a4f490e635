// Second factors: an authenticator app, recovery codes, and codes by mail and as text messages.

import { totp } from "../totp.mjs";

const MFA = "mfa@localhost.test";

async function before(w) {
  await w.replayAll("listMfaFactors.401-guest", "listMfaFactors.ok-none", "verifyAuthenticator.404-before",
    "deleteAuthenticator.404-before", "addAuthenticator.400-type", "getMfaRecoveryCodes.401-before",
    "regenerateMfaRecoveryCodes.401-before", "addAuthenticator.ok");
  const answer = await w.replay("addAuthenticator.ok-again-unverified");
  return JSON.parse(answer.body).secret;
}

async function verifying(w, code) {
  await w.replayAll("verifyAuthenticator.401-wrong", "verifyAuthenticator.400-number-otp");
  await w.replay("verifyAuthenticator.ok", { put: code() });
  await w.replayAll("addAuthenticator.409-verified", "listMfaFactors.ok-totp");
  await w.rest(["updateMfaStatus.4"]);
  await w.replay("updateMfaStatus.ok");
  await w.replayAll("getSession.ok-mfa-factors", "createMfaRecoveryCodes.ok", "createMfaRecoveryCodes.409",
    "getMfaRecoveryCodes.401-no-challenge", "regenerateMfaRecoveryCodes.401-no-challenge");
}

async function challenging(w, code) {
  await w.replayAll("getCurrentUser.401-mfa-needed", "getPrefs.401-mfa-needed", "getUserLocale.401-mfa-needed",
    "listUserDocuments.401-mfa-needed", "createMfaChallenge.400-factor", "createMfaChallenge.500-email-unverified",
    "createMfaChallenge.ok-recoverycode-lower", "createMfaChallenge.ok", "completeMfaChallenge.401-wrong");
  await w.replay("completeMfaChallenge.401-unknown-challenge", { put: code() });
  await w.replay("completeMfaChallenge.ok", { put: code() });
  await w.replay("completeMfaChallenge.401-reused", { put: code() });
  await w.replayAll("getCurrentUser.ok-mfa-done", "getMfaRecoveryCodes.ok");
  const { recoveryCodes } = JSON.parse((await w.replay("regenerateMfaRecoveryCodes.ok")).body);
  await w.replay("createMfaChallenge.ok-recoveryCode");
  await w.replay("completeMfaChallenge.401-recoveryCode", { put: { otp: recoveryCodes[0] } });
  await w.replayAll("getMfaRecoveryCodes.401-after-use", "createMfaChallenge.ok-recoverycode-lower2");
  await w.replay("completeMfaChallenge.ok-recoverycode-lower", { put: { otp: recoveryCodes[1] } });
}

async function byMessage(w) {
  const session = w.session("updateMfaStatus.ok");
  const confirm = async (path, verb, filter, body) => {
    const { json } = await w.must("POST", path, body, { session });
    const { secret } = await w.mail(filter);
    await w.must("PUT", path, { userId: json.userId, secret }, { session });
  };
  await confirm("/v1/account/verification", "POST", { to: MFA }, { url: "http://localhost/verify" });
  await w.must("PATCH", "/v1/account/phone", { phone: "+14155550303", password: "password123" }, { session });
  await confirm("/v1/account/verification/phone", "POST", { to: "+14155550303" }, {});
  await w.replayAll("createMfaChallenge.ok-email", "createMfaChallenge.ok-phone");
}

async function ending(w, code) {
  await w.replayAll("deleteAuthenticator.401-wrong", "deleteAuthenticator.400-no-otp");
  await w.replay("deleteAuthenticator.ok", { put: code() });
  await w.replay("deleteAuthenticator.404-twice", { put: code() });
  await w.rest(["createMfaRecoveryCodes.", "updateMfaStatus.", "deleteAuthenticator."]);
  await w.replay("getCurrentUser.ok-mfa-on-but-no-factor");
}

async function run(w) {
  const secret = await before(w);
  const code = () => ({ otp: totp(secret) });
  await verifying(w, code);
  await challenging(w, code);
  await byMessage(w);
  await ending(w, code);
}

export default [{ name: "second factors", run, people: {
  "6b046e5052c9f1f90d0b": { email: MFA, name: "Mfa" }, "6b046e52663b75c87493": { email: "nomfa@localhost.test" },
} }];
