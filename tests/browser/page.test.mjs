// User interaction with the page, against the real server, in each browser.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { extractSamples } from '../../demo-site/samples/extract.js';
import { lowContrastTexts, overflowingElements } from './appearance.mjs';
import { policy, site } from './servers.mjs';
import { PageSession } from './page_session.mjs';
import { describePage } from './page_visits.mjs';

const limit = { timeout: 120_000 };

/** Runs in the page: receives this many reports from /sensors. */
function receiveReports(count) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/sensors`, 'sensors.json');
    socket.onmessage = () => {
      count -= 1;
      if (count > 0) return;
      socket.close();
      resolve();
    };
  });
}

/** Runs in the page: whether the text has changed. */
const textChanged = (selector, before) => document.querySelector(selector).textContent !== before;
const pictureChanged = (before) => document.querySelector('#sensors-chart canvas').toDataURL() !== before;

describePage('the demo page', (place) => {
  const { name, visit } = place;

  test('the server sends a Content-Security-Policy, and the browser enforces it', limit, async () => {
    const visit = await PageSession.to(place.browser, `${place.server.http}/`);
    try {
      assert.equal(visit.response.headers()['content-security-policy'], policy);
      await visit.page.evaluate(() => document.body.setAttribute('style', 'color: red'));
      await visit.until('the violation is reported', () => window.policyViolations.length === 1);
    } finally {
      await visit.leave();
    }
  });

  test('echoes text and bytes, and shows size and round-trip time', limit, async () => {
    await visit(async (page) => {
      await page.type('#echo-text', 'Gr\u00fc\u00dfe, twin');
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('[data-direction="sent"] .log-facts', /^text, 13 B$/);
      await page.waitForText('[data-direction="received"] .log-content', /^Gr\u00fc\u00dfe, twin$/);
      await page.waitForText('[data-direction="received"] .log-facts', /^text, 13 B.* m?s round trip$/);

      await page.page.$eval('input[name="echo-kind"][value="bytes"]', (radio) => radio.click());
      await page.type('#echo-hex', '00FFc0de 7f');
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('[data-direction="received"]:last-child .log-content', /^00 ff c0 de 7f$/);
      await page.waitForText('[data-direction="received"]:last-child .log-facts', /^binary, 5 B.* m?s round trip$/);
      await page.takeScreenshot(`${name}-echo`);
    });
  });

  test('sends a file as one binary message', limit, async () => {
    await visit(async (page) => {
      await page.page.$eval('input[name="echo-kind"][value="file"]', (radio) => radio.click());
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('#echo-error', /No file is chosen/);
      const file = await page.page.$('#echo-file');
      await file.uploadFile(join(site, 'favicon.svg'));
      await page.click('#echo-form [type="submit"]');
      const size = statSync(join(site, 'favicon.svg')).size;
      await page.waitForText('[data-direction="received"] .log-facts', new RegExp(`^binary, ${size} B`));
      await page.waitForText('[data-direction="received"] .log-content', /^3c 73 76 67 /);
    });
  });

  test('shows an error for invalid hexadecimal input', limit, async () => {
    await visit(async (page) => {
      await page.page.$eval('input[name="echo-kind"][value="bytes"]', (radio) => radio.click());
      await page.type('#echo-hex', '0g');
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('#echo-error', /"g" is not a hexadecimal digit/);
      await page.type('#echo-hex', '012');
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('#echo-error', /3 digits/);
      assert.equal(await page.page.$('[data-direction="sent"]'), null);
    });
  });

  test('closes with the entered code and reason, and reconnects on a click', limit, async () => {
    await visit(async (page) => {
      await page.click('#echo summary');
      await page.type('#echo-close-code', '3456');
      await page.type('#echo-close-reason', 'until later');
      await page.click('#echo [data-role="toggle"]');
      await page.waitForText('#echo .state', /^closed 3456 application code, by this page: until later$/);
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('#echo-error', /^Not connected\. Connect first\.$/);
      assert.equal(await page.text('#echo [data-role="toggle"]'), 'Reconnect');
      await page.click('#echo [data-role="toggle"]');
      await page.waitForText('#echo .state', /^open/);
    });
  });

  test('shows a Person as JSON and XML, and the server accepts both', limit, async () => {
    await visit(async (page) => {
      await page.reachPerson();
      await page.type('#person-name', 'Ada <& Co>');
      await page.click('#person-emails li:nth-child(2) button');
      await page.type('#person-emails li:nth-child(1) input', 'ada@example.com');
      const json = JSON.parse(await page.value('#person-json'));
      assert.deepEqual(json, { Name: 'Ada <& Co>', Emails: ['ada@example.com'] });
      assert.match(
        await page.value('#person-xml'),
        /^<Person><Name>Ada &lt;&amp; Co(>|&gt;)<\/Name><Emails>ada@example\.com<\/Emails><\/Person>$/,
      );
      for (const format of ['json', 'xml']) {
        await page.click(`[data-format="${format}"] button`);
        await page.waitForText(`[data-format="${format}"] .state`, /^accepted, closed 1000 normal, by the server/);
      }
      await page.click('#person-both');
      const back = await page.waitForText('#person-both-result', /equal/);
      assert.equal(back.match(/Ada <& Co>; ada@example\.com/g)?.length, 3);
      await page.takeScreenshot(`${name}-person`);
    });
  });

  test('checks a document as it is typed, and writes the others from it', limit, async () => {
    await visit(async (page) => {
      await page.reachPerson();
      await page.type('#person-json', '{"Name":"Eve","Emails":["a@example.com","b@example.com"]}');
      assert.equal(await page.value('#person-name'), 'Eve');
      assert.match(await page.value('#person-xml'), /<Name>Eve<.*b@example\.com/);
      assert.match(await page.text('#person-cbor'), /^a2 64 4e 61 6d 65 63 45 76 65 /);
      await page.type('#person-json', '{"Name":"Eve","Emails":["a@example.com",5]}');
      assert.equal(await page.text('#person-json-error'), 'Emails[1]: expected a string, found a number');
      assert.equal(await page.page.$eval('#person-json', (field) => field.getAttribute('aria-invalid')), 'true');
      await page.type('#person-xml', '<Person><Name>Adam</Name></Person>');
      assert.equal(await page.text('#person-json-error'), '');
      assert.deepEqual(JSON.parse(await page.value('#person-json')), { Name: 'Adam', Emails: [] });
      await page.click('#person summary');
      await page.waitForText('#person-struct', /^struct person \{.*TWINSOCKET_NAMES\(person/);
      assert.match(await page.text('#person-type'), /^export interface Person \{\n {2}Name: string;/);
    });
  });

  test('shows the close with 1007 for an invalid document', limit, async () => {
    await visit(async (page) => {
      await page.reachPerson();
      for (const format of ['json', 'xml']) {
        const document = await page.value(`#person-${format}`);
        await page.type(`#person-${format}`, document.slice(0, -3));
        await page.click(`[data-format="${format}"] button`);
        const verdict = /^refused, closed 1007 invalid payload, by the server: ./;
        await page.waitForText(`[data-format="${format}"] .state`, verdict);
      }
    });
  });

  test('shows the range of each sensor in the chosen time span, and draws the limits', limit, async () => {
    await visit(async (page) => {
      await page.waitForText('#sensors-rows .sensor-range', /^[\d.,]+ to [\d.,]+$/);
      const before = await page.chart();
      await page.page.$eval('input[name="sensor-span"][value="600"]', (radio) => radio.click());
      await page.until('the chart changes', pictureChanged, before);
      // The dashed lines have the colours of the levels.
      const colors = await page.page.evaluate(() => {
        const canvas = document.querySelector('#sensors-chart canvas');
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const found = new Set();
        for (let at = 0; at < data.length; at += 4) found.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
        const wanted = getComputedStyle(document.documentElement).getPropertyValue('--warn').trim();
        const [red, green, blue] = [1, 3, 5].map((digit) => Number.parseInt(wanted.slice(digit, digit + 2), 16));
        return found.has(`${red},${green},${blue}`);
      });
      assert(colors, 'no line in the colour --warn');
    });
  });

  test('shows changing readings and a moving chart in each format', limit, async () => {
    await visit(async (page) => {
      for (const [format, raw] of [['json', /^\{.*\}$/], ['xml', /^<.*>$/], ['cbor', /^a3 66 73 6f 75 72 63 65 /]]) {
        await page.page.$eval(`input[name="sensor-format"][value="${format}"]`, (radio) => radio.click());
        await page.waitForText('#sensors .state', new RegExp(`^open, sensors\\.${format}$`));
        await page.waitForText('#sensors-source', /^Simulated/);
        await page.waitForText('#sensors-raw', raw);
        await page.waitForText('#sensors-caption', /simulated; a report takes [\d.]+ (B|KiB)$/);
        await page.waitForText('#sensors-rows .sensor-value', /\d/);
        const values = await page.text('#sensors-rows');
        const picture = await page.chart();
        await page.until('the values change', textChanged, '#sensors-rows', values);
        await page.until('the chart moves', pictureChanged, picture);
      }
      await page.takeScreenshot(`${name}-sensors`);
    });
  });

  test('Pause freezes the readings, and a second click resumes them', limit, async () => {
    await visit(async (page) => {
      await page.waitForText('#sensors-rows .sensor-value', /\d/);
      await page.click('#sensors-pause');
      const values = await page.text('#sensors-rows');
      // A second client gets the same reports at the same times: after its third one the page has received some too.
      await page.page.evaluate(receiveReports, 3);
      assert.equal(await page.text('#sensors-rows'), values);
      await page.click('#sensors-pause');
      await page.until('the values change', textChanged, '#sensors-rows', values);
    });
  });

  test('sends a message many times, and shows messages plainly, with line breaks and in hexadecimal', limit, async () => {
    await visit(async (page) => {
      await page.type('#echo-text', '{"a":1}');
      await page.type('#echo-times', '500');
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('#echo-log', /all 500 back in .*: [\d,]+ a second, of 7 B each/);
      await page.type('#echo-times', '0');
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('#echo-error', /^A message is sent 1 to 10000 times/);
      const sent = '[data-direction="sent"] .log-content';
      assert.equal(await page.text(sent), '{"a":1}');
      for (const [view, text] of [['pretty', '{\n  "a": 1\n}'], ['hex', '7b 22 61 22 3a 31 7d'], ['plain', '{"a":1}']]) {
        await page.page.$eval(`input[name="echo-view"][value="${view}"]`, (radio) => radio.click());
        await page.until(`it reads ${text}`, (selector, text) => document.querySelector(selector).textContent === text, sent, text);
      }
    });
  });

  test('sends a file that is dropped on the form', limit, async () => {
    await visit(async (page) => {
      await page.page.$eval('#echo-form', (form) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['dropped'], 'file.txt'));
        form.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      });
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('[data-direction="received"] .log-content', /^64 72 6f 70 70 65 64$/);
    });
  });

  test('each section shows the code that does it, loaded when it is opened, and copies it', limit, async () => {
    await visit(async (page) => {
      const loaded = () =>
        page.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => /code-samples/.test(name)));
      assert.equal(await loaded(), false);
      await page.page.evaluate(() => {
        const writeText = async (text) => {
          window.copied = text;
        };
        Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
      });
      const samples = extractSamples();
      for (const section of ['sensors', 'chat', 'echo', 'frames', 'person', 'speed']) {
        await page.click(`#${section} details.code summary`);
        for (const [i, { code, file }] of samples[section].entries()) {
          const figure = `#${section} .samples figure:nth-child(${i + 1})`;
          await page.waitForText(`${figure} figcaption code`, new RegExp(`^${file}$`));
          assert.equal(await page.text(`${figure} pre`), code);
          await page.click(`${figure} button`);
          await page.waitForText(`${figure} [role="status"]`, /^copied$/);
          assert.equal(await page.page.evaluate(() => window.copied), code);
        }
      }
      assert.ok(await loaded());
      assert.deepEqual(await page.page.evaluate(overflowingElements), []);
      assert.deepEqual(await page.page.evaluate(lowContrastTexts), []);
      await page.takeScreenshot(`${name}-code`);
    });
  });
});
