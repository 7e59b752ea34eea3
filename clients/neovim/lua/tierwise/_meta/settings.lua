---@meta
-- Types of the settings, generated from them: `python -m tierwise.settings.schema --write`.

---Settings of Tierwise.
---@class tierwise.Settings
---@field tiers? table<string, tierwise.settings.Tier> Which models make up each tier. Tiers that are not written are filled with what is found: keys in the environment, servers on this machine.
---@field providers? table<string, tierwise.settings.Provider> Where models are asked. The built-in ones can be changed here, and others added.
---@field models? table<string, tierwise.settings.Model> Prices, limits and skills of models, by `provider/model`.
---@field features? tierwise.settings.Features What is offered to the editor, and who answers it.
---@field suggestions? tierwise.settings.Suggestion When code is suggested at the cursor while you type, and how much.
---@field actions? tierwise.settings.Action How the menu of code actions looks.
---@field ownActions? table<string, tierwise.settings.OwnAction> Actions of your own by name: the menu offers them, the command `tierwise.run` takes their names.
---@field budget? tierwise.settings.Budget How much may be spent.
---@field privacy? tierwise.settings.Privacy What may leave this machine.
---@field tasks? table<string, tierwise.settings.Task> The same by kind of task; wins over the feature's settings.
---@field languages? table<string, tierwise.settings.Language> Features as they shall be for documents of one language, by its identifier as editors send it.
---@field folders? table<string, tierwise.settings.Folder> Features as they shall be for documents below one folder, by its path; what is set for a language wins over it.
---@field rules? tierwise.settings.Rule[] Who answers what, where nothing is pinned: the first rule that fits decides. Rules that you write come before the built-in ones; one with the name of a built-in rule takes its place.
---@field routing? tierwise.settings.Routing How it is decided who answers, where nothing is pinned.
---@field checks? tierwise.settings.Checks How answers are checked before you see them.
---@field review? tierwise.settings.Review The search for defects that linters do not see, in files and workspaces.
---@field ["local"]? tierwise.settings.Local Suggestions that cost nothing, because no model is asked.
---@field ledger? tierwise.settings.Ledger What was decided and what it cost, kept for reports.
---@field log? tierwise.settings.Log The server's log, which never holds code, prompts or keys.

---Code actions and commands.
---@class tierwise.settings.Action
---@field showCost? boolean Whether titles in the menu say which tier will answer and about what it will cost. (default: false)
---@field resolve? boolean Whether the editor waits for an action that is chosen (`codeAction/resolve`). With `false` it runs as a command: for editors that stand still meanwhile, as Helix does. (default: true)

---Limits in dollars. Near a limit dear tiers are left out; at the limit only what costs nothing answers.
---@class tierwise.settings.Budget
---@field request? number For one request with all its calls: what each next one would add, by our estimate, must fit in.
---@field day? number For a day, from midnight to midnight.
---@field month? number For a calendar month.
---@field workspace? number For one workspace on one day.
---@field features? table<'inline_completion'|'completion'|'hover'|'code_action'|'command'|'diagnostics', number> For one feature on one day.
---@field soft? number Share of a limit from which on the dearest tier is left out; half-way from there to the limit, all but the cheapest one are. (default: 0.8)
---@field pace? number Hours over which a day's limit is to last, from the day's first request. Whoever is ahead of that does without the dearest tier for a while.
---@field askAbove? number Estimate above which a command or an action asks before it begins. `null` in an editor: never.
---@field hedging? number Share of the requests at the keyboard for which a second model may be asked, where the first one is slower than 95 of 100 of its own answers. 0 switches that off. (default: 0.05)
---@field keepWarm? boolean Whether a vendor's prompt cache is kept warm over a pause by one small call, where your own pauses so far say that this saves more than it costs. (default: true)
---@field shadow? number Share of `day` or `month` that may go into shadow runs: after some tasks whose answers types, tests or a build have judged, a cheaper tier is asked the same in the background, and what the same checks say of it teaches the routing. Nobody sees its answer. 0, or no such limit, switches that off; 0.02 is the most. (default: 0.0)

---What looks at answers, and what it may run.
---@class tierwise.settings.Checks
---@field trustedWorkspaces? string[] Folders whose code may be run: their own tools, tests and builds. All that is below them counts.
---@field types? boolean Whether the type checker that the project uses (pyright, mypy, tsc or go vet) looks at each answer. (default: true)
---@field runTests? boolean Whether the project's tests that touch the changed files are run, on a copy that is shut in. (default: false)
---@field testCommand? string[] Program and arguments that run the tests, where pytest does not. Exit code 0: they pass.
---@field buildCommand? string[] Program and arguments that build the project; run where `run_tests` is on.
---@field unconfined? boolean Whether tests may run where the system cannot shut them in (no user namespaces): limits of time and memory hold there too, but the network and your files are within reach. (default: false)
---@field typesSeconds? number Seconds a type checker may take. (default: 20.0)
---@field testsSeconds? number Seconds a test run or a build may take. (default: 60.0)
---@field memoryMb? integer Megabytes a process of a test run or build may have. (default: 4096)

