// mod_callcenter's lists: a line of names, lines of values, `+OK`. Values are cut at `|`, which none of ours holds; but a caller's name may.

export function rowsOf(answer: string): Record<string, string>[] {
  const [head = "", ...lines] = answer.split("\n").filter((line) => line !== "" && line !== "+OK");
  const names = head.split("|");
  return lines.map((line) => {
    const values = line.split("|");
    const surplus = Math.max(0, values.length - names.length);
    const free = names.indexOf("cid_name");
    const at = (index: number) => (free >= 0 && index > free ? index + surplus : index);
    return Object.fromEntries(names.map((name, index) => [name, values[at(index)] ?? ""]));
  });
}
