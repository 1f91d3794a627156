// mod_callcenter's lists: a line of names, lines of values, `+OK`. A value holds no `|`, for none of ours does.

export function rowsOf(answer: string): Record<string, string>[] {
  const [head = "", ...lines] = answer.split("\n").filter((line) => line !== "" && line !== "+OK");
  const names = head.split("|");
  return lines.map((line) => {
    const values = line.split("|");
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
  });
}
