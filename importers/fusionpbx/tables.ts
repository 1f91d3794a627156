// What is known of FusionPBX's tables: which are read, why others are not, and which values say no more than their absence.

/** Read row by row: their rows go into documents, or are named in the report one by one. */
const read = new Set(
  `domains domain_settings default_settings extensions extension_users extension_settings voicemails voicemail_greetings voicemail_options
   voicemail_destinations ring_groups ring_group_destinations ring_group_users ivr_menus ivr_menu_options call_center_queues call_center_agents
   call_center_tiers destinations dialplans dialplan_details gateways recordings conferences conference_users conference_centers conference_rooms
   conference_room_users contacts contact_phones contact_emails contact_addresses contact_urls call_block call_flows follow_me
   follow_me_destinations devices device_lines device_keys device_settings device_profiles device_profile_keys device_profile_settings
   music_on_hold fifo fifo_members fax fax_users bridges phrases phrase_details streams pin_numbers users number_translations
   number_translation_details conference_profiles conference_profile_params conference_controls conference_control_details access_controls
   access_control_nodes call_broadcasts emergency_settings`
    .split(/\s+/)
    .map((name) => `v_${name}`),
);

export const isRead = (table: string): boolean => read.has(table);

/** Why whole tables are not carried: their rows are counted alone. */
export function countedReason(table: string): string {
  if (
    /^v_(xml_cdr|.*_logs?$|.*_sessions?$|.*_session_details$|database_transactions|.*_queue$|.*_queue_attachments$)/.test(
      table,
    )
  )
    return "history: it stays with the old system";
  if (/^v_(voicemail_messages|fax_files|contact_attachments)$/.test(table))
    return "messages and files: fetch them from the old system";
  if (
    /^v_(menus?|menu_.*|permissions|group_permissions|groups|user_groups|dashboards?.*|themes?|languages|countries|email_templates|notifications|software|services|modules|databases|apps|user_settings|.*_vendor.*)$/.test(
      table,
    )
  )
    return "of FusionPBX's own web pages";
  if (/^v_(vars|sip_profiles?|sip_profile_.*|sofia_global_settings)$/.test(table))
    return "settings of the FreeSWITCH host: an edge makes its own";
  return table.startsWith("v_") ? "no such thing here" : "no table of FusionPBX's configuration";
}

/** Why rows of these are never carried. */
export const refusals: Record<string, string> = {
  v_default_settings: "a setting of the whole FusionPBX installation",
  v_domain_settings: "a setting of FusionPBX's that has no place here",
  v_extension_users: "who may sign in to FusionPBX's web pages for it: give that person a key of the tenant's",
  v_extension_settings: "a variable for FreeSWITCH",
  v_voicemail_greetings: "its audio is not in the dump: upload it as a prompt, then set the box's greeting",
  v_voicemail_options: "keys during a voicemail greeting: put a menu before the box",
  v_voicemail_destinations: "copies of messages to other boxes",
  v_ring_group_users: "who may change the group in FusionPBX's web pages",
  v_conference_users: "who may see the conference in FusionPBX's web pages",
  v_conference_centers: "one number for many rooms told apart by PIN: give each room a number of its own",
  v_conference_rooms: "a room of a conference centre: create a conference with a number of its own",
  v_conference_room_users: "who may see the room in FusionPBX's web pages",
  v_contact_emails: "contacts hold numbers and names alone",
  v_contact_addresses: "contacts hold numbers and names alone",
  v_contact_urls: "contacts hold numbers and names alone",
  v_device_keys: "phones are not provisioned from here",
  v_device_settings: "phones are not provisioned from here",
  v_device_profiles: "phones are not provisioned from here",
  v_device_profile_keys: "phones are not provisioned from here",
  v_device_profile_settings: "phones are not provisioned from here",
  v_music_on_hold: "its audio is not in the dump: upload it as prompts, then create the music on hold of that name",
  v_fifo: "a FIFO queue: create a queue",
  v_fifo_members: "a member of a FIFO queue: create a queue",
  v_fax: "faxes are not received here",
  v_fax_users: "faxes are not received here",
  v_bridges: "a dial string for FreeSWITCH",
  v_phrases: "a phrase of several files: upload it as one prompt",
  v_phrase_details: "a phrase of several files: upload it as one prompt",
  v_streams: "a stream from the network",
  v_pin_numbers: "PINs for calls to the outside: here an extension has one, outbound.pin",
  v_users: "a sign-in of FusionPBX's web pages: give that person a key of the tenant's",
  v_number_translations: "rules of FreeSWITCH's mod_translate: see a trunk's numberFormat",
  v_number_translation_details: "rules of FreeSWITCH's mod_translate: see a trunk's numberFormat",
  v_conference_profiles: "a profile of FreeSWITCH's conferences",
  v_conference_profile_params: "a profile of FreeSWITCH's conferences",
  v_conference_controls: "keys during FreeSWITCH's conferences",
  v_conference_control_details: "keys during FreeSWITCH's conferences",
  v_access_controls: "an access list: see a trunk's inboundAddresses",
  v_access_control_nodes: "an access list: see a trunk's inboundAddresses",
  v_call_broadcasts: "calls to a list of numbers",
  v_emergency_settings: "a setting of FusionPBX's that has no place here",
};

