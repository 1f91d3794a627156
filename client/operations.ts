// Every operation of the API by method and path. Written by scripts/client-types.ts from the OpenAPI document: `npm run client`.
export type Schemas = {
  Problem: { type: string; code: "malformed" | "bad_parameter" | "bad_cursor" | "unauthenticated" | "sign_in_refused" | "code_refused" | "passkey_refused" | "sso_refused" | "forbidden" | "blocked" | "suspended" | "impersonation_over" | "sso_required" | "proof_needed" | "second_factor_needed" | "cross_site" | "address_refused" | "not_found" | "method_not_allowed" | "answer_too_large" | "conflict" | "taken" | "in_use" | "busy" | "idempotency_running" | "link_spent" | "version_mismatch" | "too_large" | "unsupported_media_type" | "invalid" | "reference_not_found" | "idempotency_mismatch" | "limit_reached" | "too_many_changes" | "rate_limited" | "internal" | "unavailable"; title: string; status: number; detail: string; errors?: ({ pointer: string; detail: string })[]; requestId: string };
  Destination: { kind: "extension"; ref: string } | { kind: "ring-group"; ref: string } | { kind: "queue"; ref: string } | { kind: "menu"; ref: string } | { kind: "schedule"; ref: string } | { kind: "announcement"; ref: string } | { kind: "voicemail-box"; ref: string } | { kind: "conference"; ref: string } | { kind: "paging-group"; ref: string } | { kind: "parking-lot"; ref: string } | { kind: "directory"; ref: string } | { kind: "outside-number"; number: string } | { kind: "hangup"; cause: "rejected" | "busy" | "not-found" | "unavailable" };
  ExtensionItem: { number?: string; displayName?: string | null | null; enabled?: boolean | null; devices?: ({ label?: string; username: string; password?: string | { secret: string } })[]; ringSeconds?: number | null; voicemailBox?: string | null | null; externalCallerId?: string | null | null; externalCallerName?: string | null | null; emergencyCallerId?: string | null | null; emergencyLocation?: string | null | null; forward?: { always?: Schemas["Destination"] | null; busy?: Schemas["Destination"] | null; noAnswer?: Schemas["Destination"] | null; notRegistered?: Schemas["Destination"] | null } | null; doNotDisturb?: boolean | null; callWaiting?: boolean | null; followMe?: { enabled?: boolean; confirm?: boolean; members?: ({ extension?: string | null; number?: string | null; delaySeconds?: number; ringSeconds?: number })[] } | null; recording?: "off" | "inbound" | "outbound" | "all" | null; recordOnDemand?: "off" | "own" | "pause" | "all" | null; outbound?: { permission?: "internal" | "national" | "international"; countries?: (string)[] | null; pin?: string | { secret: string } | null } | null; supervisor?: boolean | null; pickupGroup?: string | null | null; hotDeskPin?: string | { secret: string } | null | null; skills?: ({ skill: string; level: number })[] | null; language?: string | null | null; id?: string };
  RingGroupItem: { name?: string; extensionNumber?: string | null | null; strategy?: "simultaneous" | "sequence" | "random" | "rollover" | null; members?: ({ extension?: string | null; number?: string | null; delaySeconds?: number; ringSeconds?: number })[] | null; ringSeconds?: number | null; skipBusy?: boolean | null; confirm?: boolean | null; callerNamePrefix?: string | null | null; musicOnHold?: string | null | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  QueueItem: { name?: string; extensionNumber?: string | null | null; strategy?: "longest-idle" | "ring-all" | "round-robin" | "top-down" | "least-calls" | "least-talk" | "random" | null; agents?: ({ extension: string; tier?: number; position?: number })[] | null; tierDelaySeconds?: number | null; skills?: ({ skill: string; level: number; relaxations?: ({ afterSeconds: number; level: number })[] })[] | null; musicOnHold?: string | null | null; greeting?: string | null | null; announcePosition?: boolean | null; announceWait?: boolean | null; announcement?: string | null | null; announceEverySeconds?: number | null; maxWaitSeconds?: number | null; maxWaiting?: number | null; joinEmpty?: "yes" | "no" | "unless-paused" | null; leaveWhenEmptySeconds?: number | null; agentRingSeconds?: number | null; wrapUpSeconds?: number | null; missedCallsToPause?: number | null; callBack?: { digit?: string; payer: string; tries?: number; retryAfterSeconds?: number; expiresSeconds?: number } | null | null; callerNamePrefix?: string | null | null; recording?: boolean | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  MenuItem: { name?: string; extensionNumber?: string | null | null; greeting?: string | null | null; invalidPrompt?: string | null | null; options?: ({ digits: string; label?: string | null; destination: Schemas["Destination"] })[] | null; dialByExtension?: boolean | null; directory?: string | null | null; timeoutSeconds?: number | null; betweenDigitsSeconds?: number | null; tries?: number | null; timeout?: Schemas["Destination"] | null | null; invalid?: Schemas["Destination"] | null | null; id?: string };
  ScheduleItem: { name?: string; extensionNumber?: string | null | null; timeZone?: string | null | null; hours?: ({ days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]; from: string; to: string })[] | null; holidays?: ({ name: string; date: string; lastDate?: string | null; destination?: Schemas["Destination"] | null })[] | null; open?: Schemas["Destination"] | null | null; closed?: Schemas["Destination"] | null | null; id?: string };
  AnnouncementItem: { name?: string; extensionNumber?: string | null | null; prompt?: string; answer?: boolean | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  VoicemailBoxItem: { number?: string; label?: string | null | null; pin?: string | { secret: string } | null; greeting?: string | null | null; busyGreeting?: string | null | null; maxSeconds?: number | null; email?: string | null | null; emailAudio?: boolean | null; keepAfterEmail?: boolean | null; retentionDays?: number | null | null; maxMessages?: number | null; id?: string };
  ConferenceItem: { name?: string; extensionNumber?: string | null | null; pin?: string | { secret: string } | null | null; moderatorPin?: string | { secret: string } | null | null; maxMembers?: number | null; waitForModerator?: boolean | null; muteOnEntry?: boolean | null; sounds?: boolean | null; recording?: boolean | null; musicOnHold?: string | null | null; id?: string };
  PagingGroupItem: { name?: string; extensionNumber?: string | null | null; members?: (string)[] | null; twoWay?: boolean | null; skipBusy?: boolean | null; id?: string };
  ParkingLotItem: { name?: string; extensionNumber?: string | null | null; firstSlot?: string; slots?: number | null; timeoutSeconds?: number | null; musicOnHold?: string | null | null; timeout?: Schemas["Destination"] | null | null; id?: string };
  DirectoryItem: { name?: string; extensionNumber?: string | null | null; greeting?: string | null | null; members?: (string)[] | null | null; by?: "last-name" | "first-name" | "either" | null; digits?: number | null; tries?: number | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  PhoneNumberItem: { number?: string; label?: string | null | null; destination?: Schemas["Destination"] | null | null; callerNamePrefix?: string | null | null; recording?: boolean | null; language?: string | null | null; id?: string };
  TrunkItem: { name?: string; enabled?: boolean | null; host?: string; port?: number | null | null; transport?: "udp" | "tcp" | "tls" | null; username?: string | null | null; password?: string | { secret: string } | null | null; register?: boolean | null; inboundAddresses?: (string)[] | null; priority?: number | null; numberFormat?: "e164" | "e164-without-plus" | "national" | null; prefix?: string | null; codecs?: ("opus" | "g722" | "pcmu" | "pcma")[] | null; maxChannels?: number | null | null; pingSeconds?: number | null | null; id?: string };
  OutboundRouteItem: { name?: string; enabled?: boolean | null; order?: number | null; patterns?: (string)[]; trunks?: (string)[]; select?: "order" | "least-cost" | null; strip?: number | null; prefix?: string | null; callerId?: { policy: "extension" } | { policy: "fixed"; number: string } | { policy: "anonymous" } | null; id?: string };
  RateTableItem: { name?: string; trunk?: string; currency?: string | null; rates?: ({ prefix: string; perMinute: number })[] | null; id?: string };
  BlockRuleItem: { name?: string; enabled?: boolean | null; direction?: "inbound" | "outbound" | null; patterns?: (string)[] | null; anonymous?: boolean | null; message?: string | null | null; destination?: Schemas["Destination"] | null | null; id?: string };
  ContactItem: { number?: string; name?: string; company?: string | null | null; id?: string };
  SpeedDialItem: { number?: string; name?: string | null | null; target?: string; id?: string };
  FeatureCodeItem: { action?: "voicemail-own" | "voicemail-any" | "voicemail-leave" | "pickup-group" | "pickup-extension" | "call-park" | "do-not-disturb-on" | "do-not-disturb-off" | "forward-always-on" | "forward-always-off" | "forward-busy-on" | "forward-busy-off" | "forward-no-answer-on" | "forward-no-answer-off" | "follow-me-on" | "follow-me-off" | "agent-login" | "agent-logout" | "agent-pause" | "agent-resume" | "schedule-override" | "intercom" | "eavesdrop" | "whisper" | "barge" | "hot-desk-login" | "hot-desk-logout" | "caller-id-hide" | "call-return" | "echo-test" | "say-extension" | "record" | "record-pause"; code?: string | null; id?: string };
  PromptItem: { name?: string; audio?: { sha256: string; bytes: number; contentType: "audio/wav" | "audio/mpeg" } | null | null; id?: string };
  MusicOnHoldItem: { name?: string; prompts?: (string)[]; shuffle?: boolean | null; id?: string };
  TenantDocument: { settings?: { name?: string; domain?: string; country?: string | null; timeZone?: string | null; language?: string | null; musicOnHold?: string | null | null; recordingRetentionDays?: number | null | null; voicemailRetentionDays?: number | null | null }; extensions?: (Schemas["ExtensionItem"])[]; "ring-groups"?: (Schemas["RingGroupItem"])[]; queues?: (Schemas["QueueItem"])[]; menus?: (Schemas["MenuItem"])[]; schedules?: (Schemas["ScheduleItem"])[]; announcements?: (Schemas["AnnouncementItem"])[]; "voicemail-boxes"?: (Schemas["VoicemailBoxItem"])[]; conferences?: (Schemas["ConferenceItem"])[]; "paging-groups"?: (Schemas["PagingGroupItem"])[]; "parking-lots"?: (Schemas["ParkingLotItem"])[]; directories?: (Schemas["DirectoryItem"])[]; "phone-numbers"?: (Schemas["PhoneNumberItem"])[]; trunks?: (Schemas["TrunkItem"])[]; "outbound-routes"?: (Schemas["OutboundRouteItem"])[]; "rate-tables"?: (Schemas["RateTableItem"])[]; "block-rules"?: (Schemas["BlockRuleItem"])[]; contacts?: (Schemas["ContactItem"])[]; "speed-dials"?: (Schemas["SpeedDialItem"])[]; "feature-codes"?: (Schemas["FeatureCodeItem"])[]; prompts?: (Schemas["PromptItem"])[]; "music-on-hold"?: (Schemas["MusicOnHoldItem"])[] };
  NewTenant: { name: string; domain?: string; country?: string; timeZone?: string; language?: string; musicOnHold?: null; recordingRetentionDays?: number | null; voicemailRetentionDays?: number | null; plan?: string; accountId?: string; poolId?: string; template?: string; document?: Schemas["TenantDocument"] };
  FoundedTenant: { name: string; domain: string; country: string; timeZone: string; language: string; musicOnHold: string | null; recordingRetentionDays: number | null; voicemailRetentionDays: number | null; id: string; version: number; revision: number; accountId: string; poolId: string | null; suspension: { reason: string; by: string; since: string; accountId?: string; tenantId?: string } | null; sandbox: boolean; createdAt: string; deletedAt?: string; purgeAt?: string; secrets?: (unknown)[] };
  Account: { name: string; sipZone: string | null; deletionGraceDays: number | null; country: string; timeZone: string; language: string; id: string; version: number; revision: number; accountId: string | null; suspension: { reason: string; by: string; since: string; accountId?: string; tenantId?: string } | null; sandbox: boolean; createdAt: string; deletedAt?: string; purgeAt?: string };
  NewAccount: { name: string; sipZone?: string | null; deletionGraceDays?: number | null; country?: string; timeZone?: string; language?: string; plan?: string; accountId?: string; sandbox?: boolean };
  CloneTenant: { name: string; domain?: string; accountId?: string; poolId?: string };
  ClonedTenant: { name: string; domain: string; country: string; timeZone: string; language: string; musicOnHold: string | null; recordingRetentionDays: number | null; voicemailRetentionDays: number | null; id: string; version: number; revision: number; accountId: string; poolId: string | null; suspension: { reason: string; by: string; since: string; accountId?: string; tenantId?: string } | null; sandbox: boolean; createdAt: string; deletedAt?: string; purgeAt?: string; secrets?: (unknown)[]; leftOut: ({ kind: string; key: string; pointer?: string; why: string })[] };
  Tenant: { name: string; domain: string; country: string; timeZone: string; language: string; musicOnHold: string | null; recordingRetentionDays: number | null; voicemailRetentionDays: number | null; id: string; version: number; revision: number; accountId: string; poolId: string | null; suspension: { reason: string; by: string; since: string; accountId?: string; tenantId?: string } | null; sandbox: boolean; createdAt: string; deletedAt?: string; purgeAt?: string };
  TenantPatch: { name?: string; domain?: string; country?: string | null; timeZone?: string | null; language?: string | null; musicOnHold?: string | null | null; recordingRetentionDays?: number | null | null; voicemailRetentionDays?: number | null | null };
  AccountPatch: { name?: string; sipZone?: string | null | null; deletionGraceDays?: number | null | null; country?: string | null; timeZone?: string | null; language?: string | null };
  TenantBelow: { name: string; domain: string; country: string; timeZone: string; language: string; musicOnHold: string | null; recordingRetentionDays: number | null; voicemailRetentionDays: number | null; id: string; version: number; revision: number; accountId: string; poolId: string | null; suspension: { reason: string; by: string; since: string; accountId?: string; tenantId?: string } | null; sandbox: boolean; createdAt: string; deletedAt?: string; purgeAt?: string; counts?: { extensions: number; phoneNumbers: number } | null; plans?: (string)[] };
  Imported: { revision: number | null; created: number; updated: number; same: number; rows: ({ line: number; op: "create" | "update" | "same"; key: string; id: string | null; errors: (unknown)[]; secrets?: ({ pointer: string; value: string })[] })[] };
  PhoneNumber: { number: string; label: string | null; destination: Schemas["Destination"] | null; callerNamePrefix: string | null; recording: boolean; language: string | null; id: string; version: number; assignedTo?: string | null; createdAt: string; updatedAt: string };
  PhoneNumberAssignment: { label?: string | null; destination?: Schemas["Destination"] | null; callerNamePrefix?: string | null; recording?: boolean; language?: string | null; tenantId: string };
  PhoneNumberClaim: { label?: string | null; destination?: Schemas["Destination"] | null; callerNamePrefix?: string | null; recording?: boolean; language?: string | null; number?: string; areaPrefix?: string };
  Extension: { number: string; displayName: string | null; enabled: boolean; devices: ({ label: string; username: string; password?: string | { secret: string } })[]; ringSeconds: number; voicemailBox: string | null; externalCallerId: string | null; externalCallerName: string | null; emergencyCallerId: string | null; emergencyLocation: string | null; forward: { always: Schemas["Destination"] | null; busy: Schemas["Destination"] | null; noAnswer: Schemas["Destination"] | null; notRegistered: Schemas["Destination"] | null }; doNotDisturb: boolean; callWaiting: boolean; followMe: { enabled: boolean; confirm: boolean; members: ({ extension: string | null; number: string | null; delaySeconds: number; ringSeconds: number })[] }; recording: "off" | "inbound" | "outbound" | "all"; recordOnDemand: "off" | "own" | "pause" | "all"; outbound: { permission: "internal" | "national" | "international"; countries: (string)[] | null; pin?: string | { secret: string } | null }; supervisor: boolean; pickupGroup: string | null; hotDeskPin?: string | { secret: string } | null; skills: ({ skill: string; level: number })[]; language: string | null; id: string; version: number; sip: { username?: string; domain: string; server: string | null; port: number | null; transport: string | null; servers: ({ server: string; port: number; transport: string })[]; password?: string }; secrets?: ({ pointer: string; value: string })[]; createdAt: string; updatedAt: string };
  NewExtension: { number: string; displayName?: string | null; enabled?: boolean; devices?: ({ label?: string; username: string; password?: string | { secret: string } })[]; ringSeconds?: number; voicemailBox?: string | null; externalCallerId?: string | null; externalCallerName?: string | null; emergencyCallerId?: string | null; emergencyLocation?: string | null; forward?: { always?: Schemas["Destination"] | null; busy?: Schemas["Destination"] | null; noAnswer?: Schemas["Destination"] | null; notRegistered?: Schemas["Destination"] | null }; doNotDisturb?: boolean; callWaiting?: boolean; followMe?: { enabled?: boolean; confirm?: boolean; members?: ({ extension?: string | null; number?: string | null; delaySeconds?: number; ringSeconds?: number })[] }; recording?: "off" | "inbound" | "outbound" | "all"; recordOnDemand?: "off" | "own" | "pause" | "all"; outbound?: { permission?: "internal" | "national" | "international"; countries?: (string)[] | null; pin?: string | { secret: string } | null }; supervisor?: boolean; pickupGroup?: string | null; hotDeskPin?: string | { secret: string } | null; skills?: ({ skill: string; level: number })[]; language?: string | null };
  ExtensionPatch: { number?: string; displayName?: string | null | null; enabled?: boolean | null; devices?: ({ label?: string; username: string; password?: string | { secret: string } })[]; ringSeconds?: number | null; voicemailBox?: string | null | null; externalCallerId?: string | null | null; externalCallerName?: string | null | null; emergencyCallerId?: string | null | null; emergencyLocation?: string | null | null; forward?: { always?: Schemas["Destination"] | null; busy?: Schemas["Destination"] | null; noAnswer?: Schemas["Destination"] | null; notRegistered?: Schemas["Destination"] | null } | null; doNotDisturb?: boolean | null; callWaiting?: boolean | null; followMe?: { enabled?: boolean; confirm?: boolean; members?: ({ extension?: string | null; number?: string | null; delaySeconds?: number; ringSeconds?: number })[] } | null; recording?: "off" | "inbound" | "outbound" | "all" | null; recordOnDemand?: "off" | "own" | "pause" | "all" | null; outbound?: { permission?: "internal" | "national" | "international"; countries?: (string)[] | null; pin?: string | { secret: string } | null } | null; supervisor?: boolean | null; pickupGroup?: string | null | null; hotDeskPin?: string | { secret: string } | null | null; skills?: ({ skill: string; level: number })[] | null; language?: string | null | null };
  RingGroup: { name: string; extensionNumber: string | null; strategy: "simultaneous" | "sequence" | "random" | "rollover"; members: ({ extension: string | null; number: string | null; delaySeconds: number; ringSeconds: number })[]; ringSeconds: number; skipBusy: boolean; confirm: boolean; callerNamePrefix: string | null; musicOnHold: string | null; afterwards: Schemas["Destination"] | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewRingGroup: { name: string; extensionNumber?: string | null; strategy?: "simultaneous" | "sequence" | "random" | "rollover"; members?: ({ extension?: string | null; number?: string | null; delaySeconds?: number; ringSeconds?: number })[]; ringSeconds?: number; skipBusy?: boolean; confirm?: boolean; callerNamePrefix?: string | null; musicOnHold?: string | null; afterwards?: Schemas["Destination"] | null };
  RingGroupPatch: { name?: string; extensionNumber?: string | null | null; strategy?: "simultaneous" | "sequence" | "random" | "rollover" | null; members?: ({ extension?: string | null; number?: string | null; delaySeconds?: number; ringSeconds?: number })[] | null; ringSeconds?: number | null; skipBusy?: boolean | null; confirm?: boolean | null; callerNamePrefix?: string | null | null; musicOnHold?: string | null | null; afterwards?: Schemas["Destination"] | null | null };
  Queue: { name: string; extensionNumber: string | null; strategy: "longest-idle" | "ring-all" | "round-robin" | "top-down" | "least-calls" | "least-talk" | "random"; agents: ({ extension: string; tier: number; position: number })[]; tierDelaySeconds: number; skills: ({ skill: string; level: number; relaxations: ({ afterSeconds: number; level: number })[] })[]; musicOnHold: string | null; greeting: string | null; announcePosition: boolean; announceWait: boolean; announcement: string | null; announceEverySeconds: number; maxWaitSeconds: number; maxWaiting: number; joinEmpty: "yes" | "no" | "unless-paused"; leaveWhenEmptySeconds: number; agentRingSeconds: number; wrapUpSeconds: number; missedCallsToPause: number; callBack: { digit: string; payer: string; tries: number; retryAfterSeconds: number; expiresSeconds: number } | null; callerNamePrefix: string | null; recording: boolean; afterwards: Schemas["Destination"] | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewQueue: { name: string; extensionNumber?: string | null; strategy?: "longest-idle" | "ring-all" | "round-robin" | "top-down" | "least-calls" | "least-talk" | "random"; agents?: ({ extension: string; tier?: number; position?: number })[]; tierDelaySeconds?: number; skills?: ({ skill: string; level: number; relaxations?: ({ afterSeconds: number; level: number })[] })[]; musicOnHold?: string | null; greeting?: string | null; announcePosition?: boolean; announceWait?: boolean; announcement?: string | null; announceEverySeconds?: number; maxWaitSeconds?: number; maxWaiting?: number; joinEmpty?: "yes" | "no" | "unless-paused"; leaveWhenEmptySeconds?: number; agentRingSeconds?: number; wrapUpSeconds?: number; missedCallsToPause?: number; callBack?: { digit?: string; payer: string; tries?: number; retryAfterSeconds?: number; expiresSeconds?: number } | null; callerNamePrefix?: string | null; recording?: boolean; afterwards?: Schemas["Destination"] | null };
  QueuePatch: { name?: string; extensionNumber?: string | null | null; strategy?: "longest-idle" | "ring-all" | "round-robin" | "top-down" | "least-calls" | "least-talk" | "random" | null; agents?: ({ extension: string; tier?: number; position?: number })[] | null; tierDelaySeconds?: number | null; skills?: ({ skill: string; level: number; relaxations?: ({ afterSeconds: number; level: number })[] })[] | null; musicOnHold?: string | null | null; greeting?: string | null | null; announcePosition?: boolean | null; announceWait?: boolean | null; announcement?: string | null | null; announceEverySeconds?: number | null; maxWaitSeconds?: number | null; maxWaiting?: number | null; joinEmpty?: "yes" | "no" | "unless-paused" | null; leaveWhenEmptySeconds?: number | null; agentRingSeconds?: number | null; wrapUpSeconds?: number | null; missedCallsToPause?: number | null; callBack?: { digit?: string; payer: string; tries?: number; retryAfterSeconds?: number; expiresSeconds?: number } | null | null; callerNamePrefix?: string | null | null; recording?: boolean | null; afterwards?: Schemas["Destination"] | null | null };
  Menu: { name: string; extensionNumber: string | null; greeting: string | null; invalidPrompt: string | null; options: ({ digits: string; label: string | null; destination: Schemas["Destination"] })[]; dialByExtension: boolean; directory: string | null; timeoutSeconds: number; betweenDigitsSeconds: number; tries: number; timeout: Schemas["Destination"] | null; invalid: Schemas["Destination"] | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewMenu: { name: string; extensionNumber?: string | null; greeting?: string | null; invalidPrompt?: string | null; options?: ({ digits: string; label?: string | null; destination: Schemas["Destination"] })[]; dialByExtension?: boolean; directory?: string | null; timeoutSeconds?: number; betweenDigitsSeconds?: number; tries?: number; timeout?: Schemas["Destination"] | null; invalid?: Schemas["Destination"] | null };
  MenuPatch: { name?: string; extensionNumber?: string | null | null; greeting?: string | null | null; invalidPrompt?: string | null | null; options?: ({ digits: string; label?: string | null; destination: Schemas["Destination"] })[] | null; dialByExtension?: boolean | null; directory?: string | null | null; timeoutSeconds?: number | null; betweenDigitsSeconds?: number | null; tries?: number | null; timeout?: Schemas["Destination"] | null | null; invalid?: Schemas["Destination"] | null | null };
  Schedule: { name: string; extensionNumber: string | null; timeZone: string | null; hours: ({ days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]; from: string; to: string })[]; holidays: ({ name: string; date: string; lastDate: string | null; destination: Schemas["Destination"] | null })[]; open: Schemas["Destination"] | null; closed: Schemas["Destination"] | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewSchedule: { name: string; extensionNumber?: string | null; timeZone?: string | null; hours?: ({ days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]; from: string; to: string })[]; holidays?: ({ name: string; date: string; lastDate?: string | null; destination?: Schemas["Destination"] | null })[]; open?: Schemas["Destination"] | null; closed?: Schemas["Destination"] | null };
  SchedulePatch: { name?: string; extensionNumber?: string | null | null; timeZone?: string | null | null; hours?: ({ days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]; from: string; to: string })[] | null; holidays?: ({ name: string; date: string; lastDate?: string | null; destination?: Schemas["Destination"] | null })[] | null; open?: Schemas["Destination"] | null | null; closed?: Schemas["Destination"] | null | null };
  Announcement: { name: string; extensionNumber: string | null; prompt: string; answer: boolean; afterwards: Schemas["Destination"] | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewAnnouncement: { name: string; extensionNumber?: string | null; prompt: string; answer?: boolean; afterwards?: Schemas["Destination"] | null };
  AnnouncementPatch: { name?: string; extensionNumber?: string | null | null; prompt?: string; answer?: boolean | null; afterwards?: Schemas["Destination"] | null | null };
  VoicemailBox: { number: string; label: string | null; pin?: string | { secret: string }; greeting: string | null; busyGreeting: string | null; maxSeconds: number; email: string | null; emailAudio: boolean; keepAfterEmail: boolean; retentionDays: number | null; maxMessages: number; id: string; version: number; secrets?: ({ pointer: string; value: string })[]; createdAt: string; updatedAt: string };
  NewVoicemailBox: { number: string; label?: string | null; pin?: string | { secret: string }; greeting?: string | null; busyGreeting?: string | null; maxSeconds?: number; email?: string | null; emailAudio?: boolean; keepAfterEmail?: boolean; retentionDays?: number | null; maxMessages?: number };
  VoicemailBoxPatch: { number?: string; label?: string | null | null; pin?: string | { secret: string } | null; greeting?: string | null | null; busyGreeting?: string | null | null; maxSeconds?: number | null; email?: string | null | null; emailAudio?: boolean | null; keepAfterEmail?: boolean | null; retentionDays?: number | null | null; maxMessages?: number | null };
  Conference: { name: string; extensionNumber: string | null; pin?: string | { secret: string } | null; moderatorPin?: string | { secret: string } | null; maxMembers: number; waitForModerator: boolean; muteOnEntry: boolean; sounds: boolean; recording: boolean; musicOnHold: string | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewConference: { name: string; extensionNumber?: string | null; pin?: string | { secret: string } | null; moderatorPin?: string | { secret: string } | null; maxMembers?: number; waitForModerator?: boolean; muteOnEntry?: boolean; sounds?: boolean; recording?: boolean; musicOnHold?: string | null };
  ConferencePatch: { name?: string; extensionNumber?: string | null | null; pin?: string | { secret: string } | null | null; moderatorPin?: string | { secret: string } | null | null; maxMembers?: number | null; waitForModerator?: boolean | null; muteOnEntry?: boolean | null; sounds?: boolean | null; recording?: boolean | null; musicOnHold?: string | null | null };
  PagingGroup: { name: string; extensionNumber: string | null; members: (string)[]; twoWay: boolean; skipBusy: boolean; id: string; version: number; createdAt: string; updatedAt: string };
  NewPagingGroup: { name: string; extensionNumber?: string | null; members?: (string)[]; twoWay?: boolean; skipBusy?: boolean };
  PagingGroupPatch: { name?: string; extensionNumber?: string | null | null; members?: (string)[] | null; twoWay?: boolean | null; skipBusy?: boolean | null };
  ParkingLot: { name: string; extensionNumber: string | null; firstSlot: string; slots: number; timeoutSeconds: number; musicOnHold: string | null; timeout: Schemas["Destination"] | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewParkingLot: { name: string; extensionNumber?: string | null; firstSlot: string; slots?: number; timeoutSeconds?: number; musicOnHold?: string | null; timeout?: Schemas["Destination"] | null };
  ParkingLotPatch: { name?: string; extensionNumber?: string | null | null; firstSlot?: string; slots?: number | null; timeoutSeconds?: number | null; musicOnHold?: string | null | null; timeout?: Schemas["Destination"] | null | null };
  Directory: { name: string; extensionNumber: string | null; greeting: string | null; members: (string)[] | null; by: "last-name" | "first-name" | "either"; digits: number; tries: number; afterwards: Schemas["Destination"] | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewDirectory: { name: string; extensionNumber?: string | null; greeting?: string | null; members?: (string)[] | null; by?: "last-name" | "first-name" | "either"; digits?: number; tries?: number; afterwards?: Schemas["Destination"] | null };
  DirectoryPatch: { name?: string; extensionNumber?: string | null | null; greeting?: string | null | null; members?: (string)[] | null | null; by?: "last-name" | "first-name" | "either" | null; digits?: number | null; tries?: number | null; afterwards?: Schemas["Destination"] | null | null };
  NewPhoneNumber: { number: string; label?: string | null; destination?: Schemas["Destination"] | null; callerNamePrefix?: string | null; recording?: boolean; language?: string | null };
  PhoneNumberPatch: { number?: string; label?: string | null | null; destination?: Schemas["Destination"] | null | null; callerNamePrefix?: string | null | null; recording?: boolean | null; language?: string | null | null };
  Trunk: { name: string; enabled: boolean; host: string; port: number | null; transport: "udp" | "tcp" | "tls"; username: string | null; password?: string | { secret: string } | null; register: boolean; inboundAddresses: (string)[]; priority: number; numberFormat: "e164" | "e164-without-plus" | "national"; prefix: string; codecs: ("opus" | "g722" | "pcmu" | "pcma")[]; maxChannels: number | null; pingSeconds: number | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewTrunk: { name: string; enabled?: boolean; host: string; port?: number | null; transport?: "udp" | "tcp" | "tls"; username?: string | null; password?: string | { secret: string } | null; register?: boolean; inboundAddresses?: (string)[]; priority?: number; numberFormat?: "e164" | "e164-without-plus" | "national"; prefix?: string; codecs?: ("opus" | "g722" | "pcmu" | "pcma")[]; maxChannels?: number | null; pingSeconds?: number | null };
  TrunkPatch: { name?: string; enabled?: boolean | null; host?: string; port?: number | null | null; transport?: "udp" | "tcp" | "tls" | null; username?: string | null | null; password?: string | { secret: string } | null | null; register?: boolean | null; inboundAddresses?: (string)[] | null; priority?: number | null; numberFormat?: "e164" | "e164-without-plus" | "national" | null; prefix?: string | null; codecs?: ("opus" | "g722" | "pcmu" | "pcma")[] | null; maxChannels?: number | null | null; pingSeconds?: number | null | null };
  OutboundRoute: { name: string; enabled: boolean; order: number; patterns: (string)[]; trunks: (string)[]; select: "order" | "least-cost"; strip: number; prefix: string; callerId: { policy: "extension" } | { policy: "fixed"; number: string } | { policy: "anonymous" }; id: string; version: number; createdAt: string; updatedAt: string };
  NewOutboundRoute: { name: string; enabled?: boolean; order?: number; patterns: (string)[]; trunks: (string)[]; select?: "order" | "least-cost"; strip?: number; prefix?: string; callerId?: { policy: "extension" } | { policy: "fixed"; number: string } | { policy: "anonymous" } };
  OutboundRoutePatch: { name?: string; enabled?: boolean | null; order?: number | null; patterns?: (string)[]; trunks?: (string)[]; select?: "order" | "least-cost" | null; strip?: number | null; prefix?: string | null; callerId?: { policy: "extension" } | { policy: "fixed"; number: string } | { policy: "anonymous" } | null };
  RateTable: { name: string; trunk: string; currency: string; rates: ({ prefix: string; perMinute: number })[]; id: string; version: number; createdAt: string; updatedAt: string };
  NewRateTable: { name: string; trunk: string; currency?: string; rates?: ({ prefix: string; perMinute: number })[] };
  RateTablePatch: { name?: string; trunk?: string; currency?: string | null; rates?: ({ prefix: string; perMinute: number })[] | null };
  BlockRule: { name: string; enabled: boolean; direction: "inbound" | "outbound"; patterns: (string)[]; anonymous: boolean; message: string | null; destination: Schemas["Destination"] | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewBlockRule: { name: string; enabled?: boolean; direction?: "inbound" | "outbound"; patterns?: (string)[]; anonymous?: boolean; message?: string | null; destination?: Schemas["Destination"] | null };
  BlockRulePatch: { name?: string; enabled?: boolean | null; direction?: "inbound" | "outbound" | null; patterns?: (string)[] | null; anonymous?: boolean | null; message?: string | null | null; destination?: Schemas["Destination"] | null | null };
  Contact: { number: string; name: string; company: string | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewContact: { number: string; name: string; company?: string | null };
  ContactPatch: { number?: string; name?: string; company?: string | null | null };
  SpeedDial: { number: string; name: string | null; target: string; id: string; version: number; createdAt: string; updatedAt: string };
  NewSpeedDial: { number: string; name?: string | null; target: string };
  SpeedDialPatch: { number?: string; name?: string | null | null; target?: string };
  FeatureCode: { action: "voicemail-own" | "voicemail-any" | "voicemail-leave" | "pickup-group" | "pickup-extension" | "call-park" | "do-not-disturb-on" | "do-not-disturb-off" | "forward-always-on" | "forward-always-off" | "forward-busy-on" | "forward-busy-off" | "forward-no-answer-on" | "forward-no-answer-off" | "follow-me-on" | "follow-me-off" | "agent-login" | "agent-logout" | "agent-pause" | "agent-resume" | "schedule-override" | "intercom" | "eavesdrop" | "whisper" | "barge" | "hot-desk-login" | "hot-desk-logout" | "caller-id-hide" | "call-return" | "echo-test" | "say-extension" | "record" | "record-pause"; code: string | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewFeatureCode: { action: "voicemail-own" | "voicemail-any" | "voicemail-leave" | "pickup-group" | "pickup-extension" | "call-park" | "do-not-disturb-on" | "do-not-disturb-off" | "forward-always-on" | "forward-always-off" | "forward-busy-on" | "forward-busy-off" | "forward-no-answer-on" | "forward-no-answer-off" | "follow-me-on" | "follow-me-off" | "agent-login" | "agent-logout" | "agent-pause" | "agent-resume" | "schedule-override" | "intercom" | "eavesdrop" | "whisper" | "barge" | "hot-desk-login" | "hot-desk-logout" | "caller-id-hide" | "call-return" | "echo-test" | "say-extension" | "record" | "record-pause"; code: string | null };
  FeatureCodePatch: { action?: "voicemail-own" | "voicemail-any" | "voicemail-leave" | "pickup-group" | "pickup-extension" | "call-park" | "do-not-disturb-on" | "do-not-disturb-off" | "forward-always-on" | "forward-always-off" | "forward-busy-on" | "forward-busy-off" | "forward-no-answer-on" | "forward-no-answer-off" | "follow-me-on" | "follow-me-off" | "agent-login" | "agent-logout" | "agent-pause" | "agent-resume" | "schedule-override" | "intercom" | "eavesdrop" | "whisper" | "barge" | "hot-desk-login" | "hot-desk-logout" | "caller-id-hide" | "call-return" | "echo-test" | "say-extension" | "record" | "record-pause"; code?: string | null };
  Prompt: { name: string; audio: { sha256: string; bytes: number; contentType: "audio/wav" | "audio/mpeg" } | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewPrompt: { name: string; audio?: { sha256: string; bytes: number; contentType: "audio/wav" | "audio/mpeg" } | null };
  PromptPatch: { name?: string; audio?: { sha256: string; bytes: number; contentType: "audio/wav" | "audio/mpeg" } | null | null };
  MusicOnHold: { name: string; prompts: (string)[]; shuffle: boolean; id: string; version: number; createdAt: string; updatedAt: string };
  NewMusicOnHold: { name: string; prompts: (string)[]; shuffle?: boolean };
  MusicOnHoldPatch: { name?: string; prompts?: (string)[]; shuffle?: boolean | null };
  Plan: { name: string; extensions: number | null; phoneNumbers: number | null; concurrentCalls: number | null; callsPerSecond: number | null; recordingMinutesPerMonth: number | null; apiRequestsPerMinute: number | null; countries: (string)[] | null; onlyNumbers: (string)[] | null; minutesPerDay: number | null; dailySpend: { amount: number; currency: string } | null; id: string; version: number; createdAt: string; updatedAt: string };
  NewPlan: { name: string; extensions?: number | null; phoneNumbers?: number | null; concurrentCalls?: number | null; callsPerSecond?: number | null; recordingMinutesPerMonth?: number | null; apiRequestsPerMinute?: number | null; countries?: (string)[] | null; onlyNumbers?: (string)[] | null; minutesPerDay?: number | null; dailySpend?: { amount: number; currency: string } | null };
  PlanPatch: { name?: string; extensions?: number | null | null; phoneNumbers?: number | null | null; concurrentCalls?: number | null | null; callsPerSecond?: number | null | null; recordingMinutesPerMonth?: number | null | null; apiRequestsPerMinute?: number | null | null; countries?: (string)[] | null | null; onlyNumbers?: (string)[] | null | null; minutesPerDay?: number | null | null; dailySpend?: { amount: number; currency: string } | null | null };
  Template: { name: string; description: string; document: Record<string, unknown>; id: string; version: number; createdAt: string; updatedAt: string };
  NewTemplate: { name: string; description?: string; document?: Record<string, unknown> };
  TemplatePatch: { name?: string; description?: string | null; document?: Record<string, unknown> | null };
  NewLimits: { plan?: string | null; extensions?: number | null; phoneNumbers?: number | null; concurrentCalls?: number | null; callsPerSecond?: number | null; recordingMinutesPerMonth?: number | null; apiRequestsPerMinute?: number | null; countries?: (string)[] | null; onlyNumbers?: (string)[] | null; minutesPerDay?: number | null; dailySpend?: { amount: number; currency: string } | null };
  Brand: { name: string; domain: string | null; color: string | null; logo: string | null; replyTo: string | null; signUp: { templates: (string)[]; plan: string | null; poolId: string | null; areaPrefix: string | null; review: boolean; accountId: string | null } | null; accountId: string | null };
  NewBrand: { name: string; domain?: string | null; color?: string | null; logo?: string | null; replyTo?: string | null; signUp?: { templates?: (string)[]; plan?: string | null; poolId?: string | null; areaPrefix?: string | null; review?: boolean; accountId?: string | null } | null };
  BatchResult: { revision: number | null; create: ({ id: string | null; key: string; version: number; secrets?: ({ pointer: string; value: string })[] })[]; update: ({ id: string | null; key: string; version: number; secrets?: ({ pointer: string; value: string })[] })[]; delete: ({ id: string; key: string })[] };
  ExtensionChange: { number?: string; displayName?: string | null | null; enabled?: boolean | null; devices?: ({ label?: string; username: string; password?: string | { secret: string } })[]; ringSeconds?: number | null; voicemailBox?: string | null | null; externalCallerId?: string | null | null; externalCallerName?: string | null | null; emergencyCallerId?: string | null | null; emergencyLocation?: string | null | null; forward?: { always?: Schemas["Destination"] | null; busy?: Schemas["Destination"] | null; noAnswer?: Schemas["Destination"] | null; notRegistered?: Schemas["Destination"] | null } | null; doNotDisturb?: boolean | null; callWaiting?: boolean | null; followMe?: { enabled?: boolean; confirm?: boolean; members?: ({ extension?: string | null; number?: string | null; delaySeconds?: number; ringSeconds?: number })[] } | null; recording?: "off" | "inbound" | "outbound" | "all" | null; recordOnDemand?: "off" | "own" | "pause" | "all" | null; outbound?: { permission?: "internal" | "national" | "international"; countries?: (string)[] | null; pin?: string | { secret: string } | null } | null; supervisor?: boolean | null; pickupGroup?: string | null | null; hotDeskPin?: string | { secret: string } | null | null; skills?: ({ skill: string; level: number })[] | null; language?: string | null | null; id?: string };
  ExtensionBatch: { create?: (Schemas["NewExtension"])[]; update?: (Schemas["ExtensionChange"])[]; delete?: (string)[] };
  RingGroupChange: { name?: string; extensionNumber?: string | null | null; strategy?: "simultaneous" | "sequence" | "random" | "rollover" | null; members?: ({ extension?: string | null; number?: string | null; delaySeconds?: number; ringSeconds?: number })[] | null; ringSeconds?: number | null; skipBusy?: boolean | null; confirm?: boolean | null; callerNamePrefix?: string | null | null; musicOnHold?: string | null | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  RingGroupBatch: { create?: (Schemas["NewRingGroup"])[]; update?: (Schemas["RingGroupChange"])[]; delete?: (string)[] };
  QueueChange: { name?: string; extensionNumber?: string | null | null; strategy?: "longest-idle" | "ring-all" | "round-robin" | "top-down" | "least-calls" | "least-talk" | "random" | null; agents?: ({ extension: string; tier?: number; position?: number })[] | null; tierDelaySeconds?: number | null; skills?: ({ skill: string; level: number; relaxations?: ({ afterSeconds: number; level: number })[] })[] | null; musicOnHold?: string | null | null; greeting?: string | null | null; announcePosition?: boolean | null; announceWait?: boolean | null; announcement?: string | null | null; announceEverySeconds?: number | null; maxWaitSeconds?: number | null; maxWaiting?: number | null; joinEmpty?: "yes" | "no" | "unless-paused" | null; leaveWhenEmptySeconds?: number | null; agentRingSeconds?: number | null; wrapUpSeconds?: number | null; missedCallsToPause?: number | null; callBack?: { digit?: string; payer: string; tries?: number; retryAfterSeconds?: number; expiresSeconds?: number } | null | null; callerNamePrefix?: string | null | null; recording?: boolean | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  QueueBatch: { create?: (Schemas["NewQueue"])[]; update?: (Schemas["QueueChange"])[]; delete?: (string)[] };
  MenuChange: { name?: string; extensionNumber?: string | null | null; greeting?: string | null | null; invalidPrompt?: string | null | null; options?: ({ digits: string; label?: string | null; destination: Schemas["Destination"] })[] | null; dialByExtension?: boolean | null; directory?: string | null | null; timeoutSeconds?: number | null; betweenDigitsSeconds?: number | null; tries?: number | null; timeout?: Schemas["Destination"] | null | null; invalid?: Schemas["Destination"] | null | null; id?: string };
  MenuBatch: { create?: (Schemas["NewMenu"])[]; update?: (Schemas["MenuChange"])[]; delete?: (string)[] };
  ScheduleChange: { name?: string; extensionNumber?: string | null | null; timeZone?: string | null | null; hours?: ({ days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]; from: string; to: string })[] | null; holidays?: ({ name: string; date: string; lastDate?: string | null; destination?: Schemas["Destination"] | null })[] | null; open?: Schemas["Destination"] | null | null; closed?: Schemas["Destination"] | null | null; id?: string };
  ScheduleBatch: { create?: (Schemas["NewSchedule"])[]; update?: (Schemas["ScheduleChange"])[]; delete?: (string)[] };
  AnnouncementChange: { name?: string; extensionNumber?: string | null | null; prompt?: string; answer?: boolean | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  AnnouncementBatch: { create?: (Schemas["NewAnnouncement"])[]; update?: (Schemas["AnnouncementChange"])[]; delete?: (string)[] };
  VoicemailBoxChange: { number?: string; label?: string | null | null; pin?: string | { secret: string } | null; greeting?: string | null | null; busyGreeting?: string | null | null; maxSeconds?: number | null; email?: string | null | null; emailAudio?: boolean | null; keepAfterEmail?: boolean | null; retentionDays?: number | null | null; maxMessages?: number | null; id?: string };
  VoicemailBoxBatch: { create?: (Schemas["NewVoicemailBox"])[]; update?: (Schemas["VoicemailBoxChange"])[]; delete?: (string)[] };
  ConferenceChange: { name?: string; extensionNumber?: string | null | null; pin?: string | { secret: string } | null | null; moderatorPin?: string | { secret: string } | null | null; maxMembers?: number | null; waitForModerator?: boolean | null; muteOnEntry?: boolean | null; sounds?: boolean | null; recording?: boolean | null; musicOnHold?: string | null | null; id?: string };
  ConferenceBatch: { create?: (Schemas["NewConference"])[]; update?: (Schemas["ConferenceChange"])[]; delete?: (string)[] };
  PagingGroupChange: { name?: string; extensionNumber?: string | null | null; members?: (string)[] | null; twoWay?: boolean | null; skipBusy?: boolean | null; id?: string };
  PagingGroupBatch: { create?: (Schemas["NewPagingGroup"])[]; update?: (Schemas["PagingGroupChange"])[]; delete?: (string)[] };
  ParkingLotChange: { name?: string; extensionNumber?: string | null | null; firstSlot?: string; slots?: number | null; timeoutSeconds?: number | null; musicOnHold?: string | null | null; timeout?: Schemas["Destination"] | null | null; id?: string };
  ParkingLotBatch: { create?: (Schemas["NewParkingLot"])[]; update?: (Schemas["ParkingLotChange"])[]; delete?: (string)[] };
  DirectoryChange: { name?: string; extensionNumber?: string | null | null; greeting?: string | null | null; members?: (string)[] | null | null; by?: "last-name" | "first-name" | "either" | null; digits?: number | null; tries?: number | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  DirectoryBatch: { create?: (Schemas["NewDirectory"])[]; update?: (Schemas["DirectoryChange"])[]; delete?: (string)[] };
  PhoneNumberChange: { number?: string; label?: string | null | null; destination?: Schemas["Destination"] | null | null; callerNamePrefix?: string | null | null; recording?: boolean | null; language?: string | null | null; id?: string };
  PhoneNumberBatch: { create?: (Schemas["NewPhoneNumber"])[]; update?: (Schemas["PhoneNumberChange"])[]; delete?: (string)[] };
  TrunkChange: { name?: string; enabled?: boolean | null; host?: string; port?: number | null | null; transport?: "udp" | "tcp" | "tls" | null; username?: string | null | null; password?: string | { secret: string } | null | null; register?: boolean | null; inboundAddresses?: (string)[] | null; priority?: number | null; numberFormat?: "e164" | "e164-without-plus" | "national" | null; prefix?: string | null; codecs?: ("opus" | "g722" | "pcmu" | "pcma")[] | null; maxChannels?: number | null | null; pingSeconds?: number | null | null; id?: string };
  TrunkBatch: { create?: (Schemas["NewTrunk"])[]; update?: (Schemas["TrunkChange"])[]; delete?: (string)[] };
  OutboundRouteChange: { name?: string; enabled?: boolean | null; order?: number | null; patterns?: (string)[]; trunks?: (string)[]; select?: "order" | "least-cost" | null; strip?: number | null; prefix?: string | null; callerId?: { policy: "extension" } | { policy: "fixed"; number: string } | { policy: "anonymous" } | null; id?: string };
  OutboundRouteBatch: { create?: (Schemas["NewOutboundRoute"])[]; update?: (Schemas["OutboundRouteChange"])[]; delete?: (string)[] };
  RateTableChange: { name?: string; trunk?: string; currency?: string | null; rates?: ({ prefix: string; perMinute: number })[] | null; id?: string };
  RateTableBatch: { create?: (Schemas["NewRateTable"])[]; update?: (Schemas["RateTableChange"])[]; delete?: (string)[] };
  BlockRuleChange: { name?: string; enabled?: boolean | null; direction?: "inbound" | "outbound" | null; patterns?: (string)[] | null; anonymous?: boolean | null; message?: string | null | null; destination?: Schemas["Destination"] | null | null; id?: string };
  BlockRuleBatch: { create?: (Schemas["NewBlockRule"])[]; update?: (Schemas["BlockRuleChange"])[]; delete?: (string)[] };
  ContactChange: { number?: string; name?: string; company?: string | null | null; id?: string };
  ContactBatch: { create?: (Schemas["NewContact"])[]; update?: (Schemas["ContactChange"])[]; delete?: (string)[] };
  SpeedDialChange: { number?: string; name?: string | null | null; target?: string; id?: string };
  SpeedDialBatch: { create?: (Schemas["NewSpeedDial"])[]; update?: (Schemas["SpeedDialChange"])[]; delete?: (string)[] };
  FeatureCodeChange: { action?: "voicemail-own" | "voicemail-any" | "voicemail-leave" | "pickup-group" | "pickup-extension" | "call-park" | "do-not-disturb-on" | "do-not-disturb-off" | "forward-always-on" | "forward-always-off" | "forward-busy-on" | "forward-busy-off" | "forward-no-answer-on" | "forward-no-answer-off" | "follow-me-on" | "follow-me-off" | "agent-login" | "agent-logout" | "agent-pause" | "agent-resume" | "schedule-override" | "intercom" | "eavesdrop" | "whisper" | "barge" | "hot-desk-login" | "hot-desk-logout" | "caller-id-hide" | "call-return" | "echo-test" | "say-extension" | "record" | "record-pause"; code?: string | null; id?: string };
  FeatureCodeBatch: { create?: (Schemas["NewFeatureCode"])[]; update?: (Schemas["FeatureCodeChange"])[]; delete?: (string)[] };
  PromptChange: { name?: string; audio?: { sha256: string; bytes: number; contentType: "audio/wav" | "audio/mpeg" } | null | null; id?: string };
  PromptBatch: { create?: (Schemas["NewPrompt"])[]; update?: (Schemas["PromptChange"])[]; delete?: (string)[] };
  MusicOnHoldChange: { name?: string; prompts?: (string)[]; shuffle?: boolean | null; id?: string };
  MusicOnHoldBatch: { create?: (Schemas["NewMusicOnHold"])[]; update?: (Schemas["MusicOnHoldChange"])[]; delete?: (string)[] };
  PlanChange: { name?: string; extensions?: number | null | null; phoneNumbers?: number | null | null; concurrentCalls?: number | null | null; callsPerSecond?: number | null | null; recordingMinutesPerMonth?: number | null | null; apiRequestsPerMinute?: number | null | null; countries?: (string)[] | null | null; onlyNumbers?: (string)[] | null | null; minutesPerDay?: number | null | null; dailySpend?: { amount: number; currency: string } | null | null; id?: string };
  PlanBatch: { create?: (Schemas["NewPlan"])[]; update?: (Schemas["PlanChange"])[]; delete?: (string)[] };
  TemplateChange: { name?: string; description?: string | null; document?: Record<string, unknown> | null; id?: string };
  TemplateBatch: { create?: (Schemas["NewTemplate"])[]; update?: (Schemas["TemplateChange"])[]; delete?: (string)[] };
  ExtensionItemOutput: { number?: string; displayName?: string | null | null; enabled?: boolean | null; devices?: ({ label: string; username: string; password?: string | { secret: string } })[]; ringSeconds?: number | null; voicemailBox?: string | null | null; externalCallerId?: string | null | null; externalCallerName?: string | null | null; emergencyCallerId?: string | null | null; emergencyLocation?: string | null | null; forward?: { always: Schemas["Destination"] | null; busy: Schemas["Destination"] | null; noAnswer: Schemas["Destination"] | null; notRegistered: Schemas["Destination"] | null } | null; doNotDisturb?: boolean | null; callWaiting?: boolean | null; followMe?: { enabled: boolean; confirm: boolean; members: ({ extension: string | null; number: string | null; delaySeconds: number; ringSeconds: number })[] } | null; recording?: "off" | "inbound" | "outbound" | "all" | null; recordOnDemand?: "off" | "own" | "pause" | "all" | null; outbound?: { permission: "internal" | "national" | "international"; countries: (string)[] | null; pin?: string | { secret: string } | null } | null; supervisor?: boolean | null; pickupGroup?: string | null | null; hotDeskPin?: string | { secret: string } | null | null; skills?: ({ skill: string; level: number })[] | null; language?: string | null | null; id?: string };
  RingGroupItemOutput: { name?: string; extensionNumber?: string | null | null; strategy?: "simultaneous" | "sequence" | "random" | "rollover" | null; members?: ({ extension: string | null; number: string | null; delaySeconds: number; ringSeconds: number })[] | null; ringSeconds?: number | null; skipBusy?: boolean | null; confirm?: boolean | null; callerNamePrefix?: string | null | null; musicOnHold?: string | null | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  QueueItemOutput: { name?: string; extensionNumber?: string | null | null; strategy?: "longest-idle" | "ring-all" | "round-robin" | "top-down" | "least-calls" | "least-talk" | "random" | null; agents?: ({ extension: string; tier: number; position: number })[] | null; tierDelaySeconds?: number | null; skills?: ({ skill: string; level: number; relaxations: ({ afterSeconds: number; level: number })[] })[] | null; musicOnHold?: string | null | null; greeting?: string | null | null; announcePosition?: boolean | null; announceWait?: boolean | null; announcement?: string | null | null; announceEverySeconds?: number | null; maxWaitSeconds?: number | null; maxWaiting?: number | null; joinEmpty?: "yes" | "no" | "unless-paused" | null; leaveWhenEmptySeconds?: number | null; agentRingSeconds?: number | null; wrapUpSeconds?: number | null; missedCallsToPause?: number | null; callBack?: { digit: string; payer: string; tries: number; retryAfterSeconds: number; expiresSeconds: number } | null | null; callerNamePrefix?: string | null | null; recording?: boolean | null; afterwards?: Schemas["Destination"] | null | null; id?: string };
  MenuItemOutput: { name?: string; extensionNumber?: string | null | null; greeting?: string | null | null; invalidPrompt?: string | null | null; options?: ({ digits: string; label: string | null; destination: Schemas["Destination"] })[] | null; dialByExtension?: boolean | null; directory?: string | null | null; timeoutSeconds?: number | null; betweenDigitsSeconds?: number | null; tries?: number | null; timeout?: Schemas["Destination"] | null | null; invalid?: Schemas["Destination"] | null | null; id?: string };
  ScheduleItemOutput: { name?: string; extensionNumber?: string | null | null; timeZone?: string | null | null; hours?: ({ days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]; from: string; to: string })[] | null; holidays?: ({ name: string; date: string; lastDate: string | null; destination: Schemas["Destination"] | null })[] | null; open?: Schemas["Destination"] | null | null; closed?: Schemas["Destination"] | null | null; id?: string };
  TenantDocumentOutput: { settings?: { name?: string; domain?: string; country?: string | null; timeZone?: string | null; language?: string | null; musicOnHold?: string | null | null; recordingRetentionDays?: number | null | null; voicemailRetentionDays?: number | null | null }; extensions?: (Schemas["ExtensionItemOutput"])[]; "ring-groups"?: (Schemas["RingGroupItemOutput"])[]; queues?: (Schemas["QueueItemOutput"])[]; menus?: (Schemas["MenuItemOutput"])[]; schedules?: (Schemas["ScheduleItemOutput"])[]; announcements?: (Schemas["AnnouncementItem"])[]; "voicemail-boxes"?: (Schemas["VoicemailBoxItem"])[]; conferences?: (Schemas["ConferenceItem"])[]; "paging-groups"?: (Schemas["PagingGroupItem"])[]; "parking-lots"?: (Schemas["ParkingLotItem"])[]; directories?: (Schemas["DirectoryItem"])[]; "phone-numbers"?: (Schemas["PhoneNumberItem"])[]; trunks?: (Schemas["TrunkItem"])[]; "outbound-routes"?: (Schemas["OutboundRouteItem"])[]; "rate-tables"?: (Schemas["RateTableItem"])[]; "block-rules"?: (Schemas["BlockRuleItem"])[]; contacts?: (Schemas["ContactItem"])[]; "speed-dials"?: (Schemas["SpeedDialItem"])[]; "feature-codes"?: (Schemas["FeatureCodeItem"])[]; prompts?: (Schemas["PromptItem"])[]; "music-on-hold"?: (Schemas["MusicOnHoldItem"])[] };
  PlanItem: { name?: string; extensions?: number | null | null; phoneNumbers?: number | null | null; concurrentCalls?: number | null | null; callsPerSecond?: number | null | null; recordingMinutesPerMonth?: number | null | null; apiRequestsPerMinute?: number | null | null; countries?: (string)[] | null | null; onlyNumbers?: (string)[] | null | null; minutesPerDay?: number | null | null; dailySpend?: { amount: number; currency: string } | null | null; id?: string };
  TemplateItem: { name?: string; description?: string | null; document?: Record<string, unknown> | null; id?: string };
  AccountDocument: { settings?: { name?: string; sipZone?: string | null | null; deletionGraceDays?: number | null | null; country?: string | null; timeZone?: string | null; language?: string | null }; "phone-numbers"?: (Schemas["PhoneNumberItem"])[]; trunks?: (Schemas["TrunkItem"])[]; "outbound-routes"?: (Schemas["OutboundRouteItem"])[]; "rate-tables"?: (Schemas["RateTableItem"])[]; prompts?: (Schemas["PromptItem"])[]; "music-on-hold"?: (Schemas["MusicOnHoldItem"])[]; plans?: (Schemas["PlanItem"])[]; templates?: (Schemas["TemplateItem"])[] };
  SignIn: { secondFactor: boolean };
  Sso: { issuer: string; clientId: string; domains: (string)[]; role: "owner" | "admin" | "billing" | "support"; required: boolean; redirectUri: string };
  NewSso: { issuer: string; clientId: string; domains: (string)[]; role?: "owner" | "admin" | "billing" | "support"; required?: boolean; clientSecret?: string };
};

export type Operations = {
  /** getMe */
  "GET /v1/me": { path: {  }; query: {  }; body: undefined; answer: { id: string; name: string; scopes: (string)[]; accountId: string | null; tenantId: string | null; expiresAt: string | null; allowedIps: (string)[]; poolId: string | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; extension: { id: string; number: string; displayName: string | null } | null } | null } };
  /** createApiKey */
  "POST /v1/api-keys": { path: {  }; query: {  }; body: { name: string; scopes?: (string)[]; expiresAt?: string | null; allowedIps?: (string)[]; memberId?: string; poolId?: string; accountId?: string; tenantId?: string }; answer: { id: string; name: string; scopes: (string)[]; poolId: string | null; memberId: string | null; accountId: string | null; tenantId: string | null; expiresAt: string | null; allowedIps: (string)[]; lastUsedAt: string | null; lastUsedFrom: string | null; hint: string; previousUntil: string | null; version: number; createdAt: string; key: string } };
  /** listApiKeys */
  "GET /v1/api-keys": { path: {  }; query: { accountId?: string; tenantId?: string }; body: undefined; answer: { data: ({ id: string; name: string; scopes: (string)[]; poolId: string | null; memberId: string | null; accountId: string | null; tenantId: string | null; expiresAt: string | null; allowedIps: (string)[]; lastUsedAt: string | null; lastUsedFrom: string | null; hint: string; previousUntil: string | null; version: number; createdAt: string })[]; next: string | null } };
  /** getApiKey */
  "GET /v1/api-keys/{id}": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: undefined; answer: { id: string; name: string; scopes: (string)[]; poolId: string | null; memberId: string | null; accountId: string | null; tenantId: string | null; expiresAt: string | null; allowedIps: (string)[]; lastUsedAt: string | null; lastUsedFrom: string | null; hint: string; previousUntil: string | null; version: number; createdAt: string } };
  /** updateApiKey */
  "PATCH /v1/api-keys/{id}": { path: { id: string }; query: { accountId?: string; tenantId?: string; force?: boolean }; body: { name?: string; scopes?: (string)[]; expiresAt?: string | null; allowedIps?: (string)[] }; answer: { id: string; name: string; scopes: (string)[]; poolId: string | null; memberId: string | null; accountId: string | null; tenantId: string | null; expiresAt: string | null; allowedIps: (string)[]; lastUsedAt: string | null; lastUsedFrom: string | null; hint: string; previousUntil: string | null; version: number; createdAt: string } };
  /** deleteApiKey */
  "DELETE /v1/api-keys/{id}": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: undefined; answer: undefined };
  /** rotateApiKey */
  "POST /v1/api-keys/{id}/rotate": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: { overlapSeconds?: number }; answer: { id: string; name: string; scopes: (string)[]; poolId: string | null; memberId: string | null; accountId: string | null; tenantId: string | null; expiresAt: string | null; allowedIps: (string)[]; lastUsedAt: string | null; lastUsedFrom: string | null; hint: string; previousUntil: string | null; version: number; createdAt: string; key: string } };
  /** deleteApiKeyPrevious */
  "DELETE /v1/api-keys/{id}/previous": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: undefined; answer: undefined };
  /** createTenant */
  "POST /v1/tenants": { path: {  }; query: { dryRun?: boolean }; body: Schemas["NewTenant"]; answer: { revision: number | null; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[]; secrets?: (unknown)[] } | Schemas["FoundedTenant"] };
  /** listTenants */
  "GET /v1/tenants": { path: {  }; query: { limit?: number; after?: string; deleted?: boolean }; body: undefined; answer: { data: (Schemas["Tenant"])[]; next: string | null } };
  /** createAccount */
  "POST /v1/accounts": { path: {  }; query: {  }; body: Schemas["NewAccount"]; answer: Schemas["Account"] };
  /** listAccounts */
  "GET /v1/accounts": { path: {  }; query: { limit?: number; after?: string; deleted?: boolean }; body: undefined; answer: { data: (Schemas["Account"])[]; next: string | null } };
  /** cloneTenant */
  "POST /v1/tenants/{tenant}/clone": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["CloneTenant"]; answer: { revision: number | null; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[]; secrets?: (unknown)[]; leftOut: ({ kind: string; key: string; pointer?: string; why: string })[] } | Schemas["ClonedTenant"] };
  /** getTenant */
  "GET /v1/tenants/{tenant}": { path: { tenant: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["Tenant"] };
  /** updateTenant */
  "PATCH /v1/tenants/{tenant}": { path: { tenant: string }; query: {  }; body: Schemas["TenantPatch"]; answer: Schemas["Tenant"] };
  /** deleteTenant */
  "DELETE /v1/tenants/{tenant}": { path: { tenant: string }; query: { purge?: string }; body: undefined; answer: undefined };
  /** suspendTenant */
  "POST /v1/tenants/{tenant}/suspend": { path: { tenant: string }; query: {  }; body: { reason: string }; answer: Schemas["Tenant"] };
  /** resumeTenant */
  "POST /v1/tenants/{tenant}/resume": { path: { tenant: string }; query: {  }; body: undefined; answer: Schemas["Tenant"] };
  /** getAccount */
  "GET /v1/accounts/{account}": { path: { account: string }; query: { fields?: string }; body: undefined; answer: Schemas["Account"] };
  /** updateAccount */
  "PATCH /v1/accounts/{account}": { path: { account: string }; query: {  }; body: Schemas["AccountPatch"]; answer: Schemas["Account"] };
  /** deleteAccount */
  "DELETE /v1/accounts/{account}": { path: { account: string }; query: { purge?: string; cascade?: boolean }; body: undefined; answer: undefined };
  /** suspendAccount */
  "POST /v1/accounts/{account}/suspend": { path: { account: string }; query: {  }; body: { reason: string }; answer: Schemas["Account"] };
  /** resumeAccount */
  "POST /v1/accounts/{account}/resume": { path: { account: string }; query: {  }; body: undefined; answer: Schemas["Account"] };
  /** moveTenant */
  "POST /v1/tenants/{tenant}/move": { path: { tenant: string }; query: {  }; body: { accountId: string; poolId?: string }; answer: Schemas["Tenant"] };
  /** restoreTenant */
  "POST /v1/tenants/{tenant}/restore": { path: { tenant: string }; query: {  }; body: undefined; answer: Schemas["Tenant"] };
  /** restoreAccount */
  "POST /v1/accounts/{account}/restore": { path: { account: string }; query: {  }; body: undefined; answer: Schemas["Account"] };
  /** listAccountTenants */
  "GET /v1/accounts/{account}/tenants": { path: { account: string }; query: { limit?: number; after?: string; name?: string; domain?: string; q?: string; deleted?: boolean }; body: undefined; answer: { data: (Schemas["TenantBelow"])[]; next: string | null } };
  /** listAccountAccounts */
  "GET /v1/accounts/{account}/accounts": { path: { account: string }; query: { limit?: number; after?: string; name?: string; q?: string; deleted?: boolean }; body: undefined; answer: { data: (Schemas["Account"])[]; next: string | null } };
  /** listAccountPhoneNumbers */
  "GET /v1/accounts/{account}/phone-numbers": { path: { account: string }; query: { limit?: number; after?: string; number?: string; label?: string; q?: string }; body: undefined; answer: { data: ({ number: string; label: string | null; destination: Schemas["Destination"] | null; callerNamePrefix: string | null; recording: boolean; language: string | null; id: string; version: number; assignedTo?: string | null; createdAt: string; updatedAt: string; accountId: string; tenantId: string | null; inventoryId: string | null })[]; next: string | null } };
  /** createAccountPhoneNumber */
  "POST /v1/accounts/{account}/phone-numbers": { path: { account: string }; query: {  }; body: Schemas["NewPhoneNumber"]; answer: Schemas["PhoneNumber"] };
  /** listAccountEdges */
  "GET /v1/accounts/{account}/edges": { path: { account: string }; query: { limit?: number; after?: string }; body: undefined; answer: { data: ({ id: string; pool: string; account: string; name: string; engine: string; publicKey: string; sip: unknown; createdAt: string; seenAt: string | null; health: { version: string; engine: { connected: boolean; version: string | null }; liveCalls: number; relay?: { address: string; port: number; answers: boolean } | null; inStep?: boolean; upgrade?: { version: string; reason: string } | null; certificate?: { names: (string)[]; leftOut?: ({ name: string; problem: string })[]; renewAt: string | null; expiresAt: string | null; problem: string | null } | null } | null; slot: number | null; state: "up" | "draining" | "down" | null; front: { address: string; port: number } | null; drain: { state: "draining" | "drained"; since: string; tenantsLeft: number; callsLeft: number } | null })[]; next: string | null } };
  /** listAccountSync */
  "GET /v1/accounts/{account}/sync": { path: { account: string }; query: { limit?: number; after?: string; behind?: boolean }; body: undefined; answer: { data: ({ tenantId: string; accountId: string; name: string; revision: number; edges: number; behind: number; applied: number | null; failures: number; inStep: boolean })[]; next: string | null } };
  /** listAccountCalls */
  "GET /v1/accounts/{account}/calls": { path: { account: string }; query: { limit?: number; after?: string; "startedAt[gte]"?: string; "startedAt[lte]"?: string; direction?: string; outcome?: string; extension?: string; number?: string; tenantId?: string }; body: undefined; answer: { data: ({ id: string; direction: "internal" | "inbound" | "outbound"; from: { number: string | null; name: string | null; extension: string | null }; to: { number: string | null; name: string | null; extension: string | null }; trunk: string | null; startedAt: string; answeredAt: string | null; endedAt: string; durationSeconds: number; billableSeconds: number; outcome: "answered" | "voicemail" | "no-answer" | "busy" | "rejected" | "failed" | "cancelled"; hangupCause: string; hangupBy: "caller" | "callee" | "system"; limit?: string | null; legs: ({ uuid: string; direction: "inbound" | "outbound"; startedAt: string; answeredAt: string | null; endedAt: string; cause: string; q850: number | null; sipCallId: string | null; extension: string | null; trunk: string | null })[]; segments?: ({ kind: string; id: string | null; number: string | null; name: string | null; startedAt: string; endedAt: string; outcome: string })[]; livemode: boolean; tenantId: string })[]; next: string | null } };
  /** importTenantExtensions */
  "POST /v1/tenants/{tenant}/extensions/import": { path: { tenant: string }; query: { dryRun?: boolean }; body: Blob; answer: Schemas["Imported"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** getTenantExtensionsExport */
  "GET /v1/tenants/{tenant}/extensions/export": { path: { tenant: string }; query: { number?: string; displayName?: string; enabled?: string; q?: string; bom?: boolean }; body: undefined; answer: string };
  /** importTenantPhoneNumbers */
  "POST /v1/tenants/{tenant}/phone-numbers/import": { path: { tenant: string }; query: { dryRun?: boolean }; body: Blob; answer: Schemas["Imported"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** getTenantPhoneNumbersExport */
  "GET /v1/tenants/{tenant}/phone-numbers/export": { path: { tenant: string }; query: { number?: string; label?: string; q?: string; bom?: boolean }; body: undefined; answer: string };
  /** assignAccountPhoneNumber */
  "POST /v1/accounts/{account}/phone-numbers/{id}/assign": { path: { account: string; id: string }; query: {  }; body: Schemas["PhoneNumberAssignment"]; answer: Schemas["PhoneNumber"] };
  /** releaseAccountPhoneNumber */
  "POST /v1/accounts/{account}/phone-numbers/{id}/release": { path: { account: string; id: string }; query: {  }; body: undefined; answer: Schemas["PhoneNumber"] };
  /** listTenantPhoneNumbersFree */
  "GET /v1/tenants/{tenant}/phone-numbers/free": { path: { tenant: string }; query: { limit?: number; after?: string; areaPrefix?: string }; body: undefined; answer: { data: ({ number: string })[]; next: string | null } };
  /** claimTenantPhoneNumbers */
  "POST /v1/tenants/{tenant}/phone-numbers/claim": { path: { tenant: string }; query: {  }; body: Schemas["PhoneNumberClaim"]; answer: Schemas["PhoneNumber"] };
  /** listTenantExtensions */
  "GET /v1/tenants/{tenant}/extensions": { path: { tenant: string }; query: { limit?: number; after?: string; number?: string; displayName?: string; enabled?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["Extension"])[]; next: string | null } };
  /** createTenantExtension */
  "POST /v1/tenants/{tenant}/extensions": { path: { tenant: string }; query: {  }; body: Schemas["NewExtension"]; answer: Schemas["Extension"] };
  /** getTenantExtension */
  "GET /v1/tenants/{tenant}/extensions/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["Extension"] };
  /** updateTenantExtension */
  "PATCH /v1/tenants/{tenant}/extensions/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["ExtensionPatch"]; answer: Schemas["Extension"] };
  /** deleteTenantExtension */
  "DELETE /v1/tenants/{tenant}/extensions/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantRingGroups */
  "GET /v1/tenants/{tenant}/ring-groups": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; strategy?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["RingGroup"])[]; next: string | null } };
  /** createTenantRingGroup */
  "POST /v1/tenants/{tenant}/ring-groups": { path: { tenant: string }; query: {  }; body: Schemas["NewRingGroup"]; answer: Schemas["RingGroup"] };
  /** getTenantRingGroup */
  "GET /v1/tenants/{tenant}/ring-groups/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["RingGroup"] };
  /** updateTenantRingGroup */
  "PATCH /v1/tenants/{tenant}/ring-groups/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["RingGroupPatch"]; answer: Schemas["RingGroup"] };
  /** deleteTenantRingGroup */
  "DELETE /v1/tenants/{tenant}/ring-groups/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantQueues */
  "GET /v1/tenants/{tenant}/queues": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; strategy?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["Queue"])[]; next: string | null } };
  /** createTenantQueue */
  "POST /v1/tenants/{tenant}/queues": { path: { tenant: string }; query: {  }; body: Schemas["NewQueue"]; answer: Schemas["Queue"] };
  /** getTenantQueue */
  "GET /v1/tenants/{tenant}/queues/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["Queue"] };
  /** updateTenantQueue */
  "PATCH /v1/tenants/{tenant}/queues/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["QueuePatch"]; answer: Schemas["Queue"] };
  /** deleteTenantQueue */
  "DELETE /v1/tenants/{tenant}/queues/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantMenus */
  "GET /v1/tenants/{tenant}/menus": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["Menu"])[]; next: string | null } };
  /** createTenantMenu */
  "POST /v1/tenants/{tenant}/menus": { path: { tenant: string }; query: {  }; body: Schemas["NewMenu"]; answer: Schemas["Menu"] };
  /** getTenantMenu */
  "GET /v1/tenants/{tenant}/menus/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["Menu"] };
  /** updateTenantMenu */
  "PATCH /v1/tenants/{tenant}/menus/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["MenuPatch"]; answer: Schemas["Menu"] };
  /** deleteTenantMenu */
  "DELETE /v1/tenants/{tenant}/menus/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantSchedules */
  "GET /v1/tenants/{tenant}/schedules": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["Schedule"])[]; next: string | null } };
  /** createTenantSchedule */
  "POST /v1/tenants/{tenant}/schedules": { path: { tenant: string }; query: {  }; body: Schemas["NewSchedule"]; answer: Schemas["Schedule"] };
  /** getTenantSchedule */
  "GET /v1/tenants/{tenant}/schedules/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["Schedule"] };
  /** updateTenantSchedule */
  "PATCH /v1/tenants/{tenant}/schedules/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["SchedulePatch"]; answer: Schemas["Schedule"] };
  /** deleteTenantSchedule */
  "DELETE /v1/tenants/{tenant}/schedules/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantAnnouncements */
  "GET /v1/tenants/{tenant}/announcements": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["Announcement"])[]; next: string | null } };
  /** createTenantAnnouncement */
  "POST /v1/tenants/{tenant}/announcements": { path: { tenant: string }; query: {  }; body: Schemas["NewAnnouncement"]; answer: Schemas["Announcement"] };
  /** getTenantAnnouncement */
  "GET /v1/tenants/{tenant}/announcements/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["Announcement"] };
  /** updateTenantAnnouncement */
  "PATCH /v1/tenants/{tenant}/announcements/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["AnnouncementPatch"]; answer: Schemas["Announcement"] };
  /** deleteTenantAnnouncement */
  "DELETE /v1/tenants/{tenant}/announcements/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantVoicemailBoxes */
  "GET /v1/tenants/{tenant}/voicemail-boxes": { path: { tenant: string }; query: { limit?: number; after?: string; number?: string; label?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["VoicemailBox"])[]; next: string | null } };
  /** createTenantVoicemailBox */
  "POST /v1/tenants/{tenant}/voicemail-boxes": { path: { tenant: string }; query: {  }; body: Schemas["NewVoicemailBox"]; answer: Schemas["VoicemailBox"] };
  /** getTenantVoicemailBox */
  "GET /v1/tenants/{tenant}/voicemail-boxes/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["VoicemailBox"] };
  /** updateTenantVoicemailBox */
  "PATCH /v1/tenants/{tenant}/voicemail-boxes/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["VoicemailBoxPatch"]; answer: Schemas["VoicemailBox"] };
  /** deleteTenantVoicemailBox */
  "DELETE /v1/tenants/{tenant}/voicemail-boxes/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantConferences */
  "GET /v1/tenants/{tenant}/conferences": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["Conference"])[]; next: string | null } };
  /** createTenantConference */
  "POST /v1/tenants/{tenant}/conferences": { path: { tenant: string }; query: {  }; body: Schemas["NewConference"]; answer: Schemas["Conference"] };
  /** getTenantConference */
  "GET /v1/tenants/{tenant}/conferences/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["Conference"] };
  /** updateTenantConference */
  "PATCH /v1/tenants/{tenant}/conferences/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["ConferencePatch"]; answer: Schemas["Conference"] };
  /** deleteTenantConference */
  "DELETE /v1/tenants/{tenant}/conferences/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantPagingGroups */
  "GET /v1/tenants/{tenant}/paging-groups": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["PagingGroup"])[]; next: string | null } };
  /** createTenantPagingGroup */
  "POST /v1/tenants/{tenant}/paging-groups": { path: { tenant: string }; query: {  }; body: Schemas["NewPagingGroup"]; answer: Schemas["PagingGroup"] };
  /** getTenantPagingGroup */
  "GET /v1/tenants/{tenant}/paging-groups/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["PagingGroup"] };
  /** updateTenantPagingGroup */
  "PATCH /v1/tenants/{tenant}/paging-groups/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["PagingGroupPatch"]; answer: Schemas["PagingGroup"] };
  /** deleteTenantPagingGroup */
  "DELETE /v1/tenants/{tenant}/paging-groups/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantParkingLots */
  "GET /v1/tenants/{tenant}/parking-lots": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["ParkingLot"])[]; next: string | null } };
  /** createTenantParkingLot */
  "POST /v1/tenants/{tenant}/parking-lots": { path: { tenant: string }; query: {  }; body: Schemas["NewParkingLot"]; answer: Schemas["ParkingLot"] };
  /** getTenantParkingLot */
  "GET /v1/tenants/{tenant}/parking-lots/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["ParkingLot"] };
  /** updateTenantParkingLot */
  "PATCH /v1/tenants/{tenant}/parking-lots/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["ParkingLotPatch"]; answer: Schemas["ParkingLot"] };
  /** deleteTenantParkingLot */
  "DELETE /v1/tenants/{tenant}/parking-lots/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantDirectories */
  "GET /v1/tenants/{tenant}/directories": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; extensionNumber?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["Directory"])[]; next: string | null } };
  /** createTenantDirectory */
  "POST /v1/tenants/{tenant}/directories": { path: { tenant: string }; query: {  }; body: Schemas["NewDirectory"]; answer: Schemas["Directory"] };
  /** getTenantDirectory */
  "GET /v1/tenants/{tenant}/directories/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["Directory"] };
  /** updateTenantDirectory */
  "PATCH /v1/tenants/{tenant}/directories/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["DirectoryPatch"]; answer: Schemas["Directory"] };
  /** deleteTenantDirectory */
  "DELETE /v1/tenants/{tenant}/directories/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantPhoneNumbers */
  "GET /v1/tenants/{tenant}/phone-numbers": { path: { tenant: string }; query: { limit?: number; after?: string; number?: string; label?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["PhoneNumber"])[]; next: string | null } };
  /** createTenantPhoneNumber */
  "POST /v1/tenants/{tenant}/phone-numbers": { path: { tenant: string }; query: {  }; body: Schemas["NewPhoneNumber"]; answer: Schemas["PhoneNumber"] };
  /** getTenantPhoneNumber */
  "GET /v1/tenants/{tenant}/phone-numbers/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["PhoneNumber"] };
  /** updateTenantPhoneNumber */
  "PATCH /v1/tenants/{tenant}/phone-numbers/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["PhoneNumberPatch"]; answer: Schemas["PhoneNumber"] };
  /** deleteTenantPhoneNumber */
  "DELETE /v1/tenants/{tenant}/phone-numbers/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantTrunks */
  "GET /v1/tenants/{tenant}/trunks": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; enabled?: string; q?: string; fields?: string }; body: undefined; answer: { data: (Schemas["Trunk"])[]; next: string | null } };
  /** createTenantTrunk */
  "POST /v1/tenants/{tenant}/trunks": { path: { tenant: string }; query: {  }; body: Schemas["NewTrunk"]; answer: Schemas["Trunk"] };
  /** getTenantTrunk */
  "GET /v1/tenants/{tenant}/trunks/{id}": { path: { tenant: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["Trunk"] };
  /** updateTenantTrunk */
  "PATCH /v1/tenants/{tenant}/trunks/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["TrunkPatch"]; answer: Schemas["Trunk"] };
  /** deleteTenantTrunk */
  "DELETE /v1/tenants/{tenant}/trunks/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantOutboundRoutes */
  "GET /v1/tenants/{tenant}/outbound-routes": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; enabled?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["OutboundRoute"])[]; next: string | null } };
  /** createTenantOutboundRoute */
  "POST /v1/tenants/{tenant}/outbound-routes": { path: { tenant: string }; query: {  }; body: Schemas["NewOutboundRoute"]; answer: Schemas["OutboundRoute"] };
  /** getTenantOutboundRoute */
  "GET /v1/tenants/{tenant}/outbound-routes/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["OutboundRoute"] };
  /** updateTenantOutboundRoute */
  "PATCH /v1/tenants/{tenant}/outbound-routes/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["OutboundRoutePatch"]; answer: Schemas["OutboundRoute"] };
  /** deleteTenantOutboundRoute */
  "DELETE /v1/tenants/{tenant}/outbound-routes/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantRateTables */
  "GET /v1/tenants/{tenant}/rate-tables": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["RateTable"])[]; next: string | null } };
  /** createTenantRateTable */
  "POST /v1/tenants/{tenant}/rate-tables": { path: { tenant: string }; query: {  }; body: Schemas["NewRateTable"]; answer: Schemas["RateTable"] };
  /** getTenantRateTable */
  "GET /v1/tenants/{tenant}/rate-tables/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["RateTable"] };
  /** updateTenantRateTable */
  "PATCH /v1/tenants/{tenant}/rate-tables/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["RateTablePatch"]; answer: Schemas["RateTable"] };
  /** deleteTenantRateTable */
  "DELETE /v1/tenants/{tenant}/rate-tables/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantBlockRules */
  "GET /v1/tenants/{tenant}/block-rules": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; direction?: string; enabled?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["BlockRule"])[]; next: string | null } };
  /** createTenantBlockRule */
  "POST /v1/tenants/{tenant}/block-rules": { path: { tenant: string }; query: {  }; body: Schemas["NewBlockRule"]; answer: Schemas["BlockRule"] };
  /** getTenantBlockRule */
  "GET /v1/tenants/{tenant}/block-rules/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["BlockRule"] };
  /** updateTenantBlockRule */
  "PATCH /v1/tenants/{tenant}/block-rules/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["BlockRulePatch"]; answer: Schemas["BlockRule"] };
  /** deleteTenantBlockRule */
  "DELETE /v1/tenants/{tenant}/block-rules/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantContacts */
  "GET /v1/tenants/{tenant}/contacts": { path: { tenant: string }; query: { limit?: number; after?: string; number?: string; name?: string; company?: string; q?: string; fields?: string }; body: undefined; answer: { data: (Schemas["Contact"])[]; next: string | null } };
  /** createTenantContact */
  "POST /v1/tenants/{tenant}/contacts": { path: { tenant: string }; query: {  }; body: Schemas["NewContact"]; answer: Schemas["Contact"] };
  /** getTenantContact */
  "GET /v1/tenants/{tenant}/contacts/{id}": { path: { tenant: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["Contact"] };
  /** updateTenantContact */
  "PATCH /v1/tenants/{tenant}/contacts/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["ContactPatch"]; answer: Schemas["Contact"] };
  /** deleteTenantContact */
  "DELETE /v1/tenants/{tenant}/contacts/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantSpeedDials */
  "GET /v1/tenants/{tenant}/speed-dials": { path: { tenant: string }; query: { limit?: number; after?: string; number?: string; name?: string; q?: string; fields?: string }; body: undefined; answer: { data: (Schemas["SpeedDial"])[]; next: string | null } };
  /** createTenantSpeedDial */
  "POST /v1/tenants/{tenant}/speed-dials": { path: { tenant: string }; query: {  }; body: Schemas["NewSpeedDial"]; answer: Schemas["SpeedDial"] };
  /** getTenantSpeedDial */
  "GET /v1/tenants/{tenant}/speed-dials/{id}": { path: { tenant: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["SpeedDial"] };
  /** updateTenantSpeedDial */
  "PATCH /v1/tenants/{tenant}/speed-dials/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["SpeedDialPatch"]; answer: Schemas["SpeedDial"] };
  /** deleteTenantSpeedDial */
  "DELETE /v1/tenants/{tenant}/speed-dials/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantFeatureCodes */
  "GET /v1/tenants/{tenant}/feature-codes": { path: { tenant: string }; query: { limit?: number; after?: string; action?: string; code?: string; q?: string; fields?: string }; body: undefined; answer: { data: (Schemas["FeatureCode"])[]; next: string | null } };
  /** createTenantFeatureCode */
  "POST /v1/tenants/{tenant}/feature-codes": { path: { tenant: string }; query: {  }; body: Schemas["NewFeatureCode"]; answer: Schemas["FeatureCode"] };
  /** getTenantFeatureCode */
  "GET /v1/tenants/{tenant}/feature-codes/{id}": { path: { tenant: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["FeatureCode"] };
  /** updateTenantFeatureCode */
  "PATCH /v1/tenants/{tenant}/feature-codes/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["FeatureCodePatch"]; answer: Schemas["FeatureCode"] };
  /** deleteTenantFeatureCode */
  "DELETE /v1/tenants/{tenant}/feature-codes/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantPrompts */
  "GET /v1/tenants/{tenant}/prompts": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; q?: string; fields?: string }; body: undefined; answer: { data: (Schemas["Prompt"])[]; next: string | null } };
  /** createTenantPrompt */
  "POST /v1/tenants/{tenant}/prompts": { path: { tenant: string }; query: {  }; body: Schemas["NewPrompt"]; answer: Schemas["Prompt"] };
  /** getTenantPrompt */
  "GET /v1/tenants/{tenant}/prompts/{id}": { path: { tenant: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["Prompt"] };
  /** updateTenantPrompt */
  "PATCH /v1/tenants/{tenant}/prompts/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["PromptPatch"]; answer: Schemas["Prompt"] };
  /** deleteTenantPrompt */
  "DELETE /v1/tenants/{tenant}/prompts/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantMusicOnHold */
  "GET /v1/tenants/{tenant}/music-on-hold": { path: { tenant: string }; query: { limit?: number; after?: string; name?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["MusicOnHold"])[]; next: string | null } };
  /** createTenantMusicOnHold */
  "POST /v1/tenants/{tenant}/music-on-hold": { path: { tenant: string }; query: {  }; body: Schemas["NewMusicOnHold"]; answer: Schemas["MusicOnHold"] };
  /** getTenantMusicOnHold */
  "GET /v1/tenants/{tenant}/music-on-hold/{id}": { path: { tenant: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["MusicOnHold"] };
  /** updateTenantMusicOnHold */
  "PATCH /v1/tenants/{tenant}/music-on-hold/{id}": { path: { tenant: string; id: string }; query: {  }; body: Schemas["MusicOnHoldPatch"]; answer: Schemas["MusicOnHold"] };
  /** deleteTenantMusicOnHold */
  "DELETE /v1/tenants/{tenant}/music-on-hold/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** getAccountPhoneNumber */
  "GET /v1/accounts/{account}/phone-numbers/{id}": { path: { account: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["PhoneNumber"] };
  /** updateAccountPhoneNumber */
  "PATCH /v1/accounts/{account}/phone-numbers/{id}": { path: { account: string; id: string }; query: {  }; body: Schemas["PhoneNumberPatch"]; answer: Schemas["PhoneNumber"] };
  /** deleteAccountPhoneNumber */
  "DELETE /v1/accounts/{account}/phone-numbers/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listAccountTrunks */
  "GET /v1/accounts/{account}/trunks": { path: { account: string }; query: { limit?: number; after?: string; name?: string; enabled?: string; q?: string; fields?: string }; body: undefined; answer: { data: (Schemas["Trunk"])[]; next: string | null } };
  /** createAccountTrunk */
  "POST /v1/accounts/{account}/trunks": { path: { account: string }; query: {  }; body: Schemas["NewTrunk"]; answer: Schemas["Trunk"] };
  /** getAccountTrunk */
  "GET /v1/accounts/{account}/trunks/{id}": { path: { account: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["Trunk"] };
  /** updateAccountTrunk */
  "PATCH /v1/accounts/{account}/trunks/{id}": { path: { account: string; id: string }; query: {  }; body: Schemas["TrunkPatch"]; answer: Schemas["Trunk"] };
  /** deleteAccountTrunk */
  "DELETE /v1/accounts/{account}/trunks/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listAccountOutboundRoutes */
  "GET /v1/accounts/{account}/outbound-routes": { path: { account: string }; query: { limit?: number; after?: string; name?: string; enabled?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["OutboundRoute"])[]; next: string | null } };
  /** createAccountOutboundRoute */
  "POST /v1/accounts/{account}/outbound-routes": { path: { account: string }; query: {  }; body: Schemas["NewOutboundRoute"]; answer: Schemas["OutboundRoute"] };
  /** getAccountOutboundRoute */
  "GET /v1/accounts/{account}/outbound-routes/{id}": { path: { account: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["OutboundRoute"] };
  /** updateAccountOutboundRoute */
  "PATCH /v1/accounts/{account}/outbound-routes/{id}": { path: { account: string; id: string }; query: {  }; body: Schemas["OutboundRoutePatch"]; answer: Schemas["OutboundRoute"] };
  /** deleteAccountOutboundRoute */
  "DELETE /v1/accounts/{account}/outbound-routes/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listAccountRateTables */
  "GET /v1/accounts/{account}/rate-tables": { path: { account: string }; query: { limit?: number; after?: string; name?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["RateTable"])[]; next: string | null } };
  /** createAccountRateTable */
  "POST /v1/accounts/{account}/rate-tables": { path: { account: string }; query: {  }; body: Schemas["NewRateTable"]; answer: Schemas["RateTable"] };
  /** getAccountRateTable */
  "GET /v1/accounts/{account}/rate-tables/{id}": { path: { account: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["RateTable"] };
  /** updateAccountRateTable */
  "PATCH /v1/accounts/{account}/rate-tables/{id}": { path: { account: string; id: string }; query: {  }; body: Schemas["RateTablePatch"]; answer: Schemas["RateTable"] };
  /** deleteAccountRateTable */
  "DELETE /v1/accounts/{account}/rate-tables/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listAccountPrompts */
  "GET /v1/accounts/{account}/prompts": { path: { account: string }; query: { limit?: number; after?: string; name?: string; q?: string; fields?: string }; body: undefined; answer: { data: (Schemas["Prompt"])[]; next: string | null } };
  /** createAccountPrompt */
  "POST /v1/accounts/{account}/prompts": { path: { account: string }; query: {  }; body: Schemas["NewPrompt"]; answer: Schemas["Prompt"] };
  /** getAccountPrompt */
  "GET /v1/accounts/{account}/prompts/{id}": { path: { account: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["Prompt"] };
  /** updateAccountPrompt */
  "PATCH /v1/accounts/{account}/prompts/{id}": { path: { account: string; id: string }; query: {  }; body: Schemas["PromptPatch"]; answer: Schemas["Prompt"] };
  /** deleteAccountPrompt */
  "DELETE /v1/accounts/{account}/prompts/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listAccountMusicOnHold */
  "GET /v1/accounts/{account}/music-on-hold": { path: { account: string }; query: { limit?: number; after?: string; name?: string; q?: string; fields?: string; expand?: string }; body: undefined; answer: { data: (Schemas["MusicOnHold"])[]; next: string | null } };
  /** createAccountMusicOnHold */
  "POST /v1/accounts/{account}/music-on-hold": { path: { account: string }; query: {  }; body: Schemas["NewMusicOnHold"]; answer: Schemas["MusicOnHold"] };
  /** getAccountMusicOnHold */
  "GET /v1/accounts/{account}/music-on-hold/{id}": { path: { account: string; id: string }; query: { fields?: string; expand?: string }; body: undefined; answer: Schemas["MusicOnHold"] };
  /** updateAccountMusicOnHold */
  "PATCH /v1/accounts/{account}/music-on-hold/{id}": { path: { account: string; id: string }; query: {  }; body: Schemas["MusicOnHoldPatch"]; answer: Schemas["MusicOnHold"] };
  /** deleteAccountMusicOnHold */
  "DELETE /v1/accounts/{account}/music-on-hold/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listAccountPlans */
  "GET /v1/accounts/{account}/plans": { path: { account: string }; query: { limit?: number; after?: string; name?: string; fields?: string }; body: undefined; answer: { data: (Schemas["Plan"])[]; next: string | null } };
  /** createAccountPlan */
  "POST /v1/accounts/{account}/plans": { path: { account: string }; query: {  }; body: Schemas["NewPlan"]; answer: Schemas["Plan"] };
  /** getAccountPlan */
  "GET /v1/accounts/{account}/plans/{id}": { path: { account: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["Plan"] };
  /** updateAccountPlan */
  "PATCH /v1/accounts/{account}/plans/{id}": { path: { account: string; id: string }; query: {  }; body: Schemas["PlanPatch"]; answer: Schemas["Plan"] };
  /** deleteAccountPlan */
  "DELETE /v1/accounts/{account}/plans/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** listAccountTemplates */
  "GET /v1/accounts/{account}/templates": { path: { account: string }; query: { limit?: number; after?: string; name?: string; q?: string; fields?: string }; body: undefined; answer: { data: (Schemas["Template"])[]; next: string | null } };
  /** createAccountTemplate */
  "POST /v1/accounts/{account}/templates": { path: { account: string }; query: {  }; body: Schemas["NewTemplate"]; answer: Schemas["Template"] };
  /** getAccountTemplate */
  "GET /v1/accounts/{account}/templates/{id}": { path: { account: string; id: string }; query: { fields?: string }; body: undefined; answer: Schemas["Template"] };
  /** updateAccountTemplate */
  "PATCH /v1/accounts/{account}/templates/{id}": { path: { account: string; id: string }; query: {  }; body: Schemas["TemplatePatch"]; answer: Schemas["Template"] };
  /** deleteAccountTemplate */
  "DELETE /v1/accounts/{account}/templates/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** getTenantLimits */
  "GET /v1/tenants/{tenant}/limits": { path: { tenant: string }; query: {  }; body: undefined; answer: { limits: Record<string, { value: unknown; left: number | null; from: ({ accountId?: string; tenantId?: string; by: string; planId: string | null; value: unknown; used: number | null })[] } | null>; set: ({ by: string; plan: string | null; extensions: number | null; phoneNumbers: number | null; concurrentCalls: number | null; callsPerSecond: number | null; recordingMinutesPerMonth: number | null; apiRequestsPerMinute: number | null; countries: (string)[] | null; onlyNumbers: (string)[] | null; minutesPerDay: number | null; dailySpend: { amount: number; currency: string } | null })[] } };
  /** setTenantLimits */
  "PUT /v1/tenants/{tenant}/limits": { path: { tenant: string }; query: {  }; body: Schemas["NewLimits"]; answer: { limits: Record<string, { value: unknown; left: number | null; from: ({ accountId?: string; tenantId?: string; by: string; planId: string | null; value: unknown; used: number | null })[] } | null>; set: ({ by: string; plan: string | null; extensions: number | null; phoneNumbers: number | null; concurrentCalls: number | null; callsPerSecond: number | null; recordingMinutesPerMonth: number | null; apiRequestsPerMinute: number | null; countries: (string)[] | null; onlyNumbers: (string)[] | null; minutesPerDay: number | null; dailySpend: { amount: number; currency: string } | null })[] } };
  /** deleteTenantLimits */
  "DELETE /v1/tenants/{tenant}/limits": { path: { tenant: string }; query: {  }; body: undefined; answer: { limits: Record<string, { value: unknown; left: number | null; from: ({ accountId?: string; tenantId?: string; by: string; planId: string | null; value: unknown; used: number | null })[] } | null>; set: ({ by: string; plan: string | null; extensions: number | null; phoneNumbers: number | null; concurrentCalls: number | null; callsPerSecond: number | null; recordingMinutesPerMonth: number | null; apiRequestsPerMinute: number | null; countries: (string)[] | null; onlyNumbers: (string)[] | null; minutesPerDay: number | null; dailySpend: { amount: number; currency: string } | null })[] } };
  /** getAccountLimits */
  "GET /v1/accounts/{account}/limits": { path: { account: string }; query: {  }; body: undefined; answer: { limits: Record<string, { value: unknown; left: number | null; from: ({ accountId?: string; tenantId?: string; by: string; planId: string | null; value: unknown; used: number | null })[] } | null>; set: ({ by: string; plan: string | null; extensions: number | null; phoneNumbers: number | null; concurrentCalls: number | null; callsPerSecond: number | null; recordingMinutesPerMonth: number | null; apiRequestsPerMinute: number | null; countries: (string)[] | null; onlyNumbers: (string)[] | null; minutesPerDay: number | null; dailySpend: { amount: number; currency: string } | null })[] } };
  /** setAccountLimits */
  "PUT /v1/accounts/{account}/limits": { path: { account: string }; query: {  }; body: Schemas["NewLimits"]; answer: { limits: Record<string, { value: unknown; left: number | null; from: ({ accountId?: string; tenantId?: string; by: string; planId: string | null; value: unknown; used: number | null })[] } | null>; set: ({ by: string; plan: string | null; extensions: number | null; phoneNumbers: number | null; concurrentCalls: number | null; callsPerSecond: number | null; recordingMinutesPerMonth: number | null; apiRequestsPerMinute: number | null; countries: (string)[] | null; onlyNumbers: (string)[] | null; minutesPerDay: number | null; dailySpend: { amount: number; currency: string } | null })[] } };
  /** deleteAccountLimits */
  "DELETE /v1/accounts/{account}/limits": { path: { account: string }; query: {  }; body: undefined; answer: { limits: Record<string, { value: unknown; left: number | null; from: ({ accountId?: string; tenantId?: string; by: string; planId: string | null; value: unknown; used: number | null })[] } | null>; set: ({ by: string; plan: string | null; extensions: number | null; phoneNumbers: number | null; concurrentCalls: number | null; callsPerSecond: number | null; recordingMinutesPerMonth: number | null; apiRequestsPerMinute: number | null; countries: (string)[] | null; onlyNumbers: (string)[] | null; minutesPerDay: number | null; dailySpend: { amount: number; currency: string } | null })[] } };
  /** getAccountBrand */
  "GET /v1/accounts/{account}/brand": { path: { account: string }; query: {  }; body: undefined; answer: Schemas["Brand"] };
  /** setAccountBrand */
  "PUT /v1/accounts/{account}/brand": { path: { account: string }; query: {  }; body: Schemas["NewBrand"]; answer: Schemas["Brand"] };
  /** deleteAccountBrand */
  "DELETE /v1/accounts/{account}/brand": { path: { account: string }; query: {  }; body: undefined; answer: undefined };
  /** listAccountSignUps */
  "GET /v1/accounts/{account}/sign-ups": { path: { account: string }; query: { limit?: number; after?: string }; body: undefined; answer: { data: ({ id: string; accountId: string; email: string; name: string; company: string; template: string | null; language: "en" | "fr"; createdAt: string })[]; next: string | null } };
  /** approveAccountSignUp */
  "POST /v1/accounts/{account}/sign-ups/{id}/approve": { path: { account: string; id: string }; query: {  }; body: undefined; answer: { tenantId: string } };
  /** deleteAccountSignUp */
  "DELETE /v1/accounts/{account}/sign-ups/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** getTenantTrial */
  "GET /v1/tenants/{tenant}/trial": { path: { tenant: string }; query: {  }; body: undefined; answer: { active: boolean; number: string | null; until: string | null } };
  /** deleteTenantTrial */
  "DELETE /v1/tenants/{tenant}/trial": { path: { tenant: string }; query: {  }; body: undefined; answer: undefined };
  /** createTenantTrialPhone */
  "POST /v1/tenants/{tenant}/trial/phone": { path: { tenant: string }; query: {  }; body: { number: string }; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** verifyTenantTrialPhone */
  "POST /v1/tenants/{tenant}/trial/phone/verify": { path: { tenant: string }; query: {  }; body: { code: string }; answer: { number: string } };
  /** rotateTenantExtensionDevice */
  "POST /v1/tenants/{tenant}/extensions/{id}/devices/{device}/rotate": { path: { tenant: string; id: string; device: string }; query: {  }; body: undefined; answer: Schemas["Extension"] };
  /** createTenantExtensionSipToken */
  "POST /v1/tenants/{tenant}/extensions/{id}/sip-token": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { username: string; authorizationUsername: string; domain: string; password: string; displayName: string; expiresAt: string; servers: (string)[]; iceServers: ({ urls: (string)[]; username?: string; credential?: string })[] } };
  /** importTenantScheduleHolidays */
  "POST /v1/tenants/{tenant}/schedules/{id}/holidays/import": { path: { tenant: string; id: string }; query: {  }; body: Blob; answer: { imported: number; known: number; skipped: ({ name: string; why: string })[]; schedule: Schemas["Schedule"] } };
  /** uploadTenantPromptAudio */
  "PUT /v1/tenants/{tenant}/prompts/{id}/audio": { path: { tenant: string; id: string }; query: {  }; body: Blob; answer: Schemas["Prompt"] };
  /** createTenantPromptAudio */
  "POST /v1/tenants/{tenant}/prompts/{id}/audio": { path: { tenant: string; id: string }; query: {  }; body: { sha256: string; bytes: number; contentType: "audio/wav" | "audio/mpeg" }; answer: { url: string; headers: Record<string, string>; expiresAt: string } };
  /** getTenantPromptAudio */
  "GET /v1/tenants/{tenant}/prompts/{id}/audio": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { url: string; expiresAt: string; contentType: string; bytes: number } };
  /** uploadAccountPromptAudio */
  "PUT /v1/accounts/{account}/prompts/{id}/audio": { path: { account: string; id: string }; query: {  }; body: Blob; answer: Schemas["Prompt"] };
  /** createAccountPromptAudio */
  "POST /v1/accounts/{account}/prompts/{id}/audio": { path: { account: string; id: string }; query: {  }; body: { sha256: string; bytes: number; contentType: "audio/wav" | "audio/mpeg" }; answer: { url: string; headers: Record<string, string>; expiresAt: string } };
  /** getAccountPromptAudio */
  "GET /v1/accounts/{account}/prompts/{id}/audio": { path: { account: string; id: string }; query: {  }; body: undefined; answer: { url: string; expiresAt: string; contentType: string; bytes: number } };
  /** listTenantVoicemailBoxMessages */
  "GET /v1/tenants/{tenant}/voicemail-boxes/{id}/messages": { path: { tenant: string; id: string }; query: { limit?: number; after?: string; read?: string }; body: undefined; answer: { data: ({ id: string; from: { number: string | null; name: string | null }; receivedAt: string; seconds: number; bytes: number; read: boolean })[]; next: string | null } };
  /** getTenantVoicemailBoxMessageAudio */
  "GET /v1/tenants/{tenant}/voicemail-boxes/{id}/messages/{message}/audio": { path: { tenant: string; id: string; message: string }; query: {  }; body: undefined; answer: { url: string; expiresAt: string } };
  /** updateTenantVoicemailBoxMessage */
  "PATCH /v1/tenants/{tenant}/voicemail-boxes/{id}/messages/{message}": { path: { tenant: string; id: string; message: string }; query: {  }; body: { read: boolean }; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** deleteTenantVoicemailBoxMessage */
  "DELETE /v1/tenants/{tenant}/voicemail-boxes/{id}/messages/{message}": { path: { tenant: string; id: string; message: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** listTenantRecordings */
  "GET /v1/tenants/{tenant}/recordings": { path: { tenant: string }; query: { limit?: number; after?: string; call?: string }; body: undefined; answer: { data: ({ id: string; call: string; startedAt: string; seconds: number; bytes: number; onDemand: boolean })[]; next: string | null } };
  /** getTenantRecordingAudio */
  "GET /v1/tenants/{tenant}/recordings/{id}/audio": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { url: string; expiresAt: string } };
  /** deleteTenantRecording */
  "DELETE /v1/tenants/{tenant}/recordings/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** batchTenantExtensions */
  "POST /v1/tenants/{tenant}/extensions/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["ExtensionBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantRingGroups */
  "POST /v1/tenants/{tenant}/ring-groups/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["RingGroupBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantQueues */
  "POST /v1/tenants/{tenant}/queues/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["QueueBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantMenus */
  "POST /v1/tenants/{tenant}/menus/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["MenuBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantSchedules */
  "POST /v1/tenants/{tenant}/schedules/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["ScheduleBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantAnnouncements */
  "POST /v1/tenants/{tenant}/announcements/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["AnnouncementBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantVoicemailBoxes */
  "POST /v1/tenants/{tenant}/voicemail-boxes/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["VoicemailBoxBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantConferences */
  "POST /v1/tenants/{tenant}/conferences/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["ConferenceBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantPagingGroups */
  "POST /v1/tenants/{tenant}/paging-groups/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["PagingGroupBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantParkingLots */
  "POST /v1/tenants/{tenant}/parking-lots/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["ParkingLotBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantDirectories */
  "POST /v1/tenants/{tenant}/directories/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["DirectoryBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantPhoneNumbers */
  "POST /v1/tenants/{tenant}/phone-numbers/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["PhoneNumberBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantTrunks */
  "POST /v1/tenants/{tenant}/trunks/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["TrunkBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantOutboundRoutes */
  "POST /v1/tenants/{tenant}/outbound-routes/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["OutboundRouteBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantRateTables */
  "POST /v1/tenants/{tenant}/rate-tables/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["RateTableBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantBlockRules */
  "POST /v1/tenants/{tenant}/block-rules/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["BlockRuleBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantContacts */
  "POST /v1/tenants/{tenant}/contacts/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["ContactBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantSpeedDials */
  "POST /v1/tenants/{tenant}/speed-dials/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["SpeedDialBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantFeatureCodes */
  "POST /v1/tenants/{tenant}/feature-codes/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["FeatureCodeBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantPrompts */
  "POST /v1/tenants/{tenant}/prompts/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["PromptBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchTenantMusicOnHold */
  "POST /v1/tenants/{tenant}/music-on-hold/batch": { path: { tenant: string }; query: { dryRun?: boolean }; body: Schemas["MusicOnHoldBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchAccountPhoneNumbers */
  "POST /v1/accounts/{account}/phone-numbers/batch": { path: { account: string }; query: { dryRun?: boolean }; body: Schemas["PhoneNumberBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchAccountTrunks */
  "POST /v1/accounts/{account}/trunks/batch": { path: { account: string }; query: { dryRun?: boolean }; body: Schemas["TrunkBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchAccountOutboundRoutes */
  "POST /v1/accounts/{account}/outbound-routes/batch": { path: { account: string }; query: { dryRun?: boolean }; body: Schemas["OutboundRouteBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchAccountRateTables */
  "POST /v1/accounts/{account}/rate-tables/batch": { path: { account: string }; query: { dryRun?: boolean }; body: Schemas["RateTableBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchAccountPrompts */
  "POST /v1/accounts/{account}/prompts/batch": { path: { account: string }; query: { dryRun?: boolean }; body: Schemas["PromptBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchAccountMusicOnHold */
  "POST /v1/accounts/{account}/music-on-hold/batch": { path: { account: string }; query: { dryRun?: boolean }; body: Schemas["MusicOnHoldBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchAccountPlans */
  "POST /v1/accounts/{account}/plans/batch": { path: { account: string }; query: { dryRun?: boolean }; body: Schemas["PlanBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** batchAccountTemplates */
  "POST /v1/accounts/{account}/templates/batch": { path: { account: string }; query: { dryRun?: boolean }; body: Schemas["TemplateBatch"]; answer: Schemas["BatchResult"] | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** listTenantChanges */
  "GET /v1/tenants/{tenant}/changes": { path: { tenant: string }; query: { limit?: number; after?: string }; body: undefined; answer: { data: ({ revision: number; at: string; actor: unknown; summary: string; whole?: { what: "deleted" | "restored" | "moved"; from: string | null }; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[] })[]; next: string | null } };
  /** getTenantChange */
  "GET /v1/tenants/{tenant}/changes/{revision}": { path: { tenant: string; revision: string }; query: { limit?: number; after?: string }; body: undefined; answer: { revision: number; at: string; actor: unknown; summary: string; whole?: { what: "deleted" | "restored" | "moved"; from: string | null }; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[]; next: string | null } };
  /** getTenantExport */
  "GET /v1/tenants/{tenant}/export": { path: { tenant: string }; query: { secrets?: boolean; kinds?: string }; body: undefined; answer: Schemas["TenantDocumentOutput"] };
  /** rollbackTenant */
  "POST /v1/tenants/{tenant}/rollback": { path: { tenant: string }; query: { dryRun?: boolean }; body: { revision: number }; answer: { revision: number | null; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[]; secrets?: (unknown)[] } | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** applyTenant */
  "POST /v1/tenants/{tenant}/apply": { path: { tenant: string }; query: { dryRun?: boolean; prune?: string; baseRevision?: string }; body: Schemas["TenantDocument"]; answer: { revision: number | null; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[]; secrets?: (unknown)[] } | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** listAccountChanges */
  "GET /v1/accounts/{account}/changes": { path: { account: string }; query: { limit?: number; after?: string }; body: undefined; answer: { data: ({ revision: number; at: string; actor: unknown; summary: string; whole?: { what: "deleted" | "restored" | "moved"; from: string | null }; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[] })[]; next: string | null } };
  /** getAccountChange */
  "GET /v1/accounts/{account}/changes/{revision}": { path: { account: string; revision: string }; query: { limit?: number; after?: string }; body: undefined; answer: { revision: number; at: string; actor: unknown; summary: string; whole?: { what: "deleted" | "restored" | "moved"; from: string | null }; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[]; next: string | null } };
  /** getAccountExport */
  "GET /v1/accounts/{account}/export": { path: { account: string }; query: { secrets?: boolean; kinds?: string }; body: undefined; answer: Schemas["AccountDocument"] };
  /** rollbackAccount */
  "POST /v1/accounts/{account}/rollback": { path: { account: string }; query: { dryRun?: boolean }; body: { revision: number }; answer: { revision: number | null; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[]; secrets?: (unknown)[] } | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** applyAccount */
  "POST /v1/accounts/{account}/apply": { path: { account: string }; query: { dryRun?: boolean; prune?: string; baseRevision?: string }; body: Schemas["AccountDocument"]; answer: { revision: number | null; diff: ({ op: "create" | "update" | "delete"; kind: string; id: string; key: string; before?: unknown; after?: unknown; fields?: (string)[] })[]; secrets?: (unknown)[] } | { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** getJob */
  "GET /v1/jobs/{id}": { path: { id: string }; query: {  }; body: undefined; answer: { id: string; kind: "apply" | "rollback" | "batch" | "import"; tenantId: string | null; accountId: string | null; state: "waiting" | "running" | "succeeded" | "failed"; progress: { written: number; of: number } | null; createdAt: string; finishedAt: string | null; result: unknown; problem: unknown } };
  /** listTenantRuntime */
  "GET /v1/tenants/{tenant}/runtime": { path: { tenant: string }; query: {  }; body: undefined; answer: { data: ({ kind: string; id: string; key: string; field: string; value: string | boolean; at: string; by: string })[]; next: string | null } };
  /** getTenantExtensionRuntime */
  "GET /v1/tenants/{tenant}/extensions/{id}/runtime": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { doNotDisturb: boolean | null; callWaiting: boolean | null; forwardAlways: string | null; forwardBusy: string | null; forwardNoAnswer: string | null; followMe: boolean | null; agent: "available" | "paused" | "logged-out" | null; hotDesk: string | null } };
  /** updateTenantExtensionRuntime */
  "PATCH /v1/tenants/{tenant}/extensions/{id}/runtime": { path: { tenant: string; id: string }; query: {  }; body: { doNotDisturb?: boolean | null; callWaiting?: boolean | null; forwardAlways?: string | null; forwardBusy?: string | null; forwardNoAnswer?: string | null; followMe?: boolean | null; agent?: "available" | "paused" | "logged-out" | null; hotDesk?: string | null }; answer: { doNotDisturb: boolean | null; callWaiting: boolean | null; forwardAlways: string | null; forwardBusy: string | null; forwardNoAnswer: string | null; followMe: boolean | null; agent: "available" | "paused" | "logged-out" | null; hotDesk: string | null } };
  /** getTenantScheduleRuntime */
  "GET /v1/tenants/{tenant}/schedules/{id}/runtime": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { override: "open" | "closed" | null } };
  /** updateTenantScheduleRuntime */
  "PATCH /v1/tenants/{tenant}/schedules/{id}/runtime": { path: { tenant: string; id: string }; query: {  }; body: { override?: "open" | "closed" | null }; answer: { override: "open" | "closed" | null } };
  /** listTenantCalls */
  "GET /v1/tenants/{tenant}/calls": { path: { tenant: string }; query: { limit?: number; after?: string; "startedAt[gte]"?: string; "startedAt[lte]"?: string; direction?: string; outcome?: string; extension?: string; number?: string }; body: undefined; answer: { data: ({ id: string; direction: "internal" | "inbound" | "outbound"; from: { number: string | null; name: string | null; extension: string | null }; to: { number: string | null; name: string | null; extension: string | null }; trunk: string | null; startedAt: string; answeredAt: string | null; endedAt: string; durationSeconds: number; billableSeconds: number; outcome: "answered" | "voicemail" | "no-answer" | "busy" | "rejected" | "failed" | "cancelled"; hangupCause: string; hangupBy: "caller" | "callee" | "system"; limit?: string | null; legs: ({ uuid: string; direction: "inbound" | "outbound"; startedAt: string; answeredAt: string | null; endedAt: string; cause: string; q850: number | null; sipCallId: string | null; extension: string | null; trunk: string | null })[]; segments?: ({ kind: string; id: string | null; number: string | null; name: string | null; startedAt: string; endedAt: string; outcome: string })[]; livemode: boolean })[]; next: string | null } };
  /** createTenantCall */
  "POST /v1/tenants/{tenant}/calls": { path: { tenant: string }; query: {  }; body: { from: string; to?: string }; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** listTenantCallsLive */
  "GET /v1/tenants/{tenant}/calls/live": { path: { tenant: string }; query: {  }; body: undefined; answer: { data: ({ id: string; direction: "internal" | "inbound" | "outbound"; from: { number: string | null; name: string | null; extension: string | null }; to: { number: string | null; name: string | null; extension: string | null }; state: "ringing" | "answered" | "ended"; startedAt: string; answeredAt: string | null })[]; next: string | null } };
  /** getTenantCallsSummary */
  "GET /v1/tenants/{tenant}/calls/summary": { path: { tenant: string }; query: { "startedAt[gte]"?: string; "startedAt[lte]"?: string; direction?: string; outcome?: string; extension?: string; number?: string; by?: string }; body: undefined; answer: { timeZone: string; complete: boolean; outcomes: Record<string, number>; buckets: ({ date: string; hour: number | null; calls: number; answered: number; talkSeconds: number; waitSeconds: number | null })[] } };
  /** getTenantCall */
  "GET /v1/tenants/{tenant}/calls/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { id: string; direction: "internal" | "inbound" | "outbound"; from: { number: string | null; name: string | null; extension: string | null }; to: { number: string | null; name: string | null; extension: string | null }; trunk: string | null; startedAt: string; answeredAt: string | null; endedAt: string; durationSeconds: number; billableSeconds: number; outcome: "answered" | "voicemail" | "no-answer" | "busy" | "rejected" | "failed" | "cancelled"; hangupCause: string; hangupBy: "caller" | "callee" | "system"; limit?: string | null; legs: ({ uuid: string; direction: "inbound" | "outbound"; startedAt: string; answeredAt: string | null; endedAt: string; cause: string; q850: number | null; sipCallId: string | null; extension: string | null; trunk: string | null })[]; segments?: ({ kind: string; id: string | null; number: string | null; name: string | null; startedAt: string; endedAt: string; outcome: string })[]; livemode: boolean } };
  /** listTenantMonitorings */
  "GET /v1/tenants/{tenant}/monitorings": { path: { tenant: string }; query: { limit?: number; after?: string }; body: undefined; answer: { data: ({ by: string; extension: string; mode: "listen" | "whisper" | "barge"; id: string; startedAt: string })[]; next: string | null } };
  /** listTenantPinLocks */
  "GET /v1/tenants/{tenant}/pin-locks": { path: { tenant: string }; query: { limit?: number; after?: string }; body: undefined; answer: { data: ({ kind: "voicemail-box" | "conference" | "extension"; pin: "pin" | "outbound" | "hot-desk"; until: string; id: string; resource: string; lockedAt: string })[]; next: string | null } };
  /** listTenantRegistrations */
  "GET /v1/tenants/{tenant}/registrations": { path: { tenant: string }; query: {  }; body: undefined; answer: { data: ({ extension: string | null; username: string; contact: string; source: string | null; userAgent: string | null; expiresAt: string | null })[]; next: string | null } };
  /** getTenantSync */
  "GET /v1/tenants/{tenant}/sync": { path: { tenant: string }; query: {  }; body: undefined; answer: { revision: number; digest: string; edges: ({ id: string; name: string; engine: string; offered: number; applied: number | null; appliedAt: string | null; inStep: boolean; failures: (unknown)[] })[] } };
  /** simulateTenant */
  "POST /v1/tenants/{tenant}/simulate": { path: { tenant: string }; query: {  }; body: { from: string; to: string; at?: string; assume?: Record<string, "answered" | "busy" | "no-answer" | "not-registered" | "rejected" | "not-found" | "trunk-failed">; busy?: (string)[]; ringing?: (string)[]; parked?: (string)[]; lastCaller?: string | null; used?: { concurrentCalls?: number; callsPerSecond?: number; minutesPerDay?: number; recordingMinutesPerMonth?: number; spent?: number }; digits?: (string)[] }; answer: { outcome: { do: string; [name: string]: unknown }; steps: ({ at: string; why: string; goesTo: string })[] } };
  /** getTenantCertificate */
  "GET /v1/tenants/{tenant}/certificate": { path: { tenant: string }; query: {  }; body: undefined; answer: { domain: string; state: "unavailable" | "unproven" | "proven" | "asked" | "shown"; advice: string | null; record: { name: string; type: "CNAME"; value: string } | null; hosts: ({ edge: string; name: string; shown: boolean; expiresAt: string | null; problem: string | null })[] } };
  /** createTenantCertificate */
  "POST /v1/tenants/{tenant}/certificate": { path: { tenant: string }; query: {  }; body: undefined; answer: { domain: string; state: "unavailable" | "unproven" | "proven" | "asked" | "shown"; advice: string | null; record: { name: string; type: "CNAME"; value: string } | null; hosts: ({ edge: string; name: string; shown: boolean; expiresAt: string | null; problem: string | null })[] } };
  /** deleteTenantCertificate */
  "DELETE /v1/tenants/{tenant}/certificate": { path: { tenant: string }; query: {  }; body: undefined; answer: undefined };
  /** getTenantEmergency */
  "GET /v1/tenants/{tenant}/emergency": { path: { tenant: string }; query: {  }; body: undefined; answer: { reachable: boolean; numbers: (string)[] } };
  /** getTenantLive */
  "GET /v1/tenants/{tenant}/live": { path: { tenant: string }; query: {  }; body: undefined; answer: { calls: ({ id: string; direction: "internal" | "inbound" | "outbound"; from: { number: string | null; name: string | null; extension: string | null }; to: { number: string | null; name: string | null; extension: string | null }; state: "ringing" | "answered" | "ended"; startedAt: string; answeredAt: string | null; edge: string })[]; registrations?: ({ extension: string | null; username: string; contact: string; source: string | null; userAgent: string | null; expiresAt: string; id: string; edge: string })[]; queues: ({ queue: string; name: string; waitingCalls: number; waiting: ({ id: string; call: string | null; number: string | null; name: string | null; joinedAt: string })[]; agents: ({ extension: string; number: string | null; name: string | null; state: "available" | "ringing" | "on-call" | "wrap-up" | "paused" | "logged-out"; since: string })[] })[] } };
  /** hangupTenantCallsLive */
  "POST /v1/tenants/{tenant}/calls/live/{id}/hangup": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** transferTenantCallsLive */
  "POST /v1/tenants/{tenant}/calls/live/{id}/transfer": { path: { tenant: string; id: string }; query: {  }; body: { to: string }; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** createTenantCallsLiveRecording */
  "POST /v1/tenants/{tenant}/calls/live/{id}/recording": { path: { tenant: string; id: string }; query: {  }; body: { action: "start" | "pause" | "resume" | "stop" }; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** getTenantCommand */
  "GET /v1/tenants/{tenant}/commands/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** getTenantConferenceLive */
  "GET /v1/tenants/{tenant}/conferences/{id}/live": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { locked: boolean; members: ({ id: string; call: string | null; number: string | null; name: string | null; extension: string | null; moderator: boolean; muted: boolean; joinedAt: string })[] } };
  /** lockTenantConference */
  "POST /v1/tenants/{tenant}/conferences/{id}/lock": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** unlockTenantConference */
  "POST /v1/tenants/{tenant}/conferences/{id}/unlock": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** muteTenantConferenceMember */
  "POST /v1/tenants/{tenant}/conferences/{id}/members/{member}/mute": { path: { tenant: string; id: string; member: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** unmuteTenantConferenceMember */
  "POST /v1/tenants/{tenant}/conferences/{id}/members/{member}/unmute": { path: { tenant: string; id: string; member: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** kickTenantConferenceMember */
  "POST /v1/tenants/{tenant}/conferences/{id}/members/{member}/kick": { path: { tenant: string; id: string; member: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** createTenantSandboxCall */
  "POST /v1/tenants/{tenant}/sandbox/calls": { path: { tenant: string }; query: {  }; body: { from: string; to: string; at?: string; assume?: Record<string, "answered" | "busy" | "no-answer" | "not-registered" | "rejected" | "not-found" | "trunk-failed">; busy?: (string)[]; ringing?: (string)[]; parked?: (string)[]; lastCaller?: string | null; used?: { concurrentCalls?: number; callsPerSecond?: number; minutesPerDay?: number; recordingMinutesPerMonth?: number; spent?: number }; digits?: (string)[]; answerAfterSeconds?: number; talkSeconds?: number }; answer: { outcome: { do: string; [name: string]: unknown }; steps: ({ at: string; why: string; goesTo: string })[]; call: { id: string; direction: "internal" | "inbound" | "outbound"; from: { number: string | null; name: string | null; extension: string | null }; to: { number: string | null; name: string | null; extension: string | null }; trunk: string | null; startedAt: string; answeredAt: string | null; endedAt: string; durationSeconds: number; billableSeconds: number; outcome: "answered" | "voicemail" | "no-answer" | "busy" | "rejected" | "failed" | "cancelled"; hangupCause: string; hangupBy: "caller" | "callee" | "system"; limit?: string | null; legs: ({ uuid: string; direction: "inbound" | "outbound"; startedAt: string; answeredAt: string | null; endedAt: string; cause: string; q850: number | null; sipCallId: string | null; extension: string | null; trunk: string | null })[]; segments?: ({ kind: string; id: string | null; number: string | null; name: string | null; startedAt: string; endedAt: string; outcome: string })[]; livemode: boolean } } };
  /** createTenantSandboxRegistration */
  "POST /v1/tenants/{tenant}/sandbox/registrations": { path: { tenant: string }; query: {  }; body: { extension: string; username?: string; registered?: boolean; expiresInSeconds?: number }; answer: { extension: string | null; username: string; contact: string; source: string | null; userAgent: string | null; expiresAt: string | null } };
  /** listPools */
  "GET /v1/pools": { path: {  }; query: {  }; body: undefined; answer: { data: ({ name: string; sip: { server: string; port: number; transport: "udp" | "tcp" | "tls" } | null; iceServers: ({ urls: (string)[]; username?: string; credential?: string })[]; id: string; account: string; createdAt: string; default: boolean })[]; next: string | null } };
  /** createPool */
  "POST /v1/pools": { path: {  }; query: {  }; body: { name: string; sip?: { server: string; port: number; transport: "udp" | "tcp" | "tls" } | null; iceServers?: ({ urls: (string)[]; username?: string; credential?: string })[]; default?: boolean }; answer: { name: string; sip: { server: string; port: number; transport: "udp" | "tcp" | "tls" } | null; iceServers: ({ urls: (string)[]; username?: string; credential?: string })[]; id: string; account: string; createdAt: string; default: boolean } };
  /** getPool */
  "GET /v1/pools/{id}": { path: { id: string }; query: {  }; body: undefined; answer: { name: string; sip: { server: string; port: number; transport: "udp" | "tcp" | "tls" } | null; iceServers: ({ urls: (string)[]; username?: string; credential?: string })[]; id: string; account: string; createdAt: string; default: boolean; tenants: number; deletedTenants: number; hosts: ({ id: string; name: string; tenants: number })[] } };
  /** updatePool */
  "PATCH /v1/pools/{id}": { path: { id: string }; query: {  }; body: { name?: string; sip?: { server: string; port: number; transport: "udp" | "tcp" | "tls" } | null | null; iceServers?: ({ urls: (string)[]; username?: string; credential?: string })[] | null; default?: true }; answer: { name: string; sip: { server: string; port: number; transport: "udp" | "tcp" | "tls" } | null; iceServers: ({ urls: (string)[]; username?: string; credential?: string })[]; id: string; account: string; createdAt: string; default: boolean } };
  /** deletePool */
  "DELETE /v1/pools/{id}": { path: { id: string }; query: {  }; body: undefined; answer: undefined };
  /** createPoolRebalance */
  "POST /v1/pools/{id}/rebalance": { path: { id: string }; query: {  }; body: undefined; answer: { poolId: string; hosts: ({ id: string; name: string; tenants: number })[] } };
  /** getPoolRelease */
  "GET /v1/pools/{id}/release": { path: { id: string }; query: {  }; body: undefined; answer: { poolId: string; latest: string | null; versions: (string)[]; release: { version: string; state: "canary" | "rolling" | "done" | "stopped" | "rolling-back" | "rolled-back"; canary: string; soakMinutes: number; startedAt: string; endedAt: string | null; reason: string | null; hosts: Record<string, { before: string | null; hadEngine: boolean; askedAt: string; cameAt: string | null }> } | null } };
  /** setPoolRelease */
  "PUT /v1/pools/{id}/release": { path: { id: string }; query: {  }; body: { version: string; canary?: string; soakMinutes?: number }; answer: { poolId: string; latest: string | null; versions: (string)[]; release: { version: string; state: "canary" | "rolling" | "done" | "stopped" | "rolling-back" | "rolled-back"; canary: string; soakMinutes: number; startedAt: string; endedAt: string | null; reason: string | null; hosts: Record<string, { before: string | null; hadEngine: boolean; askedAt: string; cameAt: string | null }> } | null } };
  /** createPoolReleaseStop */
  "POST /v1/pools/{id}/release/stop": { path: { id: string }; query: {  }; body: undefined; answer: { poolId: string; latest: string | null; versions: (string)[]; release: { version: string; state: "canary" | "rolling" | "done" | "stopped" | "rolling-back" | "rolled-back"; canary: string; soakMinutes: number; startedAt: string; endedAt: string | null; reason: string | null; hosts: Record<string, { before: string | null; hadEngine: boolean; askedAt: string; cameAt: string | null }> } | null } };
  /** rollbackPoolRelease */
  "POST /v1/pools/{id}/release/rollback": { path: { id: string }; query: {  }; body: undefined; answer: { poolId: string; latest: string | null; versions: (string)[]; release: { version: string; state: "canary" | "rolling" | "done" | "stopped" | "rolling-back" | "rolled-back"; canary: string; soakMinutes: number; startedAt: string; endedAt: string | null; reason: string | null; hosts: Record<string, { before: string | null; hadEngine: boolean; askedAt: string; cameAt: string | null }> } | null } };
  /** createEdge */
  "POST /v1/edges": { path: {  }; query: {  }; body: { poolId?: string }; answer: { token: string; expiresAt: string; command: string; fromSource: string } };
  /** listEdges */
  "GET /v1/edges": { path: {  }; query: {  }; body: undefined; answer: { data: ({ id: string; pool: string; account: string; name: string; engine: string; publicKey: string; sip: unknown; createdAt: string; seenAt: string | null; health: { version: string; engine: { connected: boolean; version: string | null }; liveCalls: number; relay?: { address: string; port: number; answers: boolean } | null; inStep?: boolean; upgrade?: { version: string; reason: string } | null; certificate?: { names: (string)[]; leftOut?: ({ name: string; problem: string })[]; renewAt: string | null; expiresAt: string | null; problem: string | null } | null } | null; slot: number | null; state: "up" | "draining" | "down" | null; front: { address: string; port: number } | null; drain: { state: "draining" | "drained"; since: string; tenantsLeft: number; callsLeft: number } | null })[]; next: string | null } };
  /** getEdge */
  "GET /v1/edges/{id}": { path: { id: string }; query: {  }; body: undefined; answer: { id: string; pool: string; account: string; name: string; engine: string; publicKey: string; sip: unknown; createdAt: string; seenAt: string | null; health: { version: string; engine: { connected: boolean; version: string | null }; liveCalls: number; relay?: { address: string; port: number; answers: boolean } | null; inStep?: boolean; upgrade?: { version: string; reason: string } | null; certificate?: { names: (string)[]; leftOut?: ({ name: string; problem: string })[]; renewAt: string | null; expiresAt: string | null; problem: string | null } | null } | null; slot: number | null; state: "up" | "draining" | "down" | null; front: { address: string; port: number } | null; drain: { state: "draining" | "drained"; since: string; tenantsLeft: number; callsLeft: number } | null } };
  /** deleteEdge */
  "DELETE /v1/edges/{id}": { path: { id: string }; query: {  }; body: undefined; answer: undefined };
  /** createEdgeDrain */
  "POST /v1/edges/{id}/drain": { path: { id: string }; query: {  }; body: undefined; answer: { id: string; pool: string; account: string; name: string; engine: string; publicKey: string; sip: unknown; createdAt: string; seenAt: string | null; health: { version: string; engine: { connected: boolean; version: string | null }; liveCalls: number; relay?: { address: string; port: number; answers: boolean } | null; inStep?: boolean; upgrade?: { version: string; reason: string } | null; certificate?: { names: (string)[]; leftOut?: ({ name: string; problem: string })[]; renewAt: string | null; expiresAt: string | null; problem: string | null } | null } | null; slot: number | null; state: "up" | "draining" | "down" | null; front: { address: string; port: number } | null; drain: { state: "draining" | "drained"; since: string; tenantsLeft: number; callsLeft: number } | null } };
  /** resumeEdge */
  "POST /v1/edges/{id}/resume": { path: { id: string }; query: {  }; body: undefined; answer: { id: string; pool: string; account: string; name: string; engine: string; publicKey: string; sip: unknown; createdAt: string; seenAt: string | null; health: { version: string; engine: { connected: boolean; version: string | null }; liveCalls: number; relay?: { address: string; port: number; answers: boolean } | null; inStep?: boolean; upgrade?: { version: string; reason: string } | null; certificate?: { names: (string)[]; leftOut?: ({ name: string; problem: string })[]; renewAt: string | null; expiresAt: string | null; problem: string | null } | null } | null; slot: number | null; state: "up" | "draining" | "down" | null; front: { address: string; port: number } | null; drain: { state: "draining" | "drained"; since: string; tenantsLeft: number; callsLeft: number } | null } };
  /** listEdgeBans */
  "GET /v1/edges/{id}/bans": { path: { id: string }; query: {  }; body: undefined; answer: { data: ({ source: string; why: string | null; userAgent: string | null; bannedAt: string; expiresAt: string })[]; next: string | null } };
  /** deleteEdgeBan */
  "DELETE /v1/edges/{id}/bans/{source}": { path: { id: string; source: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** listEvents */
  "GET /v1/events": { path: {  }; query: { limit?: number; after?: string; accountId?: string; tenantId?: string; type?: string; "createdAt[gte]"?: string; "createdAt[lte]"?: string; "id[gt]"?: string; order?: string }; body: undefined; answer: { data: ({ id: string; type: string; createdAt: string; accountId: string; tenantId: string | null; livemode: boolean; data: Record<string, unknown> })[]; next: string | null } };
  /** getEvent */
  "GET /v1/events/{id}": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: undefined; answer: { id: string; type: string; createdAt: string; accountId: string; tenantId: string | null; livemode: boolean; data: Record<string, unknown> } };
  /** listAudit */
  "GET /v1/audit": { path: {  }; query: { limit?: number; after?: string; accountId?: string; tenantId?: string; actor?: string; requestId?: string; from?: string; to?: string }; body: undefined; answer: { data: ({ id: string; at: string; actor: { type: "api-key" | "person" | "edge" | "system"; id: string; name: string; ip: string | null; requestId: string; member?: { id: string; name: string }; impersonating?: { accountId: string; role: string } }; method: string | null; route: string | null; path: string | null; status: number | null; accountId: string; tenantId: string | null; target: { kind: string; id: string } | null; revision: number | null })[]; next: string | null } };
  /** listMembers */
  "GET /v1/members": { path: {  }; query: { limit?: number; after?: string; accountId?: string; tenantId?: string }; body: undefined; answer: { data: ({ id: string; email: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; extension: string | null; accountId: string | null; tenantId: string | null; personId: string | null; invitedAt: string | null; mailReturned: { reason: "bounce" | "complaint"; at: string; until: string } | null; version: number; createdAt: string; updatedAt: string })[]; next: string | null } };
  /** createMember */
  "POST /v1/members": { path: {  }; query: {  }; body: { email: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; extension?: string | null; accountId?: string; tenantId?: string; invite?: boolean; language?: "en" | "fr" }; answer: { id: string; email: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; extension: string | null; accountId: string | null; tenantId: string | null; personId: string | null; invitedAt: string | null; mailReturned: { reason: "bounce" | "complaint"; at: string; until: string } | null; version: number; createdAt: string; updatedAt: string } };
  /** getMember */
  "GET /v1/members/{id}": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: undefined; answer: { id: string; email: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; extension: string | null; accountId: string | null; tenantId: string | null; personId: string | null; invitedAt: string | null; mailReturned: { reason: "bounce" | "complaint"; at: string; until: string } | null; version: number; createdAt: string; updatedAt: string } };
  /** updateMember */
  "PATCH /v1/members/{id}": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: { email?: string; name?: string; role?: "owner" | "admin" | "billing" | "support" | "user"; extension?: string | null }; answer: { id: string; email: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; extension: string | null; accountId: string | null; tenantId: string | null; personId: string | null; invitedAt: string | null; mailReturned: { reason: "bounce" | "complaint"; at: string; until: string } | null; version: number; createdAt: string; updatedAt: string } };
  /** deleteMember */
  "DELETE /v1/members/{id}": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: undefined; answer: undefined };
  /** inviteMember */
  "POST /v1/members/{id}/invite": { path: { id: string }; query: { accountId?: string; tenantId?: string }; body: { language?: "en" | "fr" }; answer: { id: string; email: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; extension: string | null; accountId: string | null; tenantId: string | null; personId: string | null; invitedAt: string | null; mailReturned: { reason: "bounce" | "complaint"; at: string; until: string } | null; version: number; createdAt: string; updatedAt: string } };
  /** getMeExtension */
  "GET /v1/me/extension": { path: {  }; query: {  }; body: undefined; answer: { id: string; number: string; displayName: string | null; enabled: boolean; tenant: { id: string; name: string; timeZone: string }; devices: ({ label: string; username: string })[]; voicemailBox: { id: string; number: string } | null; queues: (string)[]; configured: { doNotDisturb: boolean; callWaiting: boolean; followMe: boolean; forwardAlways: { kind: string; number: string | null; name: string | null } | null; forwardBusy: { kind: string; number: string | null; name: string | null } | null; forwardNoAnswer: { kind: string; number: string | null; name: string | null } | null } } };
  /** getMeSettings */
  "GET /v1/me/settings": { path: {  }; query: {  }; body: undefined; answer: { doNotDisturb: boolean | null; callWaiting: boolean | null; forwardAlways: string | null; forwardBusy: string | null; forwardNoAnswer: string | null; followMe: boolean | null; agent: "available" | "paused" | "logged-out" | null } };
  /** updateMeSettings */
  "PATCH /v1/me/settings": { path: {  }; query: {  }; body: { doNotDisturb?: boolean | null; callWaiting?: boolean | null; forwardAlways?: string | null; forwardBusy?: string | null; forwardNoAnswer?: string | null; followMe?: boolean | null; agent?: "available" | "paused" | "logged-out" | null }; answer: { doNotDisturb: boolean | null; callWaiting: boolean | null; forwardAlways: string | null; forwardBusy: string | null; forwardNoAnswer: string | null; followMe: boolean | null; agent: "available" | "paused" | "logged-out" | null } };
  /** listMeCalls */
  "GET /v1/me/calls": { path: {  }; query: { limit?: number; after?: string; "startedAt[gte]"?: string; "startedAt[lte]"?: string; missed?: boolean }; body: undefined; answer: { data: ({ id: string; direction: "in" | "out"; with: { number: string | null; name: string | null }; dialled: string | null; outcome: "missed" | "elsewhere" | "answered" | "voicemail" | "no-answer" | "busy" | "rejected" | "failed" | "cancelled"; startedAt: string; answeredAt: string | null; endedAt: string; talkSeconds: number; livemode: boolean })[]; next: string | null } };
  /** createMeCall */
  "POST /v1/me/calls": { path: {  }; query: {  }; body: { to: string }; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** getMeCall */
  "GET /v1/me/calls/{id}": { path: { id: string }; query: {  }; body: undefined; answer: { id: string; direction: "in" | "out"; with: { number: string | null; name: string | null }; dialled: string | null; outcome: "missed" | "elsewhere" | "answered" | "voicemail" | "no-answer" | "busy" | "rejected" | "failed" | "cancelled"; startedAt: string; answeredAt: string | null; endedAt: string; talkSeconds: number; livemode: boolean } };
  /** listMeMessages */
  "GET /v1/me/messages": { path: {  }; query: { limit?: number; after?: string; read?: string }; body: undefined; answer: { data: ({ id: string; from: { number: string | null; name: string | null }; receivedAt: string; seconds: number; bytes: number; read: boolean })[]; next: string | null } };
  /** getMeMessageAudio */
  "GET /v1/me/messages/{message}/audio": { path: { message: string }; query: {  }; body: undefined; answer: { url: string; expiresAt: string } };
  /** updateMeMessage */
  "PATCH /v1/me/messages/{message}": { path: { message: string }; query: {  }; body: { read: boolean }; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** deleteMeMessage */
  "DELETE /v1/me/messages/{message}": { path: { message: string }; query: {  }; body: undefined; answer: { id: string; name: string; arguments: Record<string, unknown>; state: "pending" | "done" | "failed" | "expired"; detail: string | null; call: string | null; createdAt: string; doneAt: string | null } };
  /** listMeRegistrations */
  "GET /v1/me/registrations": { path: {  }; query: {  }; body: undefined; answer: { data: ({ extension: string | null; username: string; contact: string; source: string | null; userAgent: string | null; expiresAt: string | null })[]; next: string | null } };
  /** createMeSipToken */
  "POST /v1/me/sip-token": { path: {  }; query: {  }; body: undefined; answer: { username: string; authorizationUsername: string; domain: string; password: string; displayName: string; expiresAt: string; servers: (string)[]; iceServers: ({ urls: (string)[]; username?: string; credential?: string })[] } };
  /** getTenantSignIn */
  "GET /v1/tenants/{tenant}/sign-in": { path: { tenant: string }; query: {  }; body: undefined; answer: Schemas["SignIn"] };
  /** setTenantSignIn */
  "PUT /v1/tenants/{tenant}/sign-in": { path: { tenant: string }; query: {  }; body: Schemas["SignIn"]; answer: Schemas["SignIn"] };
  /** getAccountSignIn */
  "GET /v1/accounts/{account}/sign-in": { path: { account: string }; query: {  }; body: undefined; answer: Schemas["SignIn"] };
  /** setAccountSignIn */
  "PUT /v1/accounts/{account}/sign-in": { path: { account: string }; query: {  }; body: Schemas["SignIn"]; answer: Schemas["SignIn"] };
  /** getAccountSso */
  "GET /v1/accounts/{account}/sso": { path: { account: string }; query: {  }; body: undefined; answer: Schemas["Sso"] };
  /** setAccountSso */
  "PUT /v1/accounts/{account}/sso": { path: { account: string }; query: {  }; body: Schemas["NewSso"]; answer: Schemas["Sso"] };
  /** deleteAccountSso */
  "DELETE /v1/accounts/{account}/sso": { path: { account: string }; query: {  }; body: undefined; answer: undefined };
  /** listTenantWebhookEndpoints */
  "GET /v1/tenants/{tenant}/webhook-endpoints": { path: { tenant: string }; query: {  }; body: undefined; answer: { data: ({ url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string })[]; next: string | null } };
  /** createTenantWebhookEndpoint */
  "POST /v1/tenants/{tenant}/webhook-endpoints": { path: { tenant: string }; query: {  }; body: { url: string; events?: (string)[]; description?: string; enabled?: boolean }; answer: { url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string; secret: string } };
  /** getTenantWebhookEndpoint */
  "GET /v1/tenants/{tenant}/webhook-endpoints/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string } };
  /** updateTenantWebhookEndpoint */
  "PATCH /v1/tenants/{tenant}/webhook-endpoints/{id}": { path: { tenant: string; id: string }; query: {  }; body: { url?: string; events?: (string)[] | null; description?: string | null; enabled?: boolean | null }; answer: { url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string } };
  /** deleteTenantWebhookEndpoint */
  "DELETE /v1/tenants/{tenant}/webhook-endpoints/{id}": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** rotateSecretTenantWebhookEndpoint */
  "POST /v1/tenants/{tenant}/webhook-endpoints/{id}/rotate-secret": { path: { tenant: string; id: string }; query: {  }; body: { overlapSeconds?: number }; answer: { url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string; secret: string } };
  /** testTenantWebhookEndpoint */
  "POST /v1/tenants/{tenant}/webhook-endpoints/{id}/test": { path: { tenant: string; id: string }; query: {  }; body: undefined; answer: { id: string; type: string; createdAt: string; accountId: string; tenantId: string | null; livemode: boolean; data: Record<string, unknown> } };
  /** replayTenantWebhookEndpoint */
  "POST /v1/tenants/{tenant}/webhook-endpoints/{id}/replay": { path: { tenant: string; id: string }; query: {  }; body: { eventId?: string; from?: string; to?: string; undelivered?: boolean; after?: string }; answer: { count: number; next: string | null } };
  /** listTenantWebhookEndpointDeliveries */
  "GET /v1/tenants/{tenant}/webhook-endpoints/{id}/deliveries": { path: { tenant: string; id: string }; query: { limit?: number; after?: string; status?: string; type?: string }; body: undefined; answer: { data: ({ eventId: string; type: string; status: "waiting" | "delivered" | "failed"; attempts: ({ at: string; status: number | null; error: string | null; durationMs: number })[]; nextAttemptAt: string | null; createdAt: string })[]; next: string | null } };
  /** listAccountWebhookEndpoints */
  "GET /v1/accounts/{account}/webhook-endpoints": { path: { account: string }; query: {  }; body: undefined; answer: { data: ({ url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string })[]; next: string | null } };
  /** createAccountWebhookEndpoint */
  "POST /v1/accounts/{account}/webhook-endpoints": { path: { account: string }; query: {  }; body: { url: string; events?: (string)[]; description?: string; enabled?: boolean }; answer: { url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string; secret: string } };
  /** getAccountWebhookEndpoint */
  "GET /v1/accounts/{account}/webhook-endpoints/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: { url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string } };
  /** updateAccountWebhookEndpoint */
  "PATCH /v1/accounts/{account}/webhook-endpoints/{id}": { path: { account: string; id: string }; query: {  }; body: { url?: string; events?: (string)[] | null; description?: string | null; enabled?: boolean | null }; answer: { url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string } };
  /** deleteAccountWebhookEndpoint */
  "DELETE /v1/accounts/{account}/webhook-endpoints/{id}": { path: { account: string; id: string }; query: {  }; body: undefined; answer: undefined };
  /** rotateSecretAccountWebhookEndpoint */
  "POST /v1/accounts/{account}/webhook-endpoints/{id}/rotate-secret": { path: { account: string; id: string }; query: {  }; body: { overlapSeconds?: number }; answer: { url: string; events: (string)[]; description: string; enabled: boolean; id: string; paused: { at: string; reason: string } | null; failingSince: string | null; previousSecretUntil: string | null; version: number; createdAt: string; updatedAt: string; secret: string } };
  /** testAccountWebhookEndpoint */
  "POST /v1/accounts/{account}/webhook-endpoints/{id}/test": { path: { account: string; id: string }; query: {  }; body: undefined; answer: { id: string; type: string; createdAt: string; accountId: string; tenantId: string | null; livemode: boolean; data: Record<string, unknown> } };
  /** replayAccountWebhookEndpoint */
  "POST /v1/accounts/{account}/webhook-endpoints/{id}/replay": { path: { account: string; id: string }; query: {  }; body: { eventId?: string; from?: string; to?: string; undelivered?: boolean; after?: string }; answer: { count: number; next: string | null } };
  /** listAccountWebhookEndpointDeliveries */
  "GET /v1/accounts/{account}/webhook-endpoints/{id}/deliveries": { path: { account: string; id: string }; query: { limit?: number; after?: string; status?: string; type?: string }; body: undefined; answer: { data: ({ eventId: string; type: string; status: "waiting" | "delivered" | "failed"; attempts: ({ at: string; status: number | null; error: string | null; durationMs: number })[]; nextAttemptAt: string | null; createdAt: string })[]; next: string | null } };
  /** getIdentityBrand */
  "GET /v1/identity/brand": { path: {  }; query: {  }; body: undefined; answer: { name: string; logo: string | null; color: string | null; signUp: { templates: (string)[]; review: boolean } | null } };
  /** getIdentitySignUpTemplates */
  "GET /v1/identity/sign-up/templates": { path: {  }; query: {  }; body: undefined; answer: { data: ({ name: string; description: string; contents: Record<string, number> })[] } };
  /** createIdentitySignUp */
  "POST /v1/identity/sign-up": { path: {  }; query: {  }; body: { email: string; password: string; name: string; company: string; template?: string; language?: "en" | "fr" }; answer: undefined };
  /** verifyIdentitySignUp */
  "POST /v1/identity/sign-up/verify": { path: {  }; query: {  }; body: { token: string }; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } | { review: true } };
  /** createIdentitySessionImpersonation */
  "POST /v1/identity/session/impersonation": { path: {  }; query: {  }; body: { tenantId: string; role?: "owner" | "admin" | "billing" | "support" | "user" }; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } };
  /** deleteIdentitySessionImpersonation */
  "DELETE /v1/identity/session/impersonation": { path: {  }; query: {  }; body: undefined; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } };
  /** signInIdentity */
  "POST /v1/identity/sign-in": { path: {  }; query: {  }; body: { email: string; password: string }; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } | { half: { token: string; ways: ("passkey" | "totp" | "recovery-code")[] } } };
  /** createIdentitySignInSecond */
  "POST /v1/identity/sign-in/second": { path: {  }; query: {  }; body: { token: string; code: string }; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } };
  /** getIdentitySecurity */
  "GET /v1/identity/security": { path: {  }; query: {  }; body: undefined; answer: { password: boolean; totp: { since: string } | null; passkeys: ({ id: string; name: string; site: string; createdAt: string; usedAt: string | null })[]; passkeySite: string | null; recoveryCodes: { left: number; madeAt: string } | null; provenUntil: string | null } };
  /** createIdentityProof */
  "POST /v1/identity/proof": { path: {  }; query: {  }; body: { password: string } | { code: string } | { passkey: { id: string; rawId: string; type: "public-key"; authenticatorAttachment?: string | null; clientExtensionResults: Record<string, unknown>; response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string | null } } }; answer: undefined };
  /** createIdentitySignInPasskeyOption */
  "POST /v1/identity/sign-in/passkey/options": { path: {  }; query: {  }; body: { token?: string }; answer: { options: { challenge: string; [name: string]: unknown } } };
  /** createIdentitySignInPasskey */
  "POST /v1/identity/sign-in/passkey": { path: {  }; query: {  }; body: { token?: string; response: { id: string; rawId: string; type: "public-key"; authenticatorAttachment?: string | null; clientExtensionResults: Record<string, unknown>; response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string | null } } }; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } };
  /** createIdentityPasskeysOption */
  "POST /v1/identity/passkeys/options": { path: {  }; query: {  }; body: undefined; answer: { options: { challenge: string; [name: string]: unknown } } };
  /** createIdentityPasskey */
  "POST /v1/identity/passkeys": { path: {  }; query: {  }; body: { name: string; response: { id: string; rawId: string; type: "public-key"; authenticatorAttachment?: string | null; clientExtensionResults: Record<string, unknown>; response: { clientDataJSON: string; attestationObject: string; transports?: (string)[] } } }; answer: { passkey: { id: string; name: string; site: string; createdAt: string; usedAt: string | null }; codes: (string)[] | null } };
  /** updateIdentityPasskey */
  "PATCH /v1/identity/passkeys/{id}": { path: { id: string }; query: {  }; body: { name: string }; answer: { id: string; name: string; site: string; createdAt: string; usedAt: string | null } };
  /** deleteIdentityPasskey */
  "DELETE /v1/identity/passkeys/{id}": { path: { id: string }; query: {  }; body: undefined; answer: undefined };
  /** createIdentityTotp */
  "POST /v1/identity/totp": { path: {  }; query: {  }; body: undefined; answer: { uri: string } };
  /** deleteIdentityTotp */
  "DELETE /v1/identity/totp": { path: {  }; query: {  }; body: undefined; answer: undefined };
  /** createIdentityTotpConfirm */
  "POST /v1/identity/totp/confirm": { path: {  }; query: {  }; body: { code: string }; answer: { codes: (string)[] | null } };
  /** createIdentityRecoveryCode */
  "POST /v1/identity/recovery-codes": { path: {  }; query: {  }; body: undefined; answer: { codes: (string)[] } };
  /** createIdentitySso */
  "POST /v1/identity/sso": { path: {  }; query: {  }; body: { email: string }; answer: { url: string; token: string } };
  /** createIdentitySsoFinish */
  "POST /v1/identity/sso/finish": { path: {  }; query: {  }; body: { token: string; query: string }; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } };
  /** getIdentitySession */
  "GET /v1/identity/session": { path: {  }; query: {  }; body: undefined; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } };
  /** createIdentitySessionMember */
  "POST /v1/identity/session/member": { path: {  }; query: {  }; body: { memberId: string }; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } };
  /** signOutIdentity */
  "POST /v1/identity/sign-out": { path: {  }; query: {  }; body: undefined; answer: undefined };
  /** getIdentitySessions */
  "GET /v1/identity/sessions": { path: {  }; query: {  }; body: undefined; answer: { data: ({ id: string; current: boolean; address: string | null; userAgent: string; createdAt: string; lastSeenAt: string; expiresAt: string })[] } };
  /** endIdentitySessions */
  "POST /v1/identity/sessions/end": { path: {  }; query: {  }; body: undefined; answer: undefined };
  /** deleteIdentitySession */
  "DELETE /v1/identity/sessions/{id}": { path: { id: string }; query: {  }; body: undefined; answer: undefined };
  /** updateIdentityPerson */
  "PATCH /v1/identity/person": { path: {  }; query: {  }; body: { name?: string; language?: "en" | "fr" }; answer: { id: string; email: string; name: string; language: "en" | "fr" } };
  /** createIdentityAddres */
  "POST /v1/identity/address": { path: {  }; query: {  }; body: { email: string; password: string }; answer: undefined };
  /** verifyIdentityAddress */
  "POST /v1/identity/address/verify": { path: {  }; query: {  }; body: { token: string }; answer: undefined };
  /** createIdentityPassword */
  "POST /v1/identity/password": { path: {  }; query: {  }; body: { current: string; next: string }; answer: undefined };
  /** createIdentityPasswordForgotten */
  "POST /v1/identity/password/forgotten": { path: {  }; query: {  }; body: { email: string }; answer: undefined };
  /** resetIdentityPassword */
  "POST /v1/identity/password/reset": { path: {  }; query: {  }; body: { token: string; password: string }; answer: undefined };
  /** createIdentityInvitation */
  "POST /v1/identity/invitation": { path: {  }; query: {  }; body: { token: string }; answer: { name: string; email: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; tenantId: string | null; known: boolean; signedIn: boolean } };
  /** acceptIdentityInvitation */
  "POST /v1/identity/invitation/accept": { path: {  }; query: {  }; body: { token: string; password?: string; name?: string; language?: "en" | "fr" }; answer: { person: { id: string; email: string; name: string; language: "en" | "fr" } | null; member: { id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null } | null; impersonation: { tenantId: string; place: string; role: "owner" | "admin" | "billing" | "support" | "user"; until: string } | null; members: ({ id: string; name: string; role: "owner" | "admin" | "billing" | "support" | "user"; place: string; accountId: string | null; tenantId: string | null })[]; needs: "second-factor" | null } | { half: { token: string; ways: ("passkey" | "totp" | "recovery-code")[] } } };
};
