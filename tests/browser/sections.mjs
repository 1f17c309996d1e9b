// What somebody does with each section of the page, by the mouse or the keyboard alone, and what the section says of a
// connection that is lost and comes back.

/** Uses the page with the mouse. */
export class Mouse {
  #session;
  constructor(session) {
    this.#session = session;
  }
  press(selector) {
    return this.#session.click(selector);
  }
  choose(name, value) {
    return this.#session.click(`label:has(input[name="${name}"][value="${value}"])`);
  }
  async fill(selector, text) {
    await this.#session.click(selector);
    await this.#session.type(selector, text);
  }
}

/** Runs in the page: how many steps of the Tab key an element is away, at least: 0, or forwards, or backwards. */
const direction = (selector) => {
  const wanted = document.querySelector(selector);
  const focused = document.activeElement;
  if (wanted === focused) return 0;
  // A group of radio buttons has one stop.
  if (wanted.type === 'radio' && wanted.name === focused.name) return 0;
  return focused.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING ? -1 : 1;
};

const maxSteps = 100;

/** Uses the page with the keys only. The focus moves as the Tab key moves it. */
export class Keyboard {
  #session;
  constructor(session) {
    this.#session = session;
  }
  get #keys() {
    return this.#session.page.keyboard;
  }
  async #moveTo(selector) {
    for (let steps = 0; steps < maxSteps; steps += 1) {
      const towards = await this.#session.page.evaluate(direction, selector);
      if (towards === 0) return;
      if (towards < 0) await this.#keys.down('Shift');
      await this.#keys.press('Tab');
      if (towards < 0) await this.#keys.up('Shift');
    }
    throw new Error(`the Tab key does not reach ${selector}`);
  }
  async press(selector) {
    await this.#moveTo(selector);
    await this.#keys.press('Enter');
  }
  async choose(name, value) {
    const wanted = `input[name="${name}"][value="${value}"]`;
    await this.#moveTo(wanted);
    const isChecked = () => this.#session.page.$eval(wanted, (radio) => radio.checked);
    for (let steps = 0; !(await isChecked()); steps += 1) {
      if (steps === maxSteps) throw new Error(`the arrow keys do not reach ${wanted}`);
      await this.#keys.press('ArrowRight');
    }
  }
  async fill(selector, text) {
    await this.#moveTo(selector);
    await this.#keys.down('Control');
    await this.#keys.press('a');
    await this.#keys.up('Control');
    await this.#keys.type(text);
  }
}

const textChanged = (selector, before) => document.querySelector(selector).textContent !== before;
const valuesChange = async (session) => {
  const values = await session.text('#sensors-rows');
  await session.until('the values change', textChanged, '#sensors-rows', values);
};

/**
 * The sections, from the top of the page to its end:
 *
 * - `use` uses all that needs a server. It is given the page, the mouse or the keyboard, and a word that it may send.
 * - `says`: by the selector of a place, what is said there when the connection is lost.
 * - `isBack` waits for what is said when the connection is back. Absent if the section has none while it is not used.
 */