/** Why rows that belong to another one are not carried, where nothing else was said: that other one is not. */
export const orphans: Record<string, string> = {
  v_ring_group_destinations: "its ring group was not carried",
  v_ivr_menu_options: "its menu was not carried",
  v_call_center_tiers: "its queue was not carried",
  v_call_center_agents: "of no queue that was carried",
  v_contact_phones: "its contact was not carried",
  v_follow_me: "of no extension that was carried",
  v_follow_me_destinations: "its follow-me was not carried",
  v_devices: "has no line of an extension that was carried: phones are not provisioned from here",
  v_device_lines: "of no extension that was carried",
  v_dialplan_details: "its dialplan entry was not carried",
};

export const isSecret = (column: string): boolean =>
  /password|pin_number|_pin$|secret|salt|api_key|base64/.test(column);

const parent =
  /^(ring_group|ivr_menu|contact|follow_me|device|call_center_queue|call_center_agent|conference_center)_uuid$/;

/** Columns by which rows refer to one another, and when they were written. */
export function bookkeeping(table: string, column: string): boolean {
  if (/^(insert|update)_(date|user)$|^(domain_uuid|dialplan_uuid|v_id|id|app_uuid)$/.test(column)) return true;
  if (parent.test(column)) return true;
  const stem = table.replace(/^v_/, "");
  return [stem, stem.replace(/s$/, ""), stem.replace(/es$/, "")].some((name) => column === `${name}_uuid`);
}

