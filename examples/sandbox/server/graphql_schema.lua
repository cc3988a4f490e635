--- What may be asked by GraphQL: the fields of Query and Mutation with the operations behind them, and the types of
-- what they answer. Facts of the API, where `$` of a name has become `_`. Operations that answer with bytes or a
-- redirect are not there, and neither is the upload of a file.

local gmatch, match = string.gmatch, string.match

---@class graphql.Type
---@field name string
---@field fields table<string, graphql.Field>
---@field names string[] of the fields, in order
---@field open? boolean whether what no field names is in a field `data`, as JSON

-- Name, operation, type of the result.
local FIELDS = {
  { "accountCreate", "account.registerUser", "User" },
  { "accountCreateAnonymousSession", "account.createAnonymousSession", "Session" },
  { "accountCreateEmailPasswordSession", "account.createEmailPasswordSession", "Session" },
  { "accountCreateEmailToken", "account.createEmailToken", "Token" },
  { "accountCreateJWT", "account.createJwt", "Jwt" },
  { "accountCreateMagicURLToken", "account.createMagicUrlToken", "Token" },
  { "accountCreateMfaAuthenticator", "account.addAuthenticator", "MfaType" },
  { "accountCreateMfaChallenge", "account.createMfaChallenge", "MfaChallenge" },
  { "accountCreateMfaRecoveryCodes", "account.createMfaRecoveryCodes", "MfaRecoveryCodes" },
  { "accountCreatePhoneToken", "account.createPhoneToken", "Token" },
  { "accountCreatePhoneVerification", "account.createPhoneVerification", "Token" },
  { "accountCreatePushTarget", "account.createPushTarget", "Target" },
  { "accountCreateRecovery", "account.createPasswordRecovery", "Token" },
  { "accountCreateSession", "account.createSessionFromToken", "Session" },
  { "accountCreateVerification", "account.createEmailVerification_0", "Token" },
  { "accountDeleteIdentity", "account.deleteIdentityById", "None" },
  { "accountDeleteMfaAuthenticator", "account.deleteAuthenticator", "None" },
  { "accountDeletePushTarget", "account.deletePushTarget", "None" },
  { "accountDeleteSession", "account.logoutSessionById", "None" },
  { "accountDeleteSessions", "account.removeSessions", "None" },
  { "accountGet", "account.getCurrentUser", "User" },
  { "accountGetMfaRecoveryCodes", "account.getMfaRecoveryCodes", "MfaRecoveryCodes" },
  { "accountGetPrefs", "account.getPrefs", "Preferences" },
  { "accountGetSession", "account.getSession", "Session" },
  { "accountListIdentities", "account.listIdentities", "IdentityList" },
  { "accountListLogs", "account.listLogs", "LogList" },
  { "accountListMfaFactors", "account.listMfaFactors", "MfaFactors" },
  { "accountListSessions", "account.listSessions", "SessionList" },
  { "accountUpdateEmail", "account.updateUserEmail", "User" },
  { "accountUpdateMFA", "account.updateMfaStatus", "User" },
  { "accountUpdateMagicURLSession", "account.updateMagicUrlSession", "Session" },
  { "accountUpdateMfaAuthenticator", "account.verifyAuthenticator", "User" },
  { "accountUpdateMfaChallenge", "account.completeMfaChallenge", "Session" },
  { "accountUpdateMfaRecoveryCodes", "account.regenerateMfaRecoveryCodes", "MfaRecoveryCodes" },
  { "accountUpdateName", "account.updateNameOperation", "User" },
  { "accountUpdatePassword", "account.updatePassword", "User" },
  { "accountUpdatePhone", "account.updatePhone", "User" },
  { "accountUpdatePhoneSession", "account.updatePhoneSession", "Session" },
  { "accountUpdatePhoneVerification", "account.confirmPhoneVerification", "Token" },
  { "accountUpdatePrefs", "account.updatePreferences", "User" },
  { "accountUpdatePushTarget", "account.updatePushTarget", "Target" },
  { "accountUpdateRecovery", "account.completePasswordRecovery", "Token" },
  { "accountUpdateSession", "account.extendSessionLength", "Session" },
  { "accountUpdateStatus", "account.blockUserStatus", "User" },
  { "accountUpdateVerification", "account.createEmailVerification", "Token" },
  { "databasesCreateDocument", "databases.createDocument", "Document" },
  { "databasesDeleteDocument", "databases.deleteDocumentById", "None" },
  { "databasesGetDocument", "databases.getDocumentById", "Document" },
  { "databasesListDocuments", "databases.listUserDocuments", "DocumentList" },
  { "databasesUpdateDocument", "databases.updateDocumentById", "Document" },
  { "functionsCreateExecution", "functions.triggerFunctionExecution", "Execution" },
  { "functionsGetExecution", "functions.getExecutionLog", "Execution" },
  { "functionsListExecutions", "functions.listExecutions", "ExecutionList" },
  { "localeGet", "locale.getUserLocale", "Locale" },
  { "localeListCodes", "locale.listCodes", "LocaleCodeList" },
  { "localeListContinents", "locale.listContinents", "ContinentList" },
  { "localeListCountries", "locale.listCountries", "CountryList" },
  { "localeListCountriesEU", "locale.getEUCountries", "CountryList" },
  { "localeListCountriesPhones", "locale.listCountriesPhones", "PhoneList" },
  { "localeListCurrencies", "locale.getCurrencies", "CurrencyList" },
  { "localeListLanguages", "locale.listLanguages", "LanguageList" },
  { "messagingCreateSubscriber", "messaging.addNewSubscriber", "Subscriber" },
  { "messagingDeleteSubscriber", "messaging.deleteSubscriberById", "None" },
  { "storageDeleteFile", "storage.deleteFileById", "None" },
  { "storageGetFile", "storage.getFileById", "File" },
  { "storageListFiles", "storage.listFiles", "FileList" },
  { "storageUpdateFile", "storage.updateFileById", "File" },
  { "teamsCreate", "teams.createNewTeam", "Team" },
  { "teamsCreateMembership", "teams.createMembership", "Membership" },
  { "teamsDelete", "teams.removeTeam", "None" },
  { "teamsDeleteMembership", "teams.deleteMembership", "None" },
  { "teamsGet", "teams.getById", "Team" },
  { "teamsGetMembership", "teams.getMembership", "Membership" },
  { "teamsGetPrefs", "teams.getPrefs", "Preferences" },
  { "teamsList", "teams.getUserMemberships", "TeamList" },
  { "teamsListMemberships", "teams.listMemberships", "MembershipList" },
  { "teamsUpdateMembership", "teams.updateMembershipRoles", "Membership" },
  { "teamsUpdateMembershipStatus", "teams.updateMembershipStatus", "Membership" },
  { "teamsUpdateName", "teams.updateNameById", "Team" },
  { "teamsUpdatePrefs", "teams.updatePrefsById", "Preferences" },
}

