// Teams: one with a member who is invited, joins by the mail's link, is given a role, and leaves.

async function join({ ledger, mail }, owner, member) {
  const invited = await owner.teams.createMembership("crew", ["sailor"], "sailor@example.com", undefined, undefined,
    "http://localhost/join", "Sailor");
  ledger.same([invited.confirm, invited.roles, invited.teamName], [false, ["sailor"], "Crew"], "an invitation");
  const again = owner.teams.createMembership("crew", [], "sailor@example.com", undefined, undefined, "http://localhost/");
  await ledger.fails(again, 409, "team_invite_already_exists");
  const link = new URL((await mail.last({ to: "sailor@example.com" })).links[0]).searchParams;
  const joined = await member.teams.updateMembershipStatus(link.get("teamId"), link.get("membershipId"),
    link.get("userId"), link.get("secret"));
  ledger.equal(joined.confirm, true, "who has joined");
  ledger.equal((await member.account.get()).email, "sailor@example.com", "is signed in");
  return joined;
}

export async function teams(world, owner, member) {
  const { ledger } = world;
  const team = await owner.teams.create("crew", "Crew", ["captain"]);
  ledger.same([team.$id, team.name, team.total], ["crew", "Crew", 1], "a team");
  const joined = await join(world, owner, member);
  ledger.equal((await member.teams.get("crew")).total, 2, "members of the team");
  ledger.equal((await member.teams.list()).total, 1, "teams of a member");
  await ledger.fails(member.teams.updateName("crew", "Mutiny"), 401, "user_unauthorized");
  ledger.equal((await owner.teams.updateName("crew", "The crew")).name, "The crew", "another name");
  ledger.same(await owner.teams.updatePrefs("crew", { flag: "black" }), { flag: "black" }, "preferences of a team");
  ledger.same(await member.teams.getPrefs("crew"), { flag: "black" }, "read by a member");
  ledger.same((await owner.teams.updateMembership("crew", joined.$id, ["mate"])).roles, ["mate"], "another role");
  ledger.equal((await member.teams.getMembership("crew", joined.$id)).userEmail, "sailor@example.com", "a membership");
  ledger.equal((await owner.teams.listMemberships("crew")).total, 2, "memberships");
  await member.teams.deleteMembership("crew", joined.$id);
  await ledger.fails(member.teams.get("crew"), 404, "team_not_found");
  await owner.teams.delete("crew");
  await ledger.fails(owner.teams.get("crew"), 404, "team_not_found");
}