const usual: Record<string, Record<string, RegExp>> = {
  v_domains: { domain_parent_uuid: /^$/ },
  v_extensions: {
    max_registrations: /^1?$/,
    limit_max: /^5$/,
    limit_destination: /^!USER_BUSY$|^error\/user_busy$/,
    directory_visible: /^t(rue)?$/,
    directory_exten_visible: /^t(rue)?$/,
    call_screen_enabled: /^f(alse)?$/,
    extension_type: /^default$/,
    force_ping: /^f(alse)?$/,
    extension_voice: /^callie$/,
  },
  v_voicemails: {
    voicemail_tutorial: /^f(alse)?$/,
    voicemail_recording_instructions: /^t(rue)?$/,
    voicemail_recording_options: /^t(rue)?$/,
    voicemail_transcription_enabled: /^f(alse)?$/,
    voicemail_transcription_prompt_enabled: /^f(alse)?$/,
    voicemail_local_after_forward: /^t(rue)?$/,
    alternate_voicemail_enabled: /^f(alse)?$/,
  },
  v_ring_groups: {
    ring_group_ringback: /^(\$\{(us|default)-ring\}|default_ringback)$/,
    ring_group_call_screen_enabled: /^f(alse)?$/,
    ring_group_call_forward_enabled: /^f(alse)?$/,
    ring_group_follow_me_enabled: /^f(alse)?$/,
    ring_group_forward_enabled: /^f(alse)?$/,
  },
  v_ivr_menus: {
    ivr_menu_language: /^en$/,
    ivr_menu_dialect: /^us$/,
    ivr_menu_voice: /^callie$/,
    ivr_menu_invalid_sound: /^ivr\/ivr-that_was_an_invalid_entry\.wav$/,
    ivr_menu_tts_engine: /^flite$/,
    ivr_menu_tts_voice: /^rms$/,
    ivr_menu_confirm_attempts: /^[13]$/,
    ivr_menu_digit_len: /^\d+$/,
    ivr_menu_ringback: /^local_stream:\/\/default$|^\$\{(us|default)-ring\}$/,
  },
  v_ivr_menu_options: { ivr_menu_option_order: /^\d+$/ },
  v_call_center_queues: {
    queue_time_base_score: /^(queue|system)$/,
    queue_time_base_score_sec: /^0$/,
    queue_max_wait_time_with_no_agent_time_reached: /^\d+$/,
    queue_tier_rule_no_agent_no_wait: /^t(rue)?$/,
    queue_discard_abandoned_after: /^(60|900)$/,
    queue_abandoned_resume_allowed: /^f(alse)?$/,
    queue_language: /^en$/,
    queue_dialect: /^us$/,
    queue_voice: /^callie$/,
  },
  v_call_center_agents: {
    agent_type: /^callback$/,
    agent_reject_delay_time: /^(0|90)$/,
    agent_busy_delay_time: /^(0|60|90)$/,
    agent_no_answer_delay_time: /^(0|30)$/,
    agent_record: /^f(alse)?$/,
    agent_status: /^Available$/,
    agent_logout: /^$/,
  },
  v_destinations: {
    destination_type_voice: /^1$/,
    destination_type_fax: /^0$/,
    destination_type_text: /^0$/,
    destination_type_emergency: /^0$/,
    destination_condition_field: /^destination_number$/,
    destination_context: /^public$/,
    destination_order: /^100$/,
    destination_number_regex: /./,
    destination_email: /^f(alse)?$/,
    destination_conditions: /^(\[\]|null)$/,
  },
  v_dialplans: {
    dialplan_xml: /./,
    dialplan_continue: /^f(alse)?$/,
    dialplan_order: /^\d+$/,
    dialplan_destination: /^(t(rue)?|f(alse)?)$/,
  },
  v_dialplan_details: { dialplan_detail_break: /./, dialplan_detail_inline: /./ },
  v_gateways: {
    expire_seconds: /^(800|3600)$/,
    retry_seconds: /^30$/,
    context: /^public$/,
    profile: /^external$/,
    caller_id_in_from: /^t(rue)?$/,
    distinct_to: /^f(alse)?$/,
    contact_in_ping: /^f(alse)?$/,
    supress_cng: /^f(alse)?$/,
    extension_in_contact: /^f(alse)?$/,
  },
  v_recordings: { recording_base64: /^$/ },
  v_conferences: { conference_profile: /^default$/, conference_order: /^\d+$/ },
  v_contacts: { contact_type: /^(customer|contact|friend|member|user|unspecified)$/ },
  v_contact_phones: {
    phone_type_voice: /^[01]$/,
    phone_type_fax: /^0$/,
    phone_type_video: /^[01]$/,
    phone_type_text: /^[01]$/,
    phone_primary: /./,
    phone_label: /./,
  },
  v_call_block: { call_block_count: /^\d+$/, date_added: /./ },
  v_follow_me: { follow_me_ignore_busy: /^f(alse)?$/, call_prompt: /^(f(alse)?|0)$/ },
  v_follow_me_destinations: { follow_me_order: /^\d+$/ },
  v_device_lines: { line_number: /^1$/, enabled: /^t(rue)?$/ },
  v_devices: {
    device_enabled: /^t(rue)?$/,
    device_enabled_date: /./,
    device_provisioned_date: /./,
    device_provisioned_ip: /./,
    device_provisioned_agent: /./,
    device_provisioned_method: /./,
  },
};

/** Whether a column's value is one that FusionPBX writes without being asked, or that changes nothing. */
export const usualValues = (table: string): ((column: string, value: string) => boolean) => {
  const columns = usual[table] ?? {};
  return (column, value) => columns[column]?.test(value) === true;
};