-- A field is a String unless it says otherwise; a type in brackets is a list of them.
local TYPES = {
  Continent = "name code",
  ContinentList = "total:Int continents:[Continent]",
  Country = "name code",
  CountryList = "total:Int countries:[Country]",
  Currency = "symbol name symbolNative decimalDigits:Int rounding:Float code namePlural",
  CurrencyList = "total:Int currencies:[Currency]",
  Document = "_id _collectionId _databaseId _createdAt _updatedAt _permissions:[String] data:Json",
  DocumentList = "total:Int documents:[Document]",
  Execution = [[
    _id _createdAt _updatedAt _permissions:[String] functionId trigger status requestMethod requestPath
    requestHeaders:[Headers] responseStatusCode:Int responseBody responseHeaders:[Headers] logs errors
    duration:Float
  ]],
  ExecutionList = "total:Int executions:[Execution]",
  File = [[
    _id bucketId _createdAt _updatedAt _permissions:[String] name signature mimeType sizeOriginal:Int
    chunksTotal:Int chunksUploaded:Int
  ]],
  FileList = "total:Int files:[File]",
  Headers = "name value",
  Identity = [[
    _id _createdAt _updatedAt userId provider providerUid providerEmail providerAccessToken
    providerAccessTokenExpiry providerRefreshToken
  ]],
  IdentityList = "total:Int identities:[Identity]",
  Jwt = "jwt",
  Language = "name code nativeName",
  LanguageList = "total:Int languages:[Language]",
  Locale = "ip countryCode country continentCode continent eu:Boolean currency",
  LocaleCode = "code name",
  LocaleCodeList = "total:Int localeCodes:[LocaleCode]",
  Log = [[
    event userId userEmail userName mode ip time osCode osName osVersion clientType clientCode clientName
    clientVersion clientEngine clientEngineVersion deviceName deviceBrand deviceModel countryCode countryName
  ]],
  LogList = "total:Int logs:[Log]",
  Membership = [[
    _id _createdAt _updatedAt userId userName userEmail teamId teamName invited joined confirm:Boolean mfa:Boolean
    roles:[String]
  ]],
  MembershipList = "total:Int memberships:[Membership]",
  MfaChallenge = "_id _createdAt userId expire",
  MfaFactors = "totp:Boolean phone:Boolean email:Boolean recoveryCode:Boolean",
  MfaRecoveryCodes = "recoveryCodes:[String]",
  MfaType = "secret uri",
  Phone = "code countryCode countryName",
  PhoneList = "total:Int phones:[Phone]",
  Preferences = "data:Json",
  Session = [[
    _id _createdAt _updatedAt userId expire provider providerUid providerAccessToken providerAccessTokenExpiry
    providerRefreshToken ip osCode osName osVersion clientType clientCode clientName clientVersion clientEngine
    clientEngineVersion deviceName deviceBrand deviceModel countryCode countryName current:Boolean factors:[String]
    secret mfaUpdatedAt
  ]],
  SessionList = "total:Int sessions:[Session]",
  Subscriber = "_id _createdAt _updatedAt targetId target:Target userId userName topicId providerType",
  Target = "_id _createdAt _updatedAt name userId providerId providerType identifier",
  Team = "_id _createdAt _updatedAt name total:Int prefs:Preferences",
  TeamList = "total:Int teams:[Team]",
  Token = "_id _createdAt userId secret expire phrase",
  User = [[
    _id _createdAt _updatedAt name password hash registration status:Boolean labels:[String] passwordUpdate email
    phone emailVerification:Boolean phoneVerification:Boolean mfa:Boolean prefs:Preferences targets:[Target]
    accessedAt
  ]],
  None = "status:Boolean",
}

