// The section that draws the frames of the last messages.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { describePage } from './page_visits.mjs';

const { source: axe } = createRequire(import.meta.url)('axe-core');
const limit = { timeout: 120_000 };

describePage('frames', ({ visit }) => {
  /** Opens the section. `talk` is given a function that chooses what is drawn. */
  const draw = (talk, options) =>
    visit(async (page) => {
      await page.page.focus('#frames summary');
      await page.page.keyboard.press('Enter');
      await page.waitForText('#frames-drawn caption', /^One frame/);
      await talk(page, (field, value) => page.page.$eval(`input[name="frames-${field}"][value="${value}"]`, (radio) => radio.click()));
    }, options);

  /** The values of the fields by their names, of the first frame. */
  const valuesOf = (page) =>
    page.page.$eval('#frames-drawn tbody', (body) =>
      Object.fromEntries([...body.rows].map((row) => [row.cells[1].textContent, row.cells[2].textContent])),
    );

  test('it draws the last message that was sent, masked, and the one that was received', limit, async () => {
    await draw(async (page, choose) => {
      await page.type('#echo-text', 'twins');
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('#frames-drawn', /unmasked: 74 77 69 6e 73/);
      const sent = await valuesOf(page);
      assert.deepEqual([sent.FIN, sent.Opcode, sent.MASK, sent['Payload length']], ['1', '1', '1', '5']);
      const [key, masked] = [sent['Masking key'], sent['Masked payload']].map((hex) => hex.split(' ').map((byte) => Number.parseInt(byte, 16)));
      assert.equal(String.fromCharCode(...masked.map((byte, i) => byte ^ key[i % 4])), 'twins');
      await page.waitForText('[data-direction="received"] .log-content', /twins/);
      await choose('direction', 'received');
      await page.waitForText('#frames-drawn', /a server masks none/);
      assert.equal((await valuesOf(page)).Payload, '74 77 69 6e 73');
    });
  });

  test('it draws fragments, compression and the opening handshake', limit, async () => {
    await draw(async (page, choose) => {
      await page.type('#echo-text', 'a'.repeat(300));
      await page.click('#echo-form [type="submit"]');
      await page.waitForText('#frames-drawn', /Extended payload length300/);
      await choose('fragments', '125');
      await page.waitForText('#frames-drawn caption', /^Fragment 1 of 3/);
      assert.equal((await valuesOf(page)).FIN, '0');
      await choose('compressed', 'yes');
      await page.waitForText('#frames-drawn caption', /^One frame|^Fragment 1 of 1/);
      assert.equal((await valuesOf(page)).RSV1, '1');
      const handshake = await page.text('#frames-handshake');
      assert.match(handshake, /^Sec-WebSocket-Key: [A-Za-z0-9+/]{22}==$/m);
      assert.match(handshake, /^Sec-WebSocket-Accept: [A-Za-z0-9+/]{27}=$/m);
    });
  });

  test('it has no findings of axe, also on a narrow page', limit, async () => {
    await draw(
      async (page) => {
        await page.page.evaluate(axe);
        const found = await page.page.evaluate(async () => {
          const { violations } = await window.axe.run(document.querySelector('#frames'));
          return violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
        });
        assert.deepEqual(found, []);
        assert.equal(await page.page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      },
      { width: 320, height: 700 },
    );
  });
});
