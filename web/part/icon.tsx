// The console's signs, drawn in lines on a grid of 16. They say nothing that a text beside them does not.
const shapes = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10Zm3.6-1.4L14 14",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  close: "m4 4 8 8m0-8-8 8",
  people:
    "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 2.8a2.4 2.4 0 0 1 0 4.4M12 9.8c1.6.6 2.5 1.9 2.5 3.7",
  flow: "M3 2.5h4v3H3zM9 10.5h4v3H9zM5 5.5V8h6v2.5M5 8v4h4",
  globe:
    "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2 8h12M8 2c2 1.7 2.8 3.7 2.8 6S10 12.3 8 14c-2-1.7-2.8-3.7-2.8-6S6 3.7 8 2Z",
  sound: "M2.5 6v4H5l3.5 3V3L5 6ZM11 5.8c1.2 1.2 1.2 3.2 0 4.4M12.8 4c2.2 2.2 2.2 5.8 0 8",
  pulse: "M1.5 8.5h3l2-5.5 3 10 2-4.5h3",
  building: "M3 14V2.5h6V14M9 6h4v8M1.5 14h13M5 5h2M5 8h2M5 11h2",
  server: "M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.8h.1M5 11.3h.1",
  book: "M2.5 3C4.5 2.5 6.5 2.7 8 4c1.5-1.3 3.5-1.5 5.5-1v9.5c-2-.5-4-.3-5.5 1-1.5-1.3-3.5-1.5-5.5-1ZM8 4v9.5",
  person: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.5 14c.4-2.6 2.7-4 5.5-4s5.1 1.4 5.5 4",
  chevron: "m4.5 6.5 3.5 3.5 3.5-3.5",
  check: "m3 8.5 3.5 3.5L13 4.5",
  plus: "M8 3v10M3 8h10",
  filter: "M2 3.5h12M4.5 8h7M6.5 12.5h3",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  download: "M8 2.5v7.5m-3-3 3 3 3-3M2.5 13.5h11",
  upload: "M8 10.5V3m-3 3 3-3 3 3M2.5 13.5h11",
  phone: "M3.5 2.5h2.3l1 3-1.5 1.2a8 8 0 0 0 4 4l1.2-1.5 3 1v2.3c0 .6-.5 1-1 1C7 13.5 2.5 9 2.5 3.5c0-.6.4-1 1-1Z",
} as const;

export type IconName = keyof typeof shapes;

export const Icon = ({ name, className = "size-4" }: { name: IconName; className?: string }) => (
  <svg
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    strokeLinejoin="round"
    className={`shrink-0 ${className}`}
    aria-hidden="true"
  >
    <path d={shapes[name]} />
  </svg>
);
