// One call: who it is, for how long, and what can be done with it.
import { useState } from "react";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Timer } from "./dock.tsx";
import { Icon } from "./icon.tsx";
import { Keypad } from "./keypad.tsx";
import type { Call } from "./line.ts";
import { IconButton } from "./panel.tsx";
import { answer, ask, connect, hangUp, hold, mute, press, transfer } from "./phone.ts";
import { Suggest } from "./suggest.tsx";

type Props = { call: Call; calls: Call[]; tenant: string };

export function CallCard({ call, calls, tenant }: Props) {
  const [tool, setTool] = useState<"keypad" | "transfer">();
  const who = call.name ?? call.number;
  const asked = calls.find(({ id }) => id === call.asking);
  const toggle = (one: typeof tool) => setTool(tool === one ? undefined : one);
  return (
    <article
      aria-label={t("Call with {who}", { who })}
      className={`grid gap-2 rounded-md border p-2.5 ${call.state === "talking" && !call.held ? "border-good" : "border-line"}`}
    >
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{who}</span>
          {call.name ? <span className="block text-muted tabular-nums">{call.number}</span> : null}
        </span>
        <span className="text-muted" role="status">
          <State call={call} />
        </span>
      </div>
      {call.state === "ringing" && call.direction === "in" ? (
        <div className="grid grid-cols-2 gap-2">
          <Button look="main" onClick={() => void answer(call.id)}>
            <Icon name="phone" className="size-4" /> {t("Answer")}
          </Button>
          <Button look="danger" onClick={() => void hangUp(call.id)}>
            <Icon name="end" className="size-4" /> {t("Decline")}
          </Button>
        </div>
      ) : null}
      {call.state === "talking" ? (
        <div className="flex items-center gap-1">
          <IconButton
            label={call.muted ? t("Unmute") : t("Mute")}
            pressed={call.muted}
            onClick={() => void mute(call.id, !call.muted)}
          >
            <Icon name={call.muted ? "mute" : "microphone"} />
          </IconButton>
          <IconButton
            label={call.held ? t("Resume") : t("Hold")}
            pressed={call.held}
            onClick={() => void hold(call.id, !call.held)}
          >
            <Icon name={call.held ? "resume" : "hold"} />
          </IconButton>
          <IconButton label={t("Keypad")} pressed={tool === "keypad"} onClick={() => toggle("keypad")}>
            <Icon name="keypad" />
          </IconButton>
          <IconButton label={t("Transfer")} pressed={tool === "transfer"} onClick={() => toggle("transfer")}>
            <Icon name="transfer" />
          </IconButton>
          <Button look="danger" className="ml-auto" onClick={() => void hangUp(call.id)}>
            <Icon name="end" className="size-4" /> {t("Hang up")}
          </Button>
        </div>
      ) : null}
      {call.direction === "out" && call.state !== "talking" ? (
        <Button look="danger" onClick={() => void hangUp(call.id)}>
          <Icon name="end" className="size-4" /> {t("Cancel")}
        </Button>
      ) : null}
      {asked && call.state === "talking" ? (
        <Button look="main" onClick={() => void connect(call.id, asked.id)}>
          {t("Connect {one} with {other}", { one: asked.name ?? asked.number, other: who })}
        </Button>
      ) : null}
      {call.state === "talking" && tool === "keypad" ? <Keypad onPress={(key) => void press(call.id, key)} /> : null}
      {call.state === "talking" && tool === "transfer" ? (
        <Transfer call={call} tenant={tenant} onDone={() => setTool(undefined)} />
      ) : null}
    </article>
  );
}

function State({ call }: { call: Call }) {
  if (call.held) return <>{t("On hold")}</>;
  if (call.since !== null) return <Timer since={call.since} />;
  if (call.direction === "in") return <>{t("Calls you")}</>;
  return <>{call.state === "ringing" ? t("Rings") : t("Calling")}</>;
}

/** At once, or after a question to whom it goes. */
function Transfer({ call, tenant, onDone }: { call: Call; tenant: string; onDone(): void }) {
  const [number, setNumber] = useState("");
  const to = number.trim();
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (to !== "") void transfer(call.id, to);
      }}
    >
      <Suggest tenant={tenant} label={t("Transfer to")} value={number} onChange={setNumber} onChoose={setNumber} />
      <div className="grid grid-cols-2 gap-2">
        <Button type="submit" look="main" disabled={to === ""}>
          {t("Transfer now")}
        </Button>
        <Button
          disabled={to === ""}
          onClick={() => {
            void ask(call.id, to);
            onDone();
          }}
        >
          {t("Ask first")}
        </Button>
      </div>
    </form>
  );
}
