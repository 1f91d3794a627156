// A sign for each kind of thing on the picture, drawn in lines on a grid of 16. They say nothing that the text beside them does not.
const shapes: Record<string, string> = {
  "phone-number":
    "M3.5 2.5h2.3l1 3-1.5 1.2a8 8 0 0 0 4 4l1.2-1.5 3 1v2.3c0 .6-.5 1-1 1C7 13.5 2.5 9 2.5 3.5c0-.6.4-1 1-1Z",
  extension: "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.5 14c.4-2.6 2.7-4 5.5-4s5.1 1.4 5.5 4",
  "ring-group":
    "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 2.8a2.4 2.4 0 0 1 0 4.4M12 9.8c1.6.6 2.5 1.9 2.5 3.7",
  queue: "M2.5 3.5h11M2.5 8h8M2.5 12.5h5M12 10v4m0 0-1.5-1.5M12 14l1.5-1.5",
  menu: "M3 2.5h.1M8 2.5h.1M13 2.5h.1M3 7h.1M8 7h.1M13 7h.1M3 11.5h.1M8 11.5h.1M13 11.5h.1",
  schedule: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.8V8l2.2 1.8",
  announcement: "M2.5 6v4H5l3.5 3V3L5 6ZM11 5.8c1.2 1.2 1.2 3.2 0 4.4M12.8 4c2.2 2.2 2.2 5.8 0 8",
  "voicemail-box": "M4 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM12 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM4 10.5h8",
  conference: "M2 3h12v8H7l-3 2.5V11H2Z",
  "paging-group": "M8 13.5v-4M5 13.5h6M8 7.5h.1M5.3 10a4 4 0 1 1 5.4 0M3.3 11.8a6.5 6.5 0 1 1 9.4 0",
  "parking-lot": "M2.5 2.5h11v11h-11zM6.5 11V5h2a1.9 1.9 0 0 1 0 3.8h-2",
  directory: "M2.5 3C4.5 2.5 6.5 2.7 8 4c1.5-1.3 3.5-1.5 5.5-1v9.5c-2-.5-4-.3-5.5 1-1.5-1.3-3.5-1.5-5.5-1ZM8 4v9.5",
  "outside-number":
    "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2 8h12M8 2c2 1.7 2.8 3.7 2.8 6S10 12.3 8 14c-2-1.7-2.8-3.7-2.8-6S6 3.7 8 2Z",
  hangup: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.8 5.8l4.4 4.4m0-4.4-4.4 4.4",
};

export const KindIcon = ({ kind, className = "size-4" }: { kind: string; className?: string }) => (
  <svg
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    strokeWidth={kind === "menu" ? 2.4 : 1.5}
    strokeLinecap="round"
    strokeLinejoin="round"
    className={`shrink-0 ${className}`}
    aria-hidden="true"
  >
    <path d={Object.hasOwn(shapes, kind) ? shapes[kind] : shapes.hangup} />
  </svg>
);
