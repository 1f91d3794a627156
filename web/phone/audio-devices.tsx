// Which microphone, speaker and bell: as the browser names them once it may use the microphone.
import { useEffect, useId, useState } from "react";
import { t } from "../i18n/t.ts";
import { choose, type Devices, useDevices } from "./devices.ts";

export function AudioDevices() {
  const known = useKnown();
  const chosen = useDevices();
  const id = useId();
  const labels: Record<keyof Devices, string> = {
    microphone: t("Microphone"),
    speaker: t("Speaker"),
    bell: t("Bell"),
  };
  const sorts: Record<keyof Devices, MediaDeviceKind> = {
    ...{ microphone: "audioinput", speaker: "audiooutput", bell: "audiooutput" },
  };
  return (
    <div className="grid gap-2">
      {(Object.keys(labels) as (keyof Devices)[]).map((use) => (
        <div key={use} className="grid gap-1">
          <label htmlFor={id + use} className="text-muted text-xs">
            {labels[use]}
          </label>
          <select
            id={id + use}
            className="input"
            value={chosen[use]}
            onChange={({ target }) => choose({ [use]: target.value })}
          >
            <option value="">{t("The browser's choice")}</option>
            {known
              .filter(({ kind, deviceId }) => kind === sorts[use] && deviceId !== "" && deviceId !== "default")
              .map(({ deviceId, label }, index) => (
                <option key={deviceId} value={deviceId}>
                  {label || t("Device {n}", { n: index + 1 })}
                </option>
              ))}
          </select>
        </div>
      ))}
    </div>
  );
}

function useKnown(): MediaDeviceInfo[] {
  const [known, setKnown] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    const read = () => void navigator.mediaDevices?.enumerateDevices().then(setKnown, () => undefined);
    read();
    navigator.mediaDevices?.addEventListener("devicechange", read);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", read);
  }, []);
  return known;
}
