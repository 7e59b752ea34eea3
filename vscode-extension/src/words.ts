/** How figures are written for people. */

/** Write dollars: cents where they are whole enough, else as many digits as tell something. */
export function dollars(amount: number): string {
  if (amount === 0) return "$0";
  if (amount < 0.0001) return "under $0.0001";
  return `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`;
}

/** Write a model without its provider, and without the day it was made. */
export function short(model: string): string {
  const name = model.slice(model.indexOf("/") + 1);
  return name.slice(name.lastIndexOf("/") + 1).replace(/-20\d{6}$/, "");
}

/** Write a price per million tokens. */
export function price(input: number | null, output: number | null): string {
  if (input === null || output === null) return "price unknown";
  return input === 0 && output === 0 ? "free" : `$${String(input)} in, $${String(output)} out per million tokens`;
}

/** Write a share from 0 to 1. */
export function percent(share: number): string {
  return `${String(Math.round(share * 100))} %`;
}
