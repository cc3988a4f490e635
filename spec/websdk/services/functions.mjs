// Executions, one at once and one that is waited for.

export async function functions({ ledger, sdk }, who) {
  const { ExecutionMethod } = sdk;
  const headers = { "content-type": "application/json" };
  const execution = await who.functions.createExecution("double", '{"number":21}', false, "/", ExecutionMethod.POST,
    headers);
  ledger.same([execution.status, execution.responseStatusCode, JSON.parse(execution.responseBody)],
    ["completed", 200, { doubled: 42 }], "an execution");
  ledger.equal((await who.functions.createExecution("double", "", true)).status, "waiting", "one for later");
  const failed = await who.functions.createExecution("double", "none");
  ledger.same([failed.status, failed.responseStatusCode], ["failed", 500], "one that fails");
  const read = await who.functions.getExecution("double", execution.$id);
  ledger.same([read.responseBody, read.requestMethod], ["", "POST"], "an execution read");
  const list = await who.functions.listExecutions("double", [sdk.Query.equal("status", ["completed"])]);
  ledger.same([list.total, list.executions[0].$id], [1, execution.$id], "executions found");
  await ledger.fails(who.functions.createExecution("nothing"), 404, "function_not_found");
}
