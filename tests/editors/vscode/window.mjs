// What a person does and sees in the window of VS Code.
import { setTimeout as sleep } from "node:timers/promises";

const GHOST = ".ghost-text-decoration, .ghost-text-decoration-preview, .suggest-preview-text";
const PATIENCE = 30_000;

export class Window {
  /** `pictures` is the folder where screenshots go. */
  constructor(page, pictures) {
    this.page = page;
    this.pictures = pictures;
    page.setDefaultTimeout(PATIENCE);
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

  async press(key) {
    await this.page.keyboard.press(key);
  }

  /** Wait for ghost text and return it. */
  async ghost() {
    await this.page.waitForSelector(GHOST);
    return plain(await this.page.evaluate((selector) => [...document.querySelectorAll(selector)].map((node) => node.textContent).join(""), GHOST));
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

  /** Wait until something read from the window satisfies a condition, and return it. */
  async until(read, holds, what) {
    let seen;
    for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(100)) {
      seen = await read();
      if (holds(seen)) return seen;
    }
    throw new Error(`${what} was not seen; instead: ${JSON.stringify(seen)}`);
  }

  async hover() {
    await this.command("Show or Focus Hover");
    const box = this.page.locator(".monaco-hover:not(.hidden) .hover-contents");
    return plain(await this.until(async () => (await box.allInnerTexts()).join("\n"), (text) => text.trim() !== "", "a hover"));
  }

  /** Choose from the light bulb's menu. */
  async action(title) {
    await this.press("Control+.");
    await this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first().click();
  }

  /** What our item in the status bar says. */
  async status() {
    return plain((await this.page.locator('.statusbar-item[id*="tierwise.status"]').innerText()).trim());
  }

  async notifications() {
    return this.page.locator(".notification-toast").allInnerTexts();
  }

  /** The text of the frames below the active webview. */
  async webview(holds) {
    const read = async () => {
      const texts = await Promise.all(this.page.frames().map((frame) => frame.evaluate(() => document.body?.innerText ?? "").catch(() => "")));
      return texts.slice(1).join("\n");
    };
    return this.until(read, holds, "the web view");
  }

  async picture(name) {
    await this.page.screenshot({ path: `${this.pictures}/${name}.png` });
  }
}

/** Write VS Code's hard spaces as spaces. */
function plain(text) {
  return text.replaceAll("\u00a0", " ");
}
