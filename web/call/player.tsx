// Audio that the API gives a URL to: asked for when somebody wants to hear it, as that URL is good for minutes only. All of it works by keyboard.
import { useEffect, useRef, useState } from "react";
import { send } from "../api/client.ts";
import { t } from "../i18n/t.ts";
import { Button } from "../part/button.tsx";
import { Icon } from "../part/icon.tsx";
import { Problem } from "../part/problem.tsx";
import { duration } from "../part/words.ts";

type Props = {
  /** Of the API: `/v1/…/audio`. */
  path: string;
  /** What is heard: `Message from Ada 1001`. */
  what: string;
  seconds: number;
  onPlay?: () => void;
};

const speeds = [1, 1.25, 1.5, 2, 0.75];

export function Player({ path, what, seconds, onPlay }: Props) {
  const audio = useRef<HTMLAudioElement>(null);
  const [url, setUrl] = useState<string>();
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(seconds);
  const [speed, setSpeed] = useState(1);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    if (audio.current) audio.current.playbackRate = speed;
  }, [speed]);

  const fetchUrl = async (): Promise<string> => (await send<{ url: string }>("GET", path)).url;
  const toggle = async (): Promise<void> => {
    const element = audio.current;
    if (!element) return;
    if (isPlaying) return element.pause();
    setError(undefined);
    try {
      if (url === undefined) {
        const fresh = await fetchUrl();
        setUrl(fresh);
        element.src = fresh;
        element.playbackRate = speed;
      }
      await element.play();
      onPlay?.();
    } catch (why) {
      setUrl(undefined);
      setError(why);
    }
  };
  const save = async (): Promise<void> => {
    setError(undefined);
    try {
      const link = document.createElement("a");
      link.href = await fetchUrl();
      link.download = "";
      link.target = "_blank";
      link.rel = "noreferrer";
      link.click();
    } catch (why) {
      setError(why);
    }
  };
  return (
    <div className="grid min-w-0 gap-2">
      <div className="flex items-center gap-2">
        {/* biome-ignore lint/a11y/useMediaCaption: nobody wrote down what callers say */}
        <audio
          ref={audio}
          preload="none"
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onEnded={() => setPlaying(false)}
          onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
          onLoadedMetadata={({ currentTarget }) => {
            if (Number.isFinite(currentTarget.duration)) setLength(currentTarget.duration);
          }}
          // its URL's time is over, or the file is gone
          onError={() => setUrl(undefined)}
        />
        <Button
          small
          aria-label={isPlaying ? t("Pause: {what}", { what }) : t("Play: {what}", { what })}
          onClick={toggle}
        >
          {isPlaying ? t("Pause") : t("Play")}
        </Button>
        <input
          type="range"
          className="h-6 w-0 min-w-16 flex-1 accent-(--color-fill)"
          aria-label={t("Place in: {what}", { what })}
          aria-valuetext={duration(at)}
          min={0}
          max={Math.max(1, Math.round(length))}
          step={1}
          value={Math.round(at)}
          disabled={url === undefined}
          onChange={({ target }) => {
            if (audio.current) audio.current.currentTime = Number(target.value);
            setAt(Number(target.value));
          }}
        />
        <span className="whitespace-nowrap text-muted text-xs tabular-nums">
          {duration(at)} / {duration(length)}
        </span>
        <Button
          small
          className="w-12"
          aria-label={t("Speed: {speed}", { speed: `${speed}×` })}
          onClick={() => setSpeed(speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1)}
        >
          {`${speed}×`}
        </Button>
        <Button small aria-label={t("Download: {what}", { what })} onClick={save}>
          <Icon name="download" className="size-3.5" />
        </Button>
      </div>
      {error ? <Problem error={error} title={t("It can't be played")} /> : null}
    </div>
  );
}
