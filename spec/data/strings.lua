--- What the official web SDK 14.0.1 was seen to make of these arguments: queries, permissions, roles.
return {
  queries = {
    {
      method = "equal",
      args = { "title", "Iron Man" },
      output = '{"method":"equal","attribute":"title","values":["Iron Man"]}',
    },
    {
      method = "equal",
      args = { "released", true },
      output = '{"method":"equal","attribute":"released","values":[true]}',
    },
    {
      method = "equal",
      args = { "a.b", { true, false } },
      output = '{"method":"equal","attribute":"a.b","values":[true,false]}',
    },
    {
      method = "lessThan",
      args = { "year", 1999 },
      output = '{"method":"lessThan","attribute":"year","values":[1999]}',
    },
    {
      method = "lessThanEqual",
      args = { "score", 9.75 },
      output = '{"method":"lessThanEqual","attribute":"score","values":[9.75]}',
    },
    {
      method = "greaterThanEqual",
      args = { "score", 1e+21 },
      output = '{"method":"greaterThanEqual","attribute":"score","values":[1e+21]}',
    },
    { method = "isNull", args = { 'a b"c' }, output = [[{"method":"isNull","attribute":"a b\"c"}]] },
    {
      method = "between",
      args = { "score", 5, 10 },
      output = '{"method":"between","attribute":"score","values":[5,10]}',
    },
    {
      method = "startsWith",
      args = { "name", "Once" },
      output = '{"method":"startsWith","attribute":"name","values":["Once"]}',
    },
    {
      method = "endsWith",
      args = { "name", [==[é 漢字 🙂 a/b%c%41&d+e"f'g#h?i=j;k,l:m@n!o$p*q(r)[s]{t}|u\v^w~x`y<z>]==] },
      output = [==[{"method":"endsWith","attribute":"name","values":]==]
        .. [==[["é 漢字 🙂 a/b%c%41&d+e\"f'g#h?i=j;k,l:m@n!o$p*q(r)[s]{t}|u\\v^w~x`y<z>"]}]==],
    },
    { method = "select", args = { { "*", "rel.*" } }, output = '{"method":"select","values":["*","rel.*"]}' },
    { method = "orderDesc", args = { "title" }, output = '{"method":"orderDesc","attribute":"title"}' },
    { method = "orderAsc", args = { "" }, output = '{"method":"orderAsc","attribute":""}' },
    {
      method = "cursorBefore",
      args = { "5e5ea5c16897e" },
      output = '{"method":"cursorBefore","values":["5e5ea5c16897e"]}',
    },
    { method = "limit", args = { 0 }, output = '{"method":"limit","values":[0]}' },
    { method = "contains", args = { "tags", "x" }, output = '{"method":"contains","attribute":"tags","values":["x"]}' },
    {
      method = "or",
      args = {
        {
          [[{"method":"equal","attribute":"a","values":["x \"y\""]}]],
          '{"method":"and","values":[{"method":"isNull","attribute":"c"},'
            .. '{"method":"between","attribute":"d","values":[1,2]}]}',
        },
      },
      output = [[{"method":"or","values":[{"method":"equal","attribute":"a","values":["x \"y\""]},]]
        .. '{"method":"and","values":[{"method":"isNull","attribute":"c"},'
        .. '{"method":"between","attribute":"d","values":[1,2]}]}]}',
    },
    {
      method = "and",
      args = { { '{"method":"or","values":[{"method":"limit","values":[1]},{"method":"select","values":["a"]}]}' } },
      output = '{"method":"and","values":[{"method":"or","values":[{"method":"limit","values":[1]},'
        .. '{"method":"select","values":["a"]}]}]}',
    },
  },
  permissions = {
    { method = "read", args = { "any" }, output = 'read("any")' },
    { method = "read", args = { 'say "hi"' }, output = 'read("say "hi"")' },
    { method = "write", args = { "team:t1/owner" }, output = 'write("team:t1/owner")' },
    { method = "create", args = { "user:u1/verified" }, output = 'create("user:u1/verified")' },
    { method = "update", args = { "any" }, output = 'update("any")' },
    { method = "update", args = { 'say "hi"' }, output = 'update("say "hi"")' },
    { method = "delete", args = { "team:t1/owner" }, output = 'delete("team:t1/owner")' },
  },
  roles = {
    { method = "any", args = {}, output = "any" },
    { method = "user", args = { "u 1/ü", "unverified" }, output = "user:u 1/ü/unverified" },
    { method = "users", args = { "verified" }, output = "users/verified" },
    { method = "guests", args = {}, output = "guests" },
    { method = "team", args = { "t1", 'rôle "x"' }, output = 'team:t1/rôle "x"' },
    { method = "member", args = { "m/1" }, output = "member:m/1" },
  },
}
