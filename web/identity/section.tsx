// A part of one's own pages.
import type { ReactNode } from "react";

export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="card grid max-w-2xl gap-3 p-4">
    <h2 className="font-semibold text-base">{title}</h2>
    {children}
  </section>
);
