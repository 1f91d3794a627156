// The dial strings of many legs, letter for letter: each leg with variables of its own, and nothing in them that a tenant's name could end.
import { expect, it } from "vitest";
import { reply } from "../../../../edge-agent/drivers/freeswitch/lookup.ts";
import { freeswitchConfig } from "../../../support/freeswitch-config.ts";
import { createPbx, idOf } from "../../../support/pbx.ts";
import { body, dialled, read } from "./requests.ts";

const pbx = createPbx();
const { acme } = pbx;
const actions = (to: string, more: Record<string, string> = {}) => {
  const config = freeswitchConfig("/", {});
  const log = { error: (detail: object) => expect(detail).toBeUndefined() };
  return read(reply(body({ ...dialled(acme, "1001", to), ...more }), { documents: pbx.documents, config, log }))
    .actions;
};
const member = (number: number, more: Record<string, unknown> = {}) => ({ extension: acme.ext(number), ...more });

it("a group that rings together, with a mobile that must confirm, whose tenant has a hostile name", () => {
  acme.number("+15550100", null);
  acme.extension(1001, { externalCallerId: "+15550100", externalCallerName: "a|b,[c]{d}:_:e=f'g\"${h}" });
  acme.trunk(1, { name: "t", codecs: ["pcmu", "pcma"] });
  acme.put("ring-group", "all", {
    name: "all",
    extensionNumber: "600",
    ringSeconds: 30,
    confirm: true,
    members: [member(1002), member(1003, { delaySeconds: 10 }), { number: "+12025550123" }],
  });
  const given = actions("600");
  const bridge = given.find((action) => action.startsWith("bridge ")) ?? "";
  expect(bridge).toBe(
    [
      "bridge {local_var_clobber=true,ignore_early_media=true}",
      `[^^;dp_to_extension=${acme.ext(1002)};leg_timeout=25]sofia/phones/1002%acme.test,`,
      `[^^;dp_to_extension=${acme.ext(1003)};leg_timeout=20;leg_delay_start=10]sofia/phones/1003%acme.test,`,
      `[^^;absolute_codec_string=PCMU,PCMA;limit_ignore_transfer=true;execute_on_originate=limit hash carrier ${idOf("trk", 1)} -1;`,
      `dp_trunk=${idOf("trk", 1)};origination_caller_id_number=+15550100;origination_caller_id_name=a b (c)(d) e f\u2019g\u2019\u2019 (h);`,
      `group_confirm_key=1;leg_timeout=25]sofia/gateway/${idOf("trk", 1)}/+12025550123`,
    ].join(""),
  );
  expect(given).toContain("set group_confirm_timeout=15");
  expect(given).toContain("set call_timeout=45");
});

it("a group that rings in turn", () => {
  acme.put("ring-group", "all", {
    name: "all",
    extensionNumber: "600",
    strategy: "sequence",
    ringSeconds: 30,
    members: [member(1002), member(1003)],
  });
  expect(actions("600")).toContain(
    `bridge {local_var_clobber=true,ignore_early_media=true}[^^;dp_to_extension=${acme.ext(1002)};leg_timeout=25]sofia/phones/1002%acme.test|[^^;dp_to_extension=${acme.ext(1003)};leg_timeout=5]sofia/phones/1003%acme.test`,
  );
});

it("the codes for recording on demand are bound to the legs of those who have them, and no longer when a box takes the call", () => {
  acme.extension(1001, { recordOnDemand: "pause" });
  acme.extension(1002, { recordOnDemand: "own", voicemailBox: acme.box(1003) });
  acme.put("feature-code", "r", { action: "record", code: "*55" });
  const given = actions("1002");
  expect(given).toContain("bind_digit_action dp,*2,exec[i]:event,dp-in-call=record-pause");
  expect(given.filter((action) => action.startsWith("bind_digit_action "))).toHaveLength(1);
  const bound = [
    "execute_on_answer_record=bind_digit_action dp,*55,exec[i]:event,dp-in-call=record",
    "execute_on_answer_record-pause=bind_digit_action dp,*2,exec[i]:event,dp-in-call=record-pause",
  ];
  expect(given).toContain(`bridge [^^;${bound.join(";")}]sofia/phones/1002%acme.test`);
  const then = actions("1003", { variable_dp_in_call: "true" });
  expect(then.some((action) => action.startsWith("bind_digit_action "))).toBe(false);
  acme.extension(1001);
  expect(actions("1003", { variable_dp_in_call: "true" })).toContain("clear_digit_action all");
});