---What must hold, all of it, for a rule to decide; a list holds where one of its items fits.
---@class tierwise.settings.Condition
---@field kinds? string[] Task kinds.
---@field belongs? string[] Tiers that task kinds are at home in.
---@field features? ('inline_completion'|'completion'|'hover'|'code_action'|'command'|'diagnostics')[] Features of the editor that ask.
---@field languages? string[] Language identifiers as editors send them.
---@field filesOver? integer More files than this are concerned.
---@field linesOver? integer The document has more lines than this.
---@field diagnosticsOver? integer More problems than this are reported there.
---@field outputOver? integer More tokens than this are expected back.
---@field outputUnder? integer Fewer tokens than this are expected back.

---One thing an editor can ask for.
---@class tierwise.settings.Feature
---@field enabled? boolean Whether it is offered at all. (default: true)
---@field tier? string Tier that always answers.
---@field model? string Model that always answers, as `provider/model`; wins over `tier`.
---@field deadline? number Seconds after which an answer comes too late to be shown.
---@field maxOutputTokens? integer Tokens an answer may have.
---@field temperature? number How freely the model chooses its words: 0 is always the likeliest.
---@field fallback? 'up'|'down'|'none' Where to look for an answer where every model that should give it fails: in dearer tiers first (`up`), in cheaper ones only (`down`), nowhere (`none`). Without it, `up` for what you choose yourself, `down` for what the editor asks for while you type, and `none` where a tier or a model is pinned.

---What an editor can ask for.
---@class tierwise.settings.Features
---@field inlineCompletion? tierwise.settings.Feature Ghost text at the cursor while typing.
---@field completion? tierwise.settings.Feature The same suggestions and single words in the completion list, for editors without ghost text.
---@field hover? tierwise.settings.Feature What the symbol under the cursor is.
---@field codeAction? tierwise.settings.Feature The light bulb: generate a docstring, fix a problem.
---@field command? tierwise.settings.Feature What is asked for by name: a commit message, a review, an edit.
---@field diagnostics? tierwise.settings.Feature Defects found by models, shown beside those of linters.

---What holds for documents below one folder.
---@class tierwise.settings.Folder
---@field features? tierwise.settings.Features What is otherwise there; what is left out is as it is for all documents.
---@field languages? table<string, tierwise.settings.Language> The same for the documents of one language there.

---What holds for documents of one language.
---@class tierwise.settings.Language
---@field features? tierwise.settings.Features What is otherwise there; what is left out is as it is for all documents.

---The record of what was decided and what it cost.
---@class tierwise.settings.Ledger
---@field enabled? boolean Whether it is kept. Without it there are no reports. (default: true)
---@field path? string File it is kept in. Without it, a file in the platform's place for data.
---@field answers? boolean Whether answers that would be the same again (hovers, docstrings) are kept beside it for all editors, enciphered with what was asked. (default: true)

---The free tier that predicts from the workspace's own text.
---@class tierwise.settings.Local
---@field precision? number The share of its suggestions that shall be exactly what follows. Higher says less and errs less. What you type instead of a suggestion moves the threshold until this share holds in the workspace. (default: 0.9)

---The server's log.
---@class tierwise.settings.Log
---@field level? 'debug'|'info'|'warning'|'error' How much is written. (default: info)
---@field file? string File it is written to. Without it, a file in the platform's place for logs.

---What the catalogue does not know about a model, or knows wrongly.
---@class tierwise.settings.Model
---@field price? tierwise.settings.Price What it costs.
---@field window? integer Tokens it can read and write in one request.
---@field maxOutput? integer Tokens it can write in one answer.
---@field skills? tierwise.settings.Skill What it can be asked.

---An action of your own: a title, a prompt, and what becomes of the answer.
---@class tierwise.settings.OwnAction
---@field title? string What the menu says.
---@field prompt? string What to do, in your words. The file, the selected part and what stands around it are added.
---@field answer? 'selection'|'changes'|'text'|'report' What the model answers: the new text of the selected lines or the definition at the cursor (`selection`), changes anywhere in the file (`changes`), a text that the command returns (`text`), or a document to read (`report`). (default: selection)
---@field tier? string Tier that answers. Without it, as rules say.
---@field model? string Model that answers, as `provider/model`.
---@field checks? ('not_empty'|'changes_something'|'parses'|'lint_fatal'|'complete'|'same_code'|'types'|'tests'|'judge')[] What an answer must pass.
---@field on? 'selection'|'lines'|'definition'|'stub'|'inside'|'word'|'line'|'file' What must be at the cursor for the menu to offer it. (default: selection)
---@field languages? string[] Languages it is offered for, as editors name them. Without any, all.

