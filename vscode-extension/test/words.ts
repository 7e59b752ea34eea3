import { strict as assert } from "node:assert";

import { dollars, percent, price, short } from "../src/words";
import type { Cases } from "./stage";

export const words: Cases = {
  "dollars have as many digits as tell something": () => {
    assert.deepEqual([0, 0.00001, 0.0123, 0.5, 12.345].map(dollars), ["$0", "under $0.0001", "$0.0123", "$0.50", "$12.35"]);
  },
  "a model is named without its provider and its day": () => {
    assert.equal(short("anthropic/claude-haiku-5-5-20261001"), "claude-haiku-5-5");
    assert.equal(short("openrouter/meta/llama-4"), "llama-4");
  },
  "a price that nobody told is unknown, and nothing is free": () => {
    assert.deepEqual([price(null, 1), price(0, 0), price(1, 5)], ["price unknown", "free", "$1 in, $5 out per million tokens"]);
    assert.equal(percent(0.406), "41 %");
  },
};