-- Parameters that are no String.
local ARGUMENTS = {
  queries = "[String!]", permissions = "[String!]", roles = "[String!]", data = "Json", prefs = "Json",
  headers = "Json", async = "Boolean", phrase = "Boolean", mfa = "Boolean",
}

-- Types that a variable may have.
local INPUTS = { String = true, Int = true, Float = true, Boolean = true, ID = true, Json = true }

local schema = { INPUTS = INPUTS }

---@class graphql.Field
---@field type string
---@field isList boolean
---@field operation? string of Query and Mutation
---@field arguments? table<string, { type: string, required: boolean }>
---@field names? string[] of the arguments, in order

local function newType(name, text)
  local kind = { name = name, fields = {}, names = {} }
  for word in gmatch(text, "%S+") do
    local field, fieldType = match(word, "^([^:]+):?(.*)$")
    local list = match(fieldType, "^%[(.*)%]$")
    kind.fields[field] = { type = list or fieldType ~= "" and fieldType or "String", isList = list ~= nil }
    kind.names[#kind.names + 1] = field
    kind.open = kind.open or fieldType == "Json"
  end
  return kind
end

local function addOperation(kind, name, route, result)
  local field = { type = result, isList = false, operation = route.name, arguments = {}, names = {} }
  for _, param in ipairs(route.operation.params) do
    local type = ARGUMENTS[param[1]] or "String"
    field.arguments[param[1]] = { type = param.optional and type or type .. "!", required = not param.optional }
    field.names[#field.names + 1] = param[1]
  end
  kind.fields[name] = field
  kind.names[#kind.names + 1] = name
end

---@param routes table<string, sandbox.Route> by name
---@return table<string, graphql.Type> types with Query and Mutation among them
function schema.build(routes)
  local types = { Query = newType("Query", ""), Mutation = newType("Mutation", "") }
  for name, text in pairs(TYPES) do
    types[name] = newType(name, text)
  end
  for _, row in ipairs(FIELDS) do
    local route = routes[row[2]]
    if route.operation then
      addOperation(types[route.verb == "GET" and "Query" or "Mutation"], row[1], route, row[3])
    end
  end
  return types
end

return schema
