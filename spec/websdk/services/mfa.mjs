// Second factors: an authenticator app and recovery codes.

import { totp } from "../../replay/totp.mjs";

export async function mfa({ ledger, sdk }, person) {
  const { AuthenticatorType: { Totp }, AuthenticationFactor: Factor } = sdk;
  const who = person();
  await who.account.create(sdk.ID.unique(), "mfa@example.com", "correct horse");
  await who.account.createEmailPasswordSession("mfa@example.com", "correct horse");
  const none = { totp: false, phone: false, email: false, recoveryCode: false };
  ledger.same(await who.account.listMfaFactors(), none, "factors");
  const { secret, uri } = await who.account.createMfaAuthenticator(Totp);
  ledger.ok(uri.startsWith("otpauth://totp/") && uri.includes(secret), "an address for an app");
  await ledger.fails(who.account.updateMfaAuthenticator(Totp, "000000"), 401, "user_invalid_token");
  await who.account.updateMfaAuthenticator(Totp, totp(secret));
  const { recoveryCodes } = await who.account.createMfaRecoveryCodes();
  ledger.same([recoveryCodes.length, new Set(recoveryCodes).size], [6, 6], "recovery codes");
  ledger.equal((await who.account.updateMFA(true)).mfa, true, "a second factor is asked for");

  const again = person();
  await again.account.createEmailPasswordSession("mfa@example.com", "correct horse");
  await ledger.fails(again.account.get(), 401, "user_more_factors_required");
  await ledger.fails(again.account.getMfaRecoveryCodes(), 401, "user_more_factors_required");
  const challenge = await again.account.createMfaChallenge(Factor.Totp);
  await again.account.updateMfaChallenge(challenge.$id, totp(secret));
  ledger.equal((await again.account.get()).mfa, true, "who has both");
  ledger.same((await again.account.getMfaRecoveryCodes()).recoveryCodes, recoveryCodes, "the codes read");
  const renewed = (await again.account.updateMfaRecoveryCodes()).recoveryCodes;
  ledger.ok(renewed.length === 6 && !recoveryCodes.includes(renewed[0]), "other codes");

  const third = person();
  await third.account.createEmailPasswordSession("mfa@example.com", "correct horse");
  const lost = await third.account.createMfaChallenge(Factor.Recoverycode);
  await third.account.updateMfaChallenge(lost.$id, renewed[0]);
  await third.account.deleteMfaAuthenticator(Totp, totp(secret));
  ledger.equal((await third.account.listMfaFactors()).totp, false, "no app any more");
}
