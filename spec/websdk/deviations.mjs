/**
 * Where a real 1.5.11 server, and so the sandbox, answers otherwise than the OpenAPI document says. `shows` is the
 * recorded exchange that shows it. An entry that is not met is a failure.
 */
export const deviations = [
  {
    problem: "/code must be string", operations: "all", shows: "getCurrentUser.401-guest",
    reason: "the code of an error is a number",
  },
  {
    problem: "/ must NOT have additional properties $updatedAt", shows: "createEmailPasswordSession.ok",
    operations: [
      "account.createEmailPasswordSession", "account.createAnonymousSession", "account.createSessionFromToken",
      "account.updateMagicUrlSession", "account.updatePhoneSession", "account.getSession",
      "account.extendSessionLength", "account.completeMfaChallenge",
    ],
    reason: "the document forgot it in sessions",
  },
  {
    problem: "/sessions/* must NOT have additional properties $updatedAt", shows: "listSessions.ok",
    operations: ["account.listSessions"], reason: "the document forgot it in sessions",
  },
  {
    problem: "/ must NOT have additional properties recoveryCode", shows: "listMfaFactors.ok-none",
    operations: ["account.listMfaFactors"], reason: "the document forgot it",
  },
  {
    problem: "status 200 instead of 201", shows: "createMfaChallenge.ok",
    operations: ["account.createMfaChallenge", "account.createMfaRecoveryCodes"], reason: "the real status is 200",
  },
  {
    problem: "status 200 instead of 204", shows: "completeMfaChallenge.ok",
    operations: ["account.completeMfaChallenge"], reason: "the real server answers with a session",
  },
  {
    problem: "status 204 instead of 200", shows: "deleteAuthenticator.ok",
    operations: ["account.deleteAuthenticator"], reason: "the real server answers with nothing",
  },
  {
    problem: "the document wants JSON here", shows: "deletePushTarget.ok",
    operations: ["account.deleteAuthenticator", "account.deletePushTarget"],
    reason: "the real server answers with nothing",
  },
  {
    problem: "status 202 instead of 201", shows: "triggerFunctionExecution.ok-async",
    operations: ["functions.triggerFunctionExecution"], reason: "an execution that waits is 202",
  },
  ...["$collectionId", "$databaseId", "$createdAt", "$updatedAt", "$permissions"].map((name) => ({
    problem: `/documents/* must have required property '${name}'`, shows: "listUserDocuments.ok-select-id",
    operations: ["databases.listUserDocuments"], reason: "select leaves out what it does not name",
  })),
];
