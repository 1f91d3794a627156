// A bar chart, drawn here: few lines do what a library would. Whoever can't see it, or wants the numbers, opens its table.
import { useEffect, useRef, useState } from "react";
import { t } from "../i18n/t.ts";

type Series = {
  name: string;
  look: "main" | "rest" /** Null: there is nothing to say of it. */;
  of: (number | null)[];
};
type Props = {
  title: string;
  about: string;
  /** Several stand on one another. */
  series: Series[];
  labels: string[];
  /** Where the scale ends; by the values where it is left out. */
  top?: number;
  say(value: number): string;
};

const height = 180;
const room = { left: 44, bottom: 22, top: 8 };
const looks = { main: "fill-(--color-fill)", rest: "fill-(--color-edge) opacity-45" };

export function Bars({ title, about, series, labels, top, say }: Props) {
  const [place, width] = useWidth();
  const totals = labels.map((_, index) => series.reduce((sum, { of }) => sum + (of[index] ?? 0), 0));
  const scale = top ?? roundUp(Math.max(...totals, 0));
  const inner = { width: Math.max(1, width - room.left), height: height - room.top - room.bottom };
  const step = inner.width / Math.max(1, labels.length);
  const y = (value: number): number => room.top + inner.height * (1 - value / scale);
  // as many as fit beside one another
  const every = Math.max(1, Math.ceil(labels.length / Math.max(1, Math.floor(inner.width / 56))));
  return (
    <figure className="card grid gap-3 p-4">
      <figcaption>
        <h2 className="font-semibold">{title}</h2>
        <p className="text-muted text-xs">{about}</p>
      </figcaption>
      <div ref={place} className="min-w-0">
        <svg width={width} height={height} role="img" aria-label={`${title}: ${about}`} className="block max-w-full">
          {[0, 0.5, 1].map((part) => (
            <g key={part}>
              <line
                x1={room.left}
                x2={width}
                y1={y(part * scale)}
                y2={y(part * scale)}
                className="stroke-(--color-line)"
              />
              <text
                x={room.left - 8}
                y={y(part * scale) + 4}
                textAnchor="end"
                className="fill-(--color-muted) text-[11px] tabular-nums"
              >
                {say(part * scale)}
              </text>
            </g>
          ))}
          {labels.map((label, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an hour comes twice when summer time ends
            <g key={index}>
              {stacked(series, index).map(({ name, look, from, to }) => (
                <rect
                  key={name}
                  x={room.left + index * step + step * 0.14}
                  width={step * 0.72}
                  y={y(to)}
                  height={Math.max(0, y(from) - y(to))}
                  rx={Math.min(2, step * 0.2)}
                  className={looks[look]}
                >
                  <title>{`${label}: ${name} ${say(to - from)}`}</title>
                </rect>
              ))}
              {index % every === 0 ? (
                <text
                  x={room.left + (index + 0.5) * step}
                  y={height - 6}
                  textAnchor="middle"
                  className="fill-(--color-muted) text-[11px]"
                >
                  {label}
                </text>
              ) : null}
            </g>
          ))}
        </svg>
      </div>
      {series.length > 1 ? (
        <ul className="flex flex-wrap gap-4 text-xs">
          {series.map(({ name, look }) => (
            <li key={name} className="flex items-center gap-1.5">
              <svg width="10" height="10" aria-hidden="true">
                <rect width="10" height="10" rx="2" className={looks[look]} />
              </svg>
              {name}
            </li>
          ))}
        </ul>
      ) : null}
      <Numbers title={title} series={series} labels={labels} say={say} />
    </figure>
  );
}

const Numbers = ({ title, series, labels, say }: Pick<Props, "title" | "series" | "labels" | "say">) => (
  <details>
    <summary className="link min-h-6 w-fit py-1 text-xs">{t("As a table")}</summary>
    <div className="max-h-72 overflow-auto pt-2">
      <table className="w-full text-left text-xs tabular-nums">
        <caption className="sr-only">{title}</caption>
        <thead className="text-muted">
          <tr>
            <th scope="col" className="py-1 pr-3 font-normal">
              {t("Time")}
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="py-1 pr-3 text-right font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <tr key={index} className="border-line border-t">
              <th scope="row" className="py-1 pr-3 font-normal">
                {label}
              </th>
              {series.map(({ name, of }) => {
                const value = of[index];
                return (
                  <td key={name} className="py-1 pr-3 text-right">
                    {value === null || value === undefined ? "–" : say(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);

function stacked(series: Series[], index: number): { name: string; look: Series["look"]; from: number; to: number }[] {
  let from = 0;
  return series.flatMap(({ name, look, of }) => {
    const value = of[index] ?? 0;
    const bar = { name, look, from, to: from + value };
    from += value;
    return value > 0 ? [bar] : [];
  });
}

/** The next of 2, 4, 10, 20, 40, 100 …: its half is a whole number. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [2, 4, 10, 20].map((one) => one * power).find((one) => one >= value) ?? 2;
}

function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [place, width];
}
