// @ts-check
// What a page paints: before each frame, what is about to be seen is written down.

/**
 * @typedef {object} Frame what is seen in one frame
 * @property {Record<string, { value: string, checked: boolean, caret: number | null }>} inputs by their labels; those of the form
 * @property {string | null} focused the label of the input that has the focus
 * @property {{ id: string, done: boolean, node: number }[]} items of the list; `node` is the same number for the same DOM node
 * @property {string[]} errors of the form and of the list
 * @property {Record<string, number>} heard how often each event of a composition has come so far
 */

/**
 * Starts with the page's first frame. Use as `prepare` of `openWindow`.
 * @param {import('playwright-core').Page} page
 */
export async function sample(page) {
  await page.addInitScript(() => {
    /** @type {Frame[]} */
    const frames = [];
    /** @type {Record<string, number>} */
    const heard = { compositionstart: 0, compositionend: 0 };
    /** @type {WeakMap<Element, number>} */
    const nodes = new WeakMap();
    let known = 0;
    /** @param {Element} element */
    const numbered = (element) => {
      const number = nodes.get(element) ?? (known += 1);
      nodes.set(element, number);
      return number;
    };
    for (const event of Object.keys(heard)) addEventListener(event, () => { heard[event] += 1; }, { capture: true });
    const look = () => {
      const inputs = [...document.querySelectorAll("form input")].map((element) => {
        const { ariaLabel, value, checked, selectionStart } = /** @type {HTMLInputElement} */ (element);
        return /** @type {const} */ ([ariaLabel ?? "", { value, checked, caret: selectionStart }]);
      });
      const items = [...document.querySelectorAll("li")].map((item) => ({
        id: item.dataset.id ?? "", done: item.querySelector("input")?.checked === true, node: numbered(item),
      }));
      const errors = [...document.querySelectorAll("[role=alert]")].map((alert) => alert.textContent);
      frames.push({ inputs: Object.fromEntries(inputs), focused: document.activeElement?.ariaLabel ?? null, items, errors, heard: { ...heard } });
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Object.assign(window, { painted: frames });
  });
}

/**
 * Resolves when a frame has been written down that shows all that was done so far.
 * @param {import('playwright-core').Page} page
 */
export async function nextFrame(page) {
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(resolve); }));
}

/**
 * The frames painted so far.
 * @param {import('playwright-core').Page} page
 * @param {number} [since] how many there were before
 * @returns {Promise<Frame[]>}
 */
export function painted(page, since = 0) {
  return page.evaluate((from) => /** @type {typeof window & { painted: Frame[] }} */ (window).painted.slice(from), since);
}
