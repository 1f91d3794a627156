// The phone's icons: lines of one weight on a grid of 24.
const paths = {
  phone: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1",
  end: "M4 15v-2c4.5-4 11.500-4 16 0v2.500l-4 .5-.5-2.800a10 10 0 0 0-7 0L8 16z",
  hold: "M9 5v14M15 5v14",
  resume: "M8 5l11 7-11 7z",
  mute: "M9 9v3a3 3 0 0 0 5 2M15 11V6a3 3 0 0 0-5.600-1.500M6 11a6 6 0 0 0 9 5M12 17v4M4 4l16 16",
  microphone: "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M6 11a6 6 0 0 0 12 0M12 17v4",
  keypad: "M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01",
  transfer: "M4 9h13l-4-4M20 15H7l4 4",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4",
  close: "M6 6l12 12M18 6L6 18",
} as const;

export function Icon({ name, className = "size-5" }: { name: keyof typeof paths; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "keypad" ? 3 : 1.75}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
