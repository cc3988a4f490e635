--- The words in `err.type` that calls get from a server, as data: { status, what it means and what would do }. They
-- were seen from a real 1.5.11 server.

local ipairs, sort = ipairs, table.sort

---@alias appwrite.ErrorType table { status: integer, doc: string }

local TYPES = {
  avatar_icon_not_found = { 404, "The site names no icon, or one that is not there." },
  avatar_image_not_found = { 404, "There is no image at that URL." },
  avatar_remote_url_failed = { 404, "The site does not answer." },
  collection_not_found = { 404, "There is no such collection in this database." },
  database_not_found = { 404, "There is no such database." },
  document_already_exists = { 409, "The id is taken, perhaps by a document that the user may not read." },
  document_invalid_structure = { 400, "An attribute is missing, unknown, or of a wrong type; the message names it." },
  document_missing_data = { 400, "`data` is empty." },
  document_missing_payload = { 400, "Neither `data` nor `permissions` say what to change." },
  document_not_found = { 404, "There is no such document, or the user may not read it." },
  execution_not_found = { 404, "There is no such execution, or the user may not see it." },
  function_not_found = { 404, "There is no such function, or it is switched off." },
  general_access_forbidden = { 401, "The console project has none of this: the client names no project." },
  general_argument_invalid = { 400, "A parameter is missing or wrong; the message names the first one." },
  general_bad_request = { 400, "What is asked for does not go with what the account is." },
  general_cursor_not_found = { 400, "The document of `cursorAfter` or `cursorBefore` is not there." },
  general_query_invalid = { 400, "A query names an attribute or uses a method that the collection cannot search by." },
  general_rate_limit_exceeded = { 429, "Too many calls; `err.retryAfter` says for how long to wait." },
  general_route_not_found = { 404, "The server knows no such path: another version, or no Appwrite server at all." },
  general_server_error = { 500, "The server could not do it; its log may say why." },
  general_unauthorized_scope = { 401, "Nobody is logged in, or the API key lacks the scope that the message names." },
  general_unknown = { 500, "The server failed in a way of which it has no word; its log may say why." },
  general_unknown_origin = { 403, "The request came with an `Origin` header that is no platform of the project." },
  graphql_no_query = { 400, "There is no query in it." },
  graphql_too_many_queries = { 400, "A batch holds 10 queries at most." },
  membership_already_confirmed = { 409, "The invitation was accepted before." },
  membership_not_found = { 404, "There is no such membership in this team." },
  project_invalid_failure_url = { 400, "The host of `failure` is no platform of the project." },
  project_invalid_success_url = { 400, "The host of `success` is no platform of the project." },
  project_not_found = { 404, "There is no such project here: look at the client's `project` and `endpoint`." },
  project_provider_disabled = { 412, "This OAuth2 provider is not switched on in the project." },
  relationship_value_invalid = { 400, "A relation takes a document, an id, or a list of them." },
  storage_bucket_not_found = { 404, "There is no such bucket, or it is switched off." },
  storage_file_already_exists = { 409, "The id is taken." },
  storage_file_empty = { 400, "The request has no file in it." },
  storage_file_not_found = { 404, "There is no such file, the user may not read it, or its upload is not complete." },
  storage_file_type_unsupported = { 400, "The bucket does not take files with this extension." },
  storage_invalid_appwrite_id = { 400, "A chunk names the file in a wrong way." },
  storage_invalid_content_range = { 400, "A chunk is not where the server expects it." },
  storage_invalid_file_size = { 400, "The file is larger than the bucket allows." },
  storage_invalid_range = { 416, "The file has no such bytes." },
  subscriber_already_exists = { 409, "The target is subscribed to this topic already, or the id is taken." },
  subscriber_not_found = { 404, "There is no such subscriber of this topic." },
  team_already_exists = { 409, "The id is taken." },
  team_invalid_secret = { 401, "The secret is not that of the invitation." },
  team_invite_already_exists = { 409, "The user is a member already, or invited." },
  team_invite_mismatch = { 401, "The invitation is for somebody else." },
  team_invite_not_found = { 404, "There is no such membership." },
  team_membership_mismatch = { 404, "The membership is one of another team." },
  team_not_found = { 404, "There is no such team, or the user is no member of it." },
  topic_not_found = { 404, "There is no such topic." },
  user_already_exists = { 409, "The id, the e-mail address or the number is taken." },
  user_api_key_and_session_set = { 403, "The client has an API key and a session; give it one of them." },
  user_authenticator_already_verified = { 409, "The authenticator app is confirmed already." },
  user_authenticator_not_found = { 404, "The user has no authenticator app." },
  user_blocked = { 401, "The account is blocked; only the server's side can unblock it." },
  user_challenge_required = { 401, "A second factor must have been proved in the last 5 minutes." },
  user_email_already_exists = { 409, "The address is that of another user." },
  user_email_already_verified = { 409, "The address is confirmed already." },
  user_email_not_found = { 500, "The user has no e-mail address." },
  user_email_not_verified = { 500, "The address is not confirmed, so no code is sent to it." },
  user_identity_not_found = { 404, "The user has no such identity." },
  user_invalid_credentials = { 401, "The password is wrong, or there is no user with this address." },
  user_invalid_token = { 401, "The secret or code is wrong, used, or too old." },
  user_jwt_invalid = { 401, "The JWT is wrong or older than 15 minutes." },
  user_more_factors_required = { 401, "The login needs a second factor: see `client.flows.completeMfa`." },
  user_not_found = { 404, "There is no such user." },
  user_oauth2_provider_error = { 424, "The OAuth2 provider has refused; the message has its words." },
  user_phone_already_exists = { 409, "The number is that of another user." },
  user_phone_already_verified = { 409, "The number is confirmed already." },
  user_phone_not_found = { 400, "The user has no phone number." },
  user_phone_not_verified = { 500, "The number is not confirmed, so no code is sent to it." },
  user_recovery_codes_already_exists = { 409, "There are codes already; regenerateMfaRecoveryCodes makes new ones." },
  user_recovery_codes_not_found = { 404, "The user has no recovery codes yet." },
  user_session_already_exists = { 401, "Somebody is logged in already." },
  user_session_not_found = { 404, "There is no such session of this user." },
  user_target_already_exists = { 409, "The id is taken, or another target has the same address, number or token." },
  user_target_not_found = { 404, "There is no such target of this user." },
  user_unauthorized = { 401, "The user's permissions do not allow it." },
}

-- What every call may get, and every call that somebody must be logged in for.
local EVERY = { "project_not_found", "user_api_key_and_session_set" }
local SIGNED_IN = { "general_unauthorized_scope", "user_blocked", "user_jwt_invalid", "user_more_factors_required" }

local errorTypes = { TYPES = TYPES, EVERY = EVERY, SIGNED_IN = SIGNED_IN }

---@return string[] all words, sorted
function errorTypes.names()
  local names = {}
  for name in pairs(TYPES) do
    names[#names + 1] = name
  end
  sort(names)
  return names
end

---The words that one operation gives, but for those that all do (EVERY, SIGNED_IN).
---@param row appwrite.Operation
---@param note appwrite.Note
---@return string[]
function errorTypes.of(row, note)
  local list = {}
  if #row.params > 0 then
    list[1] = "general_argument_invalid"
  end
  for _, name in ipairs(note.errors or {}) do
    list[#list + 1] = name
  end
  if row.rateLimit then
    list[#list + 1] = "general_rate_limit_exceeded"
  end
  return list
end

return errorTypes