---Where the files of some paths may go. All rules count: what one of them keeps back stays back.
---@class tierwise.settings.Path
---@field paths? string[] Patterns as in .gitignore, below a workspace's root.
---@field localOnly? boolean Only models on this machine get them. (default: false)
---@field never? string[] Providers that never get them.

---Dollars per million tokens; what is left out comes from the catalogue.
---@class tierwise.settings.Price
---@field input? number Dollars per million tokens read.
---@field output? number Dollars per million tokens written.
---@field cacheRead? number Dollars per million tokens read from the vendor's cache. Without it, as `input`.
---@field cacheWrite? number Dollars per million tokens written to the vendor's cache. Without it, as `input`.
---@field asOf? string Day on which the price was read, shown in reports.

---What may leave this machine. Files that look like secrets and files that ignore files name never do.
---@class tierwise.settings.Privacy
---@field obeyIgnoreFiles? boolean Whether what .gitignore, .aiignore and .tierwiseignore name stays on this machine. Files with the names of keys and passwords always do. (default: true)
---@field maskSecrets? boolean Whether keys, tokens, private keys and passwords in the text are replaced before it leaves this machine, and put back in answers. (default: true)
---@field rules? tierwise.settings.Path[] What holds for the files of some paths.

---Where models are asked.
---@class tierwise.settings.Provider
---@field type? 'anthropic'|'openai'|'gemini'|'local'|'fake' How it is spoken to. `openai` is understood by most servers: Ollama, llama.cpp, vLLM, LM Studio, LiteLLM, OpenRouter. `local` asks nobody: it predicts from the workspace. `fake` replays a script. (default: openai)
---@field baseUrl? string Address of the server, up to and including its version. Without it, the vendor's own.
---@field keyEnv? string Name of the environment variable that holds the key. The key itself never stands in a file.
---@field headers? table<string, string> Headers sent with each request, for gateways that want them.
---@field timeout? number Seconds without a sign of life until a request counts as failed. (default: 60.0)
---@field concurrency? integer Requests that may be under way there at once; further ones go to another model, or wait. (default: 16)
---@field script? string For the type `fake`: the file with its scripted replies.

---The search for defects in files and whole workspaces. Nothing is asked of a model unless you say so.
---@class tierwise.settings.Review
---@field when? 'command'|'save'|'idle' When code that has changed is looked at: only by the commands `tierwise.scan` and `tierwise review`, or also whenever you `save` a file, or while you are `idle`. What was found before is shown in any case, which costs nothing. (default: command)
---@field idleSeconds? integer Seconds without a change, from which on you count as idle. What is not committed and what is open is then looked at, up to `budget`; the next change ends it. (default: 60)
---@field profile? 'standard'|'audit' How thoroughly commands look: `standard` for everything, a fast model first; or `audit` for security holes only, by the strongest tier, with more of the program before it. On save and while you are idle it is always `standard`. (default: standard)
---@field concerns? table<'bug'|'security'|'performance'|'api_misuse'|'concurrency'|'error_handling'|'test_gap'|'documentation', 'off'|'judged'|'error'|'warning'|'information'|'hint'> What is looked for, and how grave it is shown: as the model judges it (`judged`), always the same, or `off`. Without it, gaps in tests and wrong documentation are hints, all else is as judged.
---@field budget? number Dollars that one search may cost; it stops there and says what it did not look at. Limits by day are `budget.features.diagnostics` and `budget.workspace`.
---@field tokens? integer The same in tokens, for models of unknown price.
---@field tokensDay? integer Tokens that all searches of a day may take together, in every workspace.
---@field tokensWorkspace? integer Tokens that the searches of a day may take in one workspace.
---@field batch? boolean Whether what `tierwise review` and `tierwise.scan` look at may take a day: it is then asked through the batch interfaces of Anthropic and OpenAI, at half the price, as far as the models are theirs. On save and while you are idle it never is. (default: false)
---@field parallel? integer Questions under way at once. Requests at the keyboard always go first. (default: 4)

