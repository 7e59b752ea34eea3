/** The kinds of work that the server does by name, and what has to be asked before it can begin. */

export interface Kind {
  readonly name: string;
  /** What the input box asks; without it, nothing is asked. */
  readonly question?: string;
  /** An example in the empty input box. */
  readonly example?: string;
  /** Whether it can be done without an answer to the question. */
  readonly optional?: boolean;
  /** Whether the problems at the cursor belong to it. */
  readonly problems?: boolean;
  /** Whether the change is shown before it is made, as it was asked for in free words. */
  readonly previewed?: boolean;
  /** Whether the file that it wrote to is opened, as it is another than the one at hand. */
  readonly elsewhere?: boolean;
}

export const KINDS: readonly Kind[] = [
  { name: "annotate" },
  { name: "architecture", question: "What about the architecture?", example: "Can orders be split from payments?", optional: true },
  { name: "ask", question: "What do you want to know about the code?", example: "Where is the tax computed?" },
  { name: "audit" },
  { name: "classify", question: "Which text is to be classified?", example: "It crashes on start." },
  { name: "comment" },
  { name: "commit_message" },
  { name: "debug", question: "What goes wrong?", example: "Totals are off by one cent after a discount" },
  { name: "design", question: "What shall it do?", example: "Customers can return single lines of an order" },
  { name: "docstring" },
  { name: "edit", question: "What shall change here?", example: "accept dates as text too", previewed: true },
  { name: "endpoint", question: "Which endpoint?", example: "list all orders" },
  { name: "explain" },
  { name: "fix", problems: true },
  { name: "implement" },
  { name: "merge" },
  { name: "migrate", question: "From what to what?", example: "from unittest to pytest" },
  { name: "name" },
  { name: "optimise" },
  { name: "pr_description" },
  { name: "query", question: "What shall the query find?", example: "customers without an order this year" },
  { name: "refactor", question: "How shall it be built?", example: "split reading from computing", optional: true },
  { name: "refactor_files", question: "What shall change over all files?", example: "rename Order.total to Order.sum" },
  { name: "review" },
  { name: "search", question: "What are you looking for?", example: "where mails are sent" },
  { name: "summarise" },
  { name: "tests", elsewhere: true },
  { name: "transform", question: "Which small change?", example: "invert the condition" },
  { name: "translate", question: "Into which language?", example: "TypeScript" },
];
