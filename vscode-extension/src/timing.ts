/** How long the extension itself takes over ghost text, told in the log where its level is “Trace”. */

import * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";

/** Moments of one request, in milliseconds. */
interface Marks {
  sent: number;
  answered: number;
}

/** Return what looks at the clock before and after the server's part. */
export function timed(log: vscode.LogOutputChannel): Required<Pick<Middleware, "provideInlineCompletionItems" | "sendRequest">> {
  const running = new WeakMap<object, Marks>();
  return {
    async provideInlineCompletionItems(document, position, context, token, next) {
      if (log.logLevel !== vscode.LogLevel.Trace) return next(document, position, context, token);
      const began = performance.now();
      const marks: Marks = { sent: 0, answered: 0 };
      running.set(token, marks);
      const items = await next(document, position, context, token);
      const { sent, answered } = marks;
      if (answered > 0) log.trace(`ghost text: ${ms(sent - began)} until asked, ${ms(answered - sent)} until answered, ${ms(performance.now() - answered)} until given`);
      return items;
    },
    async sendRequest(type, param, token, next) {
      const marks = token && running.get(token);
      if (marks === undefined) return next(type, param, token);
      marks.sent = performance.now();
      const answer = await next(type, param, token);
      marks.answered = performance.now();
      return answer;
    },
  };
}

function ms(time: number): string {
  return `${time.toFixed(2)} ms`;
}
