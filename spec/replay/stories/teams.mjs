// Teams, push targets and who is subscribed to what.

const MEMBER = "6b046e6373d23c6535da";

async function teams(w) {
  await w.rest(["createNewTeam.", "teams.getPrefs.ok-empty", "getById.ok", "getById.401"], /total/);
  await w.rest(["updateNameById."], /member/);
  await w.replay("updateNameById.404-not-member");
  await w.replayAll("getUserMemberships.ok-none", "updatePrefsById.ok", "teams.getPrefs.ok");
  await w.rest(["updatePrefsById.", "teams.getPrefs."]);
  await w.rest(["getUserMemberships."]);
}

async function members(w) {
  await w.replay("createMembership.ok");
  await w.deliver("updateMembershipStatus.ok", { to: "member@localhost.test" });
  await w.rest(["createMembership."], /401-member/);
  await w.rest(["getMembership.ok-pending", "getMembership.404", "updateMembershipStatus.401",
    "updateMembershipStatus.404"]);
  await w.replayAll("updateMembershipStatus.ok", "updateMembershipStatus.409-again",
    "getCurrentUser.ok-after-invitation", "getById.ok-total", "getMembership.ok", "createMembership.401-member", "updateNameById.401-member");
  await w.rest(["updateMembershipRoles.", "listMemberships."]);
  await w.rest(["deleteMembership.", "removeTeam."]);
}

async function targets(w) {
  await w.rest(["createPushTarget."]);
  await w.must("POST", "/v1/account/targets/push",
    { targetId: "unique()", identifier: "device-token-4", providerId: "nope" },
    { session: w.session("createPushTarget.ok") });
  await w.rest(["updatePushTarget.", "deletePushTarget.404-other"]);
  await w.replay("getCurrentUser.ok-targets");
  await w.rest(["addNewSubscriber."]);
  await w.rest(["deleteSubscriberById.", "deletePushTarget."]);
}

async function run(w) {
  await w.register("member@localhost.test", { id: MEMBER, name: "Member" });
  await teams(w);
  await members(w);
  await targets(w);
}

export default [{ name: "teams and targets", run, people: {
  "6b046e63149e904c70f2": { email: "owner@localhost.test", name: "Owner" },
  [MEMBER]: { email: "member@localhost.test", name: "Member" },
  "6b046e5319a2545e824d": { email: "tgt@localhost.test", name: "Tgt" },
} }];
