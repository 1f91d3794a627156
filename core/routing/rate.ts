// Least cost: which trunk is cheapest for a number, by the rate tables of the trunks.
import type { Config, OwnedTrunk } from "./config.ts";

export type Price = { perMinute: number; currency: string };
/** A trunk with its price, or without one that can be compared, and why. */
export type Priced = { trunk: OwnedTrunk; why: string };

/**
 * The cheapest first. Prices of different currencies can't be compared: those in the currency of the first trunk that has a price count, the rest come
 * last as listed, with the trunks that have none.
 */
export function byCost(config: Config, trunks: OwnedTrunk[], number: string): Priced[] {
  const tables = config.inherited("rate-table");
  const all = trunks.map((trunk) => ({ trunk, rate: rateOf(tables, trunk.id, number) }));
  const currency = all.find(({ rate }) => rate)?.rate?.currency;
  const comparable = ({ rate }: (typeof all)[number]): boolean => rate !== undefined && rate.currency === currency;
  const cost = (one: (typeof all)[number]): number =>
    comparable(one) ? (one.rate?.perMinute ?? 0) : Number.POSITIVE_INFINITY;
  return all
    .map((one, index) => ({ ...one, index }))
    .sort((a, b) => (cost(a) === cost(b) ? a.index - b.index : cost(a) - cost(b)))
    .map(({ trunk, rate }) => ({ trunk, why: inWords(rate, currency) }));
}

function inWords(rate: Price | undefined, currency: string | undefined): string {
  if (!rate) return "without a rate for the number, so after those that have one";
  const price = `${rate.currency} ${rate.perMinute} a minute`;
  return rate.currency === currency ? `at ${price}` : `at ${price}, which can't be compared with ${currency}`;
}

/** What a call to `number` (E.164) over a trunk costs, by the rate tables of the tenant and its accounts. */
export const priceOf = (config: Config, trunk: string, number: string): Price | undefined => {
  const found = rateOf(config.inherited("rate-table"), trunk, number);
  return found && { perMinute: found.perMinute, currency: found.currency };
};

/** By the longest prefix; of several tables' equal ones the lower price. */
function rateOf(
  tables: readonly { body: { trunk: string; currency: string; rates: { prefix: string; perMinute: number }[] } }[],
  trunk: string,
  number: string,
): Price | undefined {
  let best: (Price & { length: number }) | undefined;
  for (const { body } of tables) {
    if (body.trunk !== trunk) continue;
    for (const { prefix, perMinute } of body.rates)
      if (
        number.startsWith(prefix) &&
        (!best || prefix.length > best.length || (prefix.length === best.length && perMinute < best.perMinute))
      )
        best = { perMinute, currency: body.currency, length: prefix.length };
  }
  return best;
}
