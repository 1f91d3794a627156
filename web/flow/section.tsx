// The section of call flows: all of them, or one by the id of where it begins.
import { FlowList } from "./list.tsx";
import { FlowPage } from "./page.tsx";

export const FlowSection = ({ rest: [id] }: { rest: string[] }) =>
  id === undefined ? <FlowList /> : <FlowPage key={id} id={id} />;
