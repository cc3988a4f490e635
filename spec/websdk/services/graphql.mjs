// The same by GraphQL.

export async function graphql({ ledger }, who) {
  const { data } = await who.graphql.query({ query: "{ accountGet { email name } localeGet { ip } }" });
  const accountGet = { email: "lovelace@example.com", name: "Ada Lovelace" };
  ledger.same(data, { accountGet, localeGet: { ip: "127.0.0.1" } }, "a query");
  const changed = await who.graphql.mutation({
    query: "mutation($name: String!) { accountUpdateName(name: $name) { name } }", variables: { name: "Countess" },
  });
  ledger.same(changed.data, { accountUpdateName: { name: "Countess" } }, "a mutation");
  const wrong = await who.graphql.query({ query: "{ nothing }" });
  ledger.ok(wrong.errors[0].message.includes("nothing"), "what is wrong");
}