---The way to decide, and how good is good enough.
---@class tierwise.settings.Routing
---@field mode? 'rules'|'cascade'|'learned' `rules`: the rules alone. `cascade`: where an answer can be checked, cheap tiers try first and dearer ones follow while it fails; the rules elsewhere. `learned`: the same, until enough of your answers are known to decide by what they cost and how often they were good. (default: learned)
---@field quality? number What you want, between cheap (0) and good (1). Up to 0.25 the cascade begins with the cheapest tier and ends where the rules would begin; from 0.75 it never begins below that. (default: 0.5)
---@field acceptAt? number The quality from 0 to 1 that an answer must reach, by its checks, to be kept. (default: 0.8)
---@field thresholds? table<string, table<string, number>> The same by task kind and tier, where they shall differ.
---@field waitCost? number Dollars that a second of waiting is worth to you: where it has learned, it weighs the time that models took like money, for what you wait for. (default: 0.0)
---@field triage? boolean Whether a fast model is asked how hard it is where you write an instruction in your own words. (default: true)
---@field teamPolicy? string Policy file with what your team has learned, as `tierwise tune --out` writes it. It counts for at most 40 outcomes of a model, so that your own outweigh it as they come. A project's own file may name one inside the project.

---Who answers where some conditions hold. The first rule that fits decides.
---@class tierwise.settings.Rule
---@field name? string What it is called; a rule of the same name further up replaces it.
---@field enabled? boolean Whether it is looked at. (default: true)
---@field when? tierwise.settings.Condition Conditions, all of which must hold. Without any, it always fits.
---@field tier? string Tier that answers.
---@field ladder? string[] Instead of `tier`: tiers to climb while answers are not good enough.
---@field reason? string Why, as a sentence; may hold `{kind}`, `{belongs}`, `{feature}`, `{language}`, `{files}`, `{lines}`, `{diagnostics}`, `{output}`. Without it, the rule's name.

---What a model can be asked; what is left out comes from the catalogue.
---@class tierwise.settings.Skill
---@field api? 'chat'|'responses' Which of OpenAI's interfaces serves it: Chat Completions or Responses.
---@field fim? string Fill-in-the-middle: the name of a template, or `suffix` where the server takes the text after the cursor itself. An empty string switches it off.
---@field structured? boolean Whether it answers in JSON when asked to.
---@field reasoning? boolean Whether it thinks before it answers.
---@field temperature? boolean Whether it takes a temperature.
---@field stop? boolean Whether it takes stop sequences.
---@field prefill? boolean Whether the beginning of its answer can be given.
---@field cache? boolean Whether the vendor caches a prompt's beginning on request.
---@field cacheFrom? integer Tokens that a prompt's beginning must have to be cached.
---@field cacheFor? number Seconds for which the vendor keeps what it has cached, from its last use.
---@field limit? 'max_tokens'|'max_completion_tokens' The parameter that bounds its answer.
---@field effort? string How hard it shall think: `none` for not at all, otherwise in its vendor's words.
---@field reserve? integer Tokens granted for thinking on top of the answer's own.
---@field edit? 'blocks'|'diff'|'json_edits' How it writes changes best: search and replace `blocks`, a unified `diff`, or `json_edits` by a schema.

---Code suggested at the cursor while you type. What you ask for by hand is not held back by any of these.
---@class tierwise.settings.Suggestion
---@field inComments? boolean Whether something is suggested inside comments. (default: true)
---@field inStrings? boolean Whether something is suggested inside strings. (default: true)
---@field callsPerBurst? integer Calls to a model that are made in 60 keys typed without a pause; further ones only where you have all but surely stopped. (default: 6)
---@field candidates? integer Suggestions to choose from where you ask for them by hand. (default: 3)
---@field ahead? 'never'|'free'|'always' Whether the suggestion after the one that is shown is asked for beforehand: only from models that cost nothing (`free`), or from all, which about doubles the cost of suggestions (`always`). (default: free)

---One kind of task, whatever feature it serves; wins over the feature's settings.
---@class tierwise.settings.Task
---@field enabled? boolean Whether it is offered at all. (default: true)
---@field tier? string Tier that always answers.
---@field model? string Model that always answers, as `provider/model`; wins over `tier`.
---@field deadline? number Seconds after which an answer comes too late to be shown.
---@field maxOutputTokens? integer Tokens an answer may have.
---@field temperature? number How freely the model chooses its words: 0 is always the likeliest.
---@field fallback? 'up'|'down'|'none' Where to look for an answer where every model that should give it fails: in dearer tiers first (`up`), in cheaper ones only (`down`), nowhere (`none`). Without it, `up` for what you choose yourself, `down` for what the editor asks for while you type, and `none` where a tier or a model is pinned.

---A class of models, tried in order.
---@class tierwise.settings.Tier
---@field models? string[] Models of this tier as `provider/model`, in the order to try them. Without any, those that are found on this machine.
