// A pool is made or changed: its name, what phones are told, servers for browser phones; the form derives from the API's schema.
import { useState } from "react";
import { poolInput } from "../../core/pool.ts";
import type { Kind } from "../../core/resources/kind.ts";
import { send } from "../api/client.ts";
import { flawsOf } from "../form/check.ts";
import { fieldsOf } from "../form/field.ts";
import { Form } from "../form/form.tsx";
import { changed, initialOf, toSend, type Value } from "../form/value.ts";
import { t } from "../i18n/t.ts";
import { Dialog } from "../part/dialog.tsx";
import { type Pool, usePoolChange } from "./edge.ts";

const kind = { schema: poolInput } as unknown as Kind;

export function PoolForm({ pool, onClose }: { pool: Pool | undefined; onClose(): void }) {
  const fields = fieldsOf(kind);
  const [initial] = useState<Value>(() =>
    pool ? { name: pool.name, sip: pool.sip, iceServers: pool.iceServers } : initialOf(fields),
  );
  const [value, setValue] = useState(initial);
  const save = usePoolChange(
    (body: Value) => (pool ? send("PATCH", `/v1/pools/${pool.id}`, { body }) : send("POST", "/v1/pools", { body })),
    onClose,
  );
  const sent = (next: Value): Value => {
    const { sip, ...rest } = toSend(fields, next, pool && initial);
    // an address of which nothing is left is none
    const isGiven = Object.values(sip ?? {}).some((part) => part !== undefined && part !== null && part !== "");
    return { ...rest, sip: isGiven ? sip : null };
  };
  return (
    <Dialog title={pool ? t("Edit {name}", { name: pool.name }) : t("New pool")} onClose={onClose} actions={null}>
      <p className="text-muted">{t("A pool is a region or a rack whose hosts stand in for one another.")}</p>
      <Form
        fields={fields}
        value={value}
        onChange={setValue}
        onSubmit={() => save.mutate(pool ? changed(initial, sent(value)) : sent(value))}
        busy={save.isPending}
        error={save.error}
        submit={pool ? t("Save") : t("Make the pool")}
        check={(next) => flawsOf(kind, sent(next), undefined)}
      />
    </Dialog>
  );
}
