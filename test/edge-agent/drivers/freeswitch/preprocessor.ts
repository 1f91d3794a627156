// A model of what FreeSWITCH does to a reply before it parses it (switch_xml.c, preprocess and expand_vars), enough to see a line lost or a value expanded.

/** Lines that survive, `$${…}` replaced by `expanded`. Throws where FreeSWITCH would run a directive. */
export function preprocess(xml: string, expanded = "EXPANDED"): string {
  const kept: string[] = [];
  for (const raw of xml.split("\n")) {
    const line = expand(raw, expanded);
    if (/<include>|<\/include>|<\?/.test(raw)) continue;
    if (line.includes("<!--#")) throw new Error(`a directive would run: ${line}`);
    if (/x-pre-process/i.test(line)) {
      if (/<x-pre-process/i.test(line)) throw new Error(`a directive would run: ${line}`);
      continue;
    }
    kept.push(line);
  }
  return kept.join("\n");
}

function expand(line: string, expanded: string): string {
  let out = "";
  for (let at = 0; at < line.length; ) {
    const end = line.startsWith("$${", at) ? closing(line, at + 2) : -1;
    if (end < 0) {
      out += line[at];
      at += 1;
    } else {
      out += expanded;
      at = end + 1;
    }
  }
  return out;
}

/** The brace that closes the one at `at`. */
function closing(line: string, at: number): number {
  let depth = 0;
  for (let i = at; i < line.length; i++) {
    if (line[i] === "{") depth += 1;
    if (line[i] === "}") depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}

/** Whether a channel would expand something in `text` (switch_string_var_check_const): a dollar, any backslashes, a brace. */
export const expandable = (text: string): boolean => /\$\\*\{/.test(text);