export const sections = {
  sensors: {
    async use(session, input) {
      for (const format of ['cbor', 'xml', 'json']) {
        await input.choose('sensor-format', format);
        await session.waitForText('#sensors .state', new RegExp(`^open, sensors\\.${format}$`));
        await session.waitForText('#sensors-source', /^Simulated values$/);
        await valuesChange(session);
      }
      await input.press('#sensors-pause');
      await session.until('it is paused', () => document.querySelector('#sensors-pause').ariaPressed === 'true');
      await input.press('#sensors-pause');
      await valuesChange(session);
    },
    says: { '#sensors .state': /^lost: 1006 connection lost$/, '#sensors-last-updated': /^Old values, \d\d:\d\d:\d\d$/ },
    async isBack(session) {
      await session.waitForText('#sensors .state', /^open, sensors\.json$/);
      await session.waitForText('#sensors-last-updated', /^$/);
      await valuesChange(session);
    },
  },
  chat: {
    async use(session, input, word) {
      if (!(await session.text('#chat .state')).startsWith('in ')) {
        await input.choose('chat-room', 'garden');
        await input.fill('#chat-name', 'Ada');
        await input.press('#chat [data-role="toggle"]');
      }
      await session.waitForText('#chat .state', /^in garden as \u2068Ada\u2069$/);
      await session.waitForText('#chat-members-title', /^Here now: 1$/);
      await input.fill('#chat-text', word);
      await input.press('#chat-send button');
      await session.waitForText('#chat-log [data-sender="self"]:last-child .chat-text', new RegExp(`^${word}$`));
    },
    says: { '#chat .state': /^lost: 1006 connection lost$/, '#chat-outcome': /^The connection is lost\./ },
    async isBack(session) {
      await session.waitForText('#chat .state', /^in garden as /);
      await session.waitForText('#chat-outcome', /^Away for .*(no message was missed|could not recover: the server has lost its history)/);
    },
  },
  echo: {
    async use(session, input, word) {
      await input.choose('echo-kind', 'text');
      await input.fill('#echo-text', word);
      await input.press('#echo-form [type="submit"]');
      await session.waitForText('[data-direction="received"]:last-child .log-content', new RegExp(`^${word}$`));
      await input.choose('echo-kind', 'bytes');
      await input.fill('#echo-hex', '00ff7f');
      await input.press('#echo-form [type="submit"]');
      await session.waitForText('[data-direction="received"]:last-child .log-content', /^00 ff 7f$/);
    },
    says: { '#echo .state': /^lost: 1006 connection lost$/, '#echo-log ol': /lost: 1006 connection lost/ },
    async isBack(session) {
      await session.waitForText('#echo .state', /^open$/);
      await session.waitForText('#echo-log ol', /lost: 1006 .*open: ws:/);
    },
  },
  frames: {
    async use(session, input) {
      if (!(await session.page.$eval('#frames details', ({ open }) => open))) await input.press('#frames summary');
      await input.choose('frames-direction', 'sent');
      await session.waitForText('#frames-drawn', /unmasked: 00 ff 7f/);
      await input.choose('frames-direction', 'received');
      await session.waitForText('#frames-drawn', /a server masks none/);
    },
    says: {},
  },
  person: {
    async use(session, input, word) {
      await session.reachPerson();
      await input.fill('#person-name', word);
      for (const format of ['json', 'xml']) {
        await input.press(`[data-format="${format}"] button`);
        await session.waitForText(`[data-format="${format}"] .state`, /^accepted, closed 1000 normal, by the server$/);
      }
      await input.press('#person-both');
      await session.waitForText('#person-both-result', new RegExp(`(${word}; .*){3}All are equal`));
    },
    says: {},
  },
  speed: {
    async use(session, input) {
      await input.press('#speed-start');
      await session.waitForText('#speed-status', /^Measuring/);
      await input.press('#speed-start');
      await session.waitForText('#speed-status', /^Stopped\.$/);
    },
    says: {},
  },
};

/** Runs in the page: keeps what a screen reader announces from now on: the places of live regions and their texts. */
export function recordAnnouncements() {
  window.announced = [];
  new MutationObserver((mutations) => {
    const regions = mutations.map(({ target }) => {
      const element = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
      return element?.closest('[aria-live], [role="status"], [role="log"], [role="alert"]');
    });
    for (const region of new Set(regions)) {
      if (!region || region.ariaLive === 'off') continue;
      const what = region.id || `${region.closest('section').id} ${region.className || region.role}`;
      window.announced.push(`${what}: ${region.textContent.trim().replace(/\s+/g, ' ')}`);
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}

/** Runs in the page: keeps everything that is said in some places from now on, because it may be there for a moment only. */
export function recordWords(selectors) {
  window.said = Object.fromEntries(selectors.map((selector) => [selector, []]));
  for (const selector of selectors) {
    const place = document.querySelector(selector);
    new MutationObserver(() => window.said[selector].push(place.textContent)).observe(place, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  }
}

/** Waits until a place has said something since recordWords(). */
export function waitUntilSaid(session, selector, pattern) {
  return session.until(
    `${selector} has said ${pattern}`,
    (selector, source) => window.said[selector].some((text) => new RegExp(source, 's').test(text)),
    selector,
    pattern.source,
  );
}
