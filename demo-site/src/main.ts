import { init } from 'demo-messages';
import { AbsentPanel, isAbsence } from './absent.js';
import { find, setText } from './dom.js';
import { EchoSection } from './echo.js';
import { errorText } from './format.js';
import type { Page } from './page.js';
import { PersonSection } from './person.js';
import { SensorsSection } from './sensors.js';
import { ServerBar } from './server-bar.js';

function begin(): void {
  const bar = new ServerBar(() => void start());
  const absent = new AbsentPanel((server) => {
    if (server !== undefined) bar.use(server);
    void start();
  });
  const page: Page = {
    timeout: 5000,
    route: (path) => bar.server + path,
    reached: () => absent.hide(),
    missed(error) {
      if (isAbsence(error)) absent.show(bar.server, error);
    },
    async watch(attempt) {
      try {
        const connection = await attempt;
        page.reached();
        return connection;
      } catch (error) {
        page.missed(error);
        throw error;
      }
    },
  };
  const echo = new EchoSection(page);
  const sensors = new SensorsSection(page);
  new PersonSection(page);

  /** Connects the echo first: without a server one failed attempt is enough. */
  async function start(): Promise<void> {
    sensors.conversation.leave();
    sensors.clear();
    if (await echo.conversation.start()) sensors.conversation.start();
  }

  void start();
}

// The XML documents are written by WebAssembly, so the module is loaded before anything is shown.
init().then(begin, (error: unknown) => {
  setText(find('#broken-reason', HTMLElement), errorText(error));
  find('#broken', HTMLElement).hidden = false;
});
