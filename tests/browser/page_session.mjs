// A visit to the page: user actions, what the page shows, and everything that the browser reports meanwhile.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { screenshots } from './servers.mjs';

/** Timeout of each wait, in milliseconds. */
const waitTimeout = 15_000;

export class PageSession {
  /** Console errors, exceptions, failed or foreign requests, and violations of the content security policy. */
  complaints = [];

  /** `prepare` is given the page before it loads anything. `waitUntil` says when it is loaded: Puppeteer's WaitForOptions. */
  static async to(browser, address, { width = 1280, height = 900, server = address, prepare, waitUntil = 'load' } = {}) {
    const page = await browser.newPage();
    const visit = new PageSession();
    visit.page = page;
    page.setDefaultTimeout(waitTimeout);
    // Firefox also reports WebSocket handshakes as requests.
    const known = [new URL(address).origin, new URL(server).origin];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') visit.complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => visit.complaints.push(`exception: ${error.message}`));
    page.on('request', (request) => {
      if (/^https?:/.test(request.url()) && !known.includes(new URL(request.url()).origin)) {
        visit.complaints.push(`foreign request: ${request.url()}`);
      }
    });
    page.on('response', (response) => {
      if (response.status() >= 400) visit.complaints.push(`${response.status()}: ${response.url()}`);
    });
    await page.evaluateOnNewDocument(() => {
      window.policyViolations = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        const place = `${event.sourceFile}:${event.lineNumber}`;
        window.policyViolations.push(`policy: ${event.violatedDirective} refused ${event.blockedURI} at ${place}`);
      });
    });
    await page.setViewport({ width, height });
    await prepare?.(page);
    if (waitUntil === 'commit') void page.goto(address).catch(() => {});
    else visit.response = await page.goto(address, { waitUntil });
    return visit;
  }

  async allComplaints() {
    return [...this.complaints, ...(await this.page.evaluate(() => window.policyViolations))];
  }

  /** Leaves out failed connection attempts: browsers report each of them, and a page cannot prevent that. */
  async otherComplaints() {
    return (await this.allComplaints()).filter((complaint) => !/^(console|exception): .*\bws:\/\//s.test(complaint));
  }

  /** Waits until a function that runs in the page returns true. `what` names the condition in the error. */
  async until(what, condition, ...values) {
    try {
      await this.page.waitForFunction(condition, { polling: 50 }, ...values);
    } catch (error) {
      // biome-ignore lint/performance/useDomNodeTextContent: only the text that is visible
      const seen = await this.page.evaluate(() => document.querySelector('main').innerText);
      throw new Error(`${what}: ${error.message}\ncomplaints: ${await this.allComplaints()}\nthe page says:\n${seen}`);
    }
  }

  /** Waits until the text of an element matches a pattern. Resolves with the text. */
  async waitForText(selector, pattern) {
    await this.until(
      `${selector} reads ${pattern}`,
      (selector, source) => new RegExp(source, 's').test(document.querySelector(selector)?.textContent ?? ''),
      selector,
      pattern.source,
    );
    return this.text(selector);
  }

  text(selector) {
    return this.page.$eval(selector, (element) => element.textContent);
  }

  value(selector) {
    return this.page.$eval(selector, (element) => element.value);
  }

  async click(selector) {
    await this.page.$eval(selector, (element) => element.scrollIntoView({ block: 'center' }));
    await this.page.click(selector);
  }

  /** Replaces the content of a field by typing. */
  async type(selector, text) {
    await this.page.$eval(selector, (element) => {
      element.focus();
      element.select();
    });
    await this.page.keyboard.type(text);
  }

  /** Scrolls to the section with the typed messages, and waits for its code, which is loaded when it can be seen. */
  async reachPerson() {
    await this.page.$eval('#person', (section) => section.scrollIntoView());
    await this.until('the typed messages are loaded', () => document.querySelector('#person').dataset.loaded === 'true');
  }

  /** The chart's drawing as text that can be compared. */
  chart() {
    return this.page.$eval('#sensors-chart canvas', (canvas) => canvas.toDataURL());
  }

  async takeScreenshot(name) {
    mkdirSync(screenshots, { recursive: true });
    await this.page.evaluate(() => scrollTo(0, 0));
    await this.page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
  }

  leave() {
    return this.page.close();
  }
}
