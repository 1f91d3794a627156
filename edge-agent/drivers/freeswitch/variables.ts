// The channel variables by which the dialplan tells the call records what a leg is. Set by our replies alone; a phone can't set them.
// On every leg of a call that a tenant's dialplan handled, A and B, unless a line says otherwise. A leg without `dp_tenant` is no call of ours.

export const variables = {
  /** The tenant's id, `ten_…`. On phones' A legs already before the dialplan, by the directory. */
  tenant: "dp_tenant",
  /** `internal`, `inbound` (from a carrier) or `outbound` (to one, whoever called). Of the call as a whole; the last step decides. */
  direction: "dp_direction",
  /** As dialled by the phone, or the called number in E.164 where a carrier called. */
  dialled: "dp_dialled",
  /** The id of the calling extension, `ext_…`. Absent where a carrier called. */
  fromExtension: "dp_from_extension",
  /** The id of the extension that this step rings, `ext_…`. On its B legs, and on the A leg of a step that rings one alone, where the last such step's stays. */
  toExtension: "dp_to_extension",
  /** The id of the trunk, `trk_…`: that the call came from, or (B legs, and the A leg for the last one tried) that it is sent to. */
  trunk: "dp_trunk",
  /** The id of the queue that a caller waited in last, `que_…`; on the legs of its agents too. */
  queue: "dp_queue",
  /** A leg only: the id of the voicemail box that took the call, `vmb_…`. Present: the outcome is `voicemail`. */
  box: "dp_box",
  /** A leg only: why routing ended the call: `not-found`, `busy`, `rejected`, `unavailable`, `no-answer`, `no-route` or `congestion`. */
  refused: "dp_refused",
  /** A leg only: the limit that stopped the call: its name, whose use it bounds and who set it, `<name>.<id>.<id>`. */
  limit: "dp_limit",
  /** A leg to a carrier only: what a minute of it costs, as in `USD.0.05`. */
  price: "dp_price",
  /** A leg only: the node where routing goes on when the present step fails. A continuation is accepted only if it agrees. */
  node: "dp_node",
  /** A leg only: what the present step does, as routing's action calls it. It says how to read the way in which the step ended. */
  step: "dp_step",
  /** A leg only: how often routing has gone on. */
  hops: "dp_hops",
  /** A leg only: who forwarded the call and how often (carried.ts). */
  carried: "dp_carried",
  /** A leg only: what was typed in the last `collect`. Empty where nothing was. */
  digits: "dp_digits",
  /** A leg only: `true` where the carrier that was last tried said that it rings, or was heard. */
  rang: "dp_rang",
  /** A leg only: the phone number that a caller from outside dialled. */
  did: "dp_did",
  /** A leg only: what it came to, when, and how that ended (way.ts). */
  way: "dp_way",
  /** A leg that the cloud had made only: what is dialled once its phone is taken up. Not handed on to other legs. */
  placed: "dp_placed",
  /** Such a leg only: it rang beside another one that is the call, and is the call only if it was taken up first. */
  beside: "dp_beside",
  /** A leg only: `true` where codes are bound that its phone may type while it talks. */
  inCall: "dp_in_call",
  /** What was done to the recording of a call while it went on (recording.ts), on the leg that is recorded. */
  recording: "dp_recording",
  /** A leg that we made to call somebody back who waited in a queue: his number, in E.164. */
  calledBack: "dp_called_back",
  /** The slot in which a leg waits, or waited last: `<lot id>.<slot>`. */
  parked: "dp_parked",
  /** A phone's A leg that takes another's call: the uuid of the caller's leg. It is a leg of that call. */
  takes: "dp_takes",
} as const;

/** By this one FreeSWITCH would tell of each state of a leg to whoever watches its address. Of what is no address it does not: we tell (presence/presence.ts). */
export const untold = { presence_id: "none" } as const;

export type Variable = (typeof variables)[keyof typeof variables];
