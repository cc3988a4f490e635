--- What can go wrong, with the status and the words of a real 1.5.11 server.

local VERSION = "1.5.11"

local errors = { VERSION = VERSION }

local KINDS = {
  avatar_icon_not_found = { 404, "The requested favicon could not be found." },
  avatar_image_not_found = { 404, "The requested image was not found at the URL." },
  avatar_remote_url_failed = { 404, "Failed to fetch favicon from the requested URL." },
  collection_not_found = { 404, "Collection with the requested ID could not be found." },
  database_not_found = { 404, "Database not found" },
  document_already_exists = { 409, "Document with the requested ID already exists. Try again with a different ID or "
    .. "use ID.unique() to generate a unique ID." },
  document_invalid_structure = { 400 },
  document_missing_data = { 400, "The document data is missing. Try again with document data populated" },
  document_missing_payload = { 400, "The document data and permissions are missing. You must provide either document "
    .. "data or permissions to be updated." },
  document_not_found = { 404, "Document with the requested ID could not be found." },
  execution_not_found = { 404, "Execution with the requested ID could not be found." },
  function_not_found = { 404, "Function with the requested ID could not be found." },
  general_access_forbidden = { 401, "No Appwrite project was specified. Please specify your project ID when "
    .. "initializing your Appwrite SDK." },
  general_argument_invalid = { 400 },
  general_bad_request = { 400, "There was an error processing your request. Please check the inputs and try again." },
  general_cursor_not_found = { 400 },
  general_not_implemented = { 501 }, -- the sandbox's own: no such type in 1.5
  general_query_invalid = { 400 },
  general_rate_limit_exceeded = { 429, "Rate limit for the current endpoint has been exceeded. Please try again after "
    .. "some time." },
  general_route_not_found = { 404, "The requested route was not found. Please refer to the API docs and try again." },
  general_server_error = { 500, "Server Error" },
  general_unauthorized_scope = { 401 },
  general_unknown = { 500, "Server Error" },
  general_unknown_origin = { 403 },
  graphql_no_query = { 400, 'Param "query" is not optional.' },
  graphql_too_many_queries = { 400, "Too many queries." },
  membership_already_confirmed = { 409, "Membership is already confirmed." },
  membership_not_found = { 404, "Membership with the requested ID could not be found." },
  project_invalid_failure_url = { 400, "Invalid redirect URL for OAuth failure." },
  project_invalid_success_url = { 400, "Invalid redirect URL for OAuth success." },
  project_not_found = { 404, "Project with the requested ID could not be found. Please check the value of the "
    .. "X-Appwrite-Project header to ensure the correct project ID is being used." },
  project_provider_disabled = { 412, "This provider is disabled. Please enable the provider from your Appwrite console "
    .. "to continue." },
  sandbox_fault_not_found = { 404, "No fault with this ID is armed." },
  sandbox_loopback_only = { 403, "What is under /sandbox/ is open to callers from this machine only." },
  sandbox_state_unwritable = { 500 },
  sandbox_without_state = { 409, "The sandbox was started without --state FILE." },
  storage_bucket_not_found = { 404, "Storage bucket with the requested ID could not be found." },
  storage_file_already_exists = { 409, "A storage file with the requested ID already exists." },
  storage_file_empty = { 400, "Empty file passed to the endpoint." },
  storage_file_not_found = { 404, "The requested file could not be found." },
  storage_file_type_unsupported = { 400, "File extension not allowed" },
  storage_invalid_appwrite_id = { 400, "The value for x-appwrite-id header is invalid. Please check the value of the "
    .. "x-appwrite-id header is a valid id and not unique()." },
  storage_invalid_content_range = { 400, "The content range is invalid. Please check the value of the Content-Range "
    .. "header." },
  storage_invalid_file_size = { 400, "File size not allowed" },
  storage_invalid_range = { 416, "The requested range is not satisfiable. Please check the value of the Range "
    .. "header." },
  subscriber_already_exists = { 409, "Subscriber with the request ID already exists." },
  subscriber_not_found = { 404, "Subscriber with the request ID could not be found." },
  team_already_exists = { 409, "Team with requested ID already exists. Please choose a different ID and try again." },
  team_invalid_secret = { 401, "The team invitation secret is invalid. Please request  a new invitation and try "
    .. "again." },
  team_invite_already_exists = { 409, "User has already been invited or is already a member of this team" },
  team_invite_mismatch = { 401 },
  team_invite_not_found = { 404, "The requested team invitation could not be found." },
  team_membership_mismatch = { 404, "The membership ID does not belong to the team ID." },
  team_not_found = { 404, "Team with the requested ID could not be found." },
  topic_not_found = { 404, "Topic with the request ID could not be found." },
  user_already_exists = { 409, "A user with the same id, email, or phone already exists in this project." },
  user_api_key_and_session_set = { 403, "API key and session used in the same request. Use either `setSession` or "
    .. "`setKey`. Learn about which authentication method to use in the SSR docs: "
    .. "https://appwrite.io/docs/products/auth/server-side-rendering" },
  user_authenticator_already_verified = { 409, "This authenticator is already verified on the current user." },
  user_authenticator_not_found = { 404, "Authenticator could not be found on the current user." },
  user_blocked = { 401, "The current user has been blocked. You can unblock the user by making a request to the User "
    .. "API's \"Update User Status\" endpoint or in the Appwrite Console's Auth section." },
  user_challenge_required = { 401, "A recently successful challenge is required to complete this action. A challenge "
    .. "is considered recent for 5 minutes." },
  user_email_already_exists = { 409, "A user with the same email already exists in the current project." },
  user_email_already_verified = { 409, "User email is already verified" },
  -- The real server knows neither status nor words for these.
  user_email_not_found = { 500, "Server Error" },
  user_email_not_verified = { 500, "Server Error" },
  user_phone_not_verified = { 500, "Server Error" },
  user_identity_not_found = { 404, "The identity could not be found. Please sign in with OAuth provider to create "
    .. "identity first." },
  user_invalid_credentials = { 401, "Invalid credentials. Please check the email and password." },
  user_invalid_token = { 401, "Invalid token passed in the request." },
  user_jwt_invalid = { 401 },
  user_more_factors_required = { 401, "More factors are required to complete the sign in process." },
  user_not_found = { 404, "User with the requested ID could not be found." },
  user_oauth2_provider_error = { 424 },
  user_phone_already_exists = { 409, "A user with the same phone number already exists in the current project." },
  user_phone_already_verified = { 409, "User phone is already verified" },
  user_phone_not_found = { 400, "The current user does not have a phone number associated with their account." },
  user_recovery_codes_already_exists = { 409, "The current user already generated recovery codes and they can only be "
    .. "read once for security reasons." },
  user_recovery_codes_not_found = { 404, "Recovery codes could not be found on the current user." },
  user_session_already_exists = { 401, "Creation of a session is prohibited when a session is active." },
  user_session_not_found = { 404, "The current user session could not be found." },
  user_target_already_exists = { 409, "A target with the same ID already exists." },
  user_target_not_found = { 404, "The target could not be found." },
  user_unauthorized = { 401, "The current user is not authorized to perform the requested action." },
}

---@class sandbox.Error
---@field type string
---@field code integer HTTP status
---@field message string
local Error = { __name = "sandbox.Error" }
Error.__index = Error

function Error:__tostring()
  return self.type .. ": " .. self.message
end

---@param kind string Appwrite's type
---@param message? string for a type that has no fixed words, or other words than usual
---@return sandbox.Error
function errors.new(kind, message)
  local known = KINDS[kind] or error("no such error type: " .. tostring(kind))
  return setmetatable({ type = kind, code = known[1], message = message or known[2] }, Error)
end

---Raise an error that the router answers with.
---@param kind string Appwrite's type
---@param message? string for a type that has no fixed words, or other words than usual
function errors.raise(kind, message)
  error(errors.new(kind, message), 0)
end

---@param problem any what pcall caught
---@return boolean
function errors.is(problem)
  return getmetatable(problem) == Error
end

---@param name string of the parameter
---@param problem string
function errors.invalidParam(name, problem)
  errors.raise("general_argument_invalid", "Invalid `" .. name .. "` param: " .. problem)
end

return errors
