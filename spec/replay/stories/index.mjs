import account from "./account.mjs";
import databases from "./databases.mjs";
import mfa from "./mfa.mjs";
import others from "./others.mjs";
import storage from "./storage.mjs";
import teams from "./teams.mjs";

/** What to replay, in this order, each in a sandbox of its own; the last one replays all that nobody has. */
export const stories = [...account, ...mfa, ...teams, ...databases, ...storage, ...others];
