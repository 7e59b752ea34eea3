// What a person does and sees in the window of VS Code.
/** Of the window, in pixels. */
export const SIZE = { width: 1280, height: 800 };
const GHOST = ".ghost-text-decoration, .ghost-text-decoration-preview, .suggest-preview-text";
const HOVER = ".monaco-hover:not(.hidden) .hover-contents";
const PROGRESS = '.statusbar-item[id="status.progress"]';
const STATUS = '.statusbar-item[id*="tierwise.status"]';

export class Window {
  /** `pictures` is the folder where screenshots go, `patience` seconds to wait for what is to be clicked. */
  constructor(page, pictures, patience) {
    this.page = page;
    this.pictures = pictures;
    page.setDefaultTimeout(patience * 1000);
  }

  async ready() {
    await this.page.waitForSelector(".monaco-workbench .statusbar-item");
  }

  /** Run a command by its title in the palette. */
  async command(title) {
    await this.page.keyboard.press("F1");
    await this.page.waitForSelector(".quick-input-widget input");
    await this.page.keyboard.type(title);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
  }

  /** Choose a row of the quick pick that is open, or about to be. */
  async pick(text) {
    await this.page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row", { hasText: text }).first().click();
  }

  /** The rows of the quick pick. */
  async picks() {
    const rows = this.page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row");
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  /** Answer the input box that is open, or about to be; `about` stands in its title or prompt. */
  async answer(about, text) {
    await this.page.locator(".quick-input-widget:visible", { hasText: about }).waitFor();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
  }

  async openFile(name) {
    await this.page.keyboard.press("Control+p");
    await this.page.waitForSelector(".quick-input-widget input");
    await this.page.keyboard.type(name);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().click();
    await this.page.waitForSelector(`.tab.active[data-resource-name="${name}"]`);
    await this.page.waitForSelector(".editor-instance .view-line");
  }

  /** Put the cursor at a line and column, both from 1. */
  async goto(line, column = 1) {
    await this.page.keyboard.press("Control+g");
    await this.page.waitForSelector(".quick-input-widget input");
    await this.page.keyboard.type(`${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.page.waitForSelector(".quick-input-widget", { state: "hidden" });
  }

  async type(text, delay = 60) {
    await this.page.keyboard.type(text, { delay });
  }

  /** Leave whatever is open over the editor. */
  async leave() {
    for (let times = 0; times < 3; times += 1) await this.press("Escape");
  }

  async press(key) {
    await this.page.keyboard.press(key);
  }

  /** The ghost text that is shown now. */
  async ghost() {
    return this.shown(GHOST, "");
  }

  /** The rows of VS Code's own list of suggestions. */
  async suggestions() {
    return this.shown(".suggest-widget.visible .monaco-list-row");
  }

  /** Select all and type over it. */
  async rewrite(text) {
    await this.press("Control+a");
    await this.press("Delete");
    await this.page.keyboard.insertText(text);
  }

  /** The buffer as it is shown, without ghost text. */
  async buffer() {
    const text = await this.page.evaluate((selector) => {
      const lines = [...document.querySelectorAll(".editor-instance .view-lines .view-line")];
      lines.sort((one, other) => parseFloat(one.style.top) - parseFloat(other.style.top));
      return lines
        .map((line) => {
          const copy = line.cloneNode(true);
          for (const ghost of copy.querySelectorAll(selector)) ghost.remove();
          return copy.textContent;
        })
        .join("\n");
    }, GHOST);
    return plain(text);
  }

  /** What the hover at the cursor says, once it is there. */
  async hover() {
    await this.command("Show or Focus Hover");
    await this.page.waitForSelector(HOVER);
    return this.shown(HOVER);
  }

  /** Choose from a menu of the editor's context menu. */
  async contextMenu(menu, title) {
    await this.press("Shift+F10");
    await this.page.locator(".monaco-menu .action-menu-item", { hasText: menu }).first().click();
    // Not by a click: a menu that has just opened does not hear the button yet.
    await this.page.locator(".monaco-menu .monaco-submenu .action-menu-item", { hasText: title }).first().hover();
    await this.press("Enter");
  }

  /** Choose from the light bulb's menu. */
  async action(title) {
    await this.press("Control+.");
    await this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first().click();
  }

  /** What our item in the status bar says. */
  async status() {
    return (await this.shown(STATUS)).trim();
  }

  /** The class of its colour, or an empty string. */
  async statusColour() {
    const classes = await this.page.locator(STATUS).getAttribute("class");
    return /(warning|error)-kind/.exec(classes)?.[1] ?? "";
  }

  async clickStatus() {
    await this.page.locator(STATUS).click();
  }

  /** What VS Code says of the activation of an extension. */
  async activation(name) {
    // A list makes only the rows that can be seen.
    await this.page.setViewportSize({ width: 1280, height: 2400 });
    await this.command("Developer: Show Running Extensions");
    const text = plain(await this.page.locator(".runtime-extensions-editor .monaco-list-row", { hasText: name }).first().innerText());
    await this.leave();
    await this.page.setViewportSize(SIZE);
    return text;
  }

  async notifications() {
    return this.shown(".notification-toast");
  }

  /** What stands beside the spinner in the status bar. */
  async progress() {
    return (await this.shown(PROGRESS)).trim();
  }

  /** Cancel what the status bar shows in progress. */
  async cancel() {
    await this.page.locator(PROGRESS).click();
    await this.page.locator(".notifications-center .monaco-button", { hasText: "Cancel" }).first().click();
  }

  /** Press a button of a notification. */
  async button(text) {
    await this.page.locator(".notification-toast .monaco-button", { hasText: text }).first().click();
  }

  /** The rows of the Problems view. */
  async problems() {
    if (!(await this.page.locator(".markers-panel").isVisible())) await this.press("Control+Shift+m");
    return this.shown(".markers-panel .monaco-list-row");
  }

  /** The text in the box for a commit message. */
  async commitMessage() {
    await this.sourceControl();
    return this.shown(".scm-editor .view-line");
  }

  /** Press a button above the list of changes. */
  async sourceControlButton(text) {
    await this.sourceControl();
    const title = this.page.locator(".pane-header", { has: this.page.locator(`.action-label[aria-label*="${text}"]`) }).first();
    await title.hover();
    await title.locator(`.action-label[aria-label*="${text}"]`).click();
  }

  async sourceControl() {
    if (!(await this.page.locator(".scm-editor").first().isVisible())) await this.press("Control+Shift+g");
  }

  /** The rows of the Refactor Preview. */
  async preview() {
    return this.shown(".refactor-preview .monaco-list-row, .bulk-edit-panel .monaco-list-row");
  }

  /** Press a button of the Refactor Preview. */
  async decide(text) {
    await this.page.locator(".refactor-preview .monaco-button, .bulk-edit-panel .monaco-button", { hasText: text }).first().click();
  }

  /** The proposed side of the diffs that are shown. */
  async diff() {
    return this.shown(".monaco-diff-editor .editor.modified .view-line");
  }

  /** Press a button in the title bar of the editor. */
  async titleButton(text) {
    await this.page.locator(`.editor-group-container.active .title .action-label[aria-label*="${text}"]`).first().click();
  }

  /** Save under the name that the dialog proposes, which is open or about to be. */
  async save(name) {
    const dialog = this.page.locator(".quick-input-widget:visible");
    const proposed = (end) => document.querySelector(".quick-input-widget input[type=text]")?.value.endsWith(end);
    await this.page.waitForFunction(proposed, name);
    await dialog.locator(".monaco-button", { hasText: "OK" }).click();
  }

  /** Open a step of the walkthrough that is shown, by its title. */
  async step(title) {
    await this.page.locator(".getting-started-step", { hasText: title }).first().click();
  }

  /** What the walkthrough's open step says. */
  async stepText() {
    return this.shown(".getting-started-step.expanded");
  }

  /** The titles of the walkthrough's steps that are ticked. */
  async doneSteps() {
    const steps = this.page.locator(".getting-started-step", { has: this.page.locator(".codicon.complete") });
    return (await steps.locator(".step-title").allInnerTexts()).map(plain);
  }

  /** Press a link or a button of the walkthrough. */
  async stepButton(text) {
    await this.page.locator(".getting-started-step.expanded .monaco-button, .getting-started-step.expanded a", { hasText: text }).first().click();
  }

  /** The name of the file in the active editor. */
  async active() {
    return this.page.locator(".editor-group-container.active .tab.active").first().getAttribute("data-resource-name");
  }

  /** What kind of theme is in force: vs, vs-dark, hc-light or hc-black. */
  async theme() {
    return this.page.evaluate(() => /\b(hc-light|hc-black|vs-dark|vs)\b/.exec(document.querySelector(".monaco-workbench").className)[1]);
  }

  /** The text in all web views. */
  async webview() {
    const texts = await Promise.all(this.page.frames().map((frame) => frame.evaluate(() => document.body?.innerText ?? "").catch(() => "")));
    return texts.slice(1).join("\n");
  }

  /** The text of all nodes of a kind that can be seen. */
  async shown(selector, between = "\n") {
    const texts = await this.page.locator(selector).filter({ visible: true }).allInnerTexts();
    return plain(texts.join(between));
  }

  async picture(name) {
    await this.page.screenshot({ path: `${this.pictures}/${name}.png` });
  }
}

/** Write VS Code's hard spaces as spaces. */
function plain(text) {
  return text.replaceAll("\u00a0", " ");
}
