import { init, initXml } from 'demo-messages';
import { ChatForm } from './chat-form.js';
import { NoServerPanel, isConnectFailure } from './no-server.js';
import { find, setText } from './dom.js';
import { EchoSection } from './echo.js';
import { errorText } from './format.js';
import type { Page } from './page.js';
import { PersonSection } from './person.js';
import { SensorsSection } from './sensors.js';
import { ServerBar } from './server-bar.js';
import { SpeedSection } from './speed.js';

function startPage(): void {
  const bar = new ServerBar(() => void start());
  const noServer = new NoServerPanel((server) => {
    if (server !== undefined) bar.use(server);
    void start();
  });
  const page: Page = {
    timeout: 5000,
    route: (path) => bar.server + path,
    onConnected: () => noServer.hide(),
    onConnectFailed(error) {
      if (isConnectFailure(error)) noServer.show(bar.server, error);
    },
    async watch(attempt) {
      try {
        const connection = await attempt;
        page.onConnected();
        return connection;
      } catch (error) {
        page.onConnectFailed(error);
        throw error;
      }
    },
  };
  const echo = new EchoSection(page);
  const sensors = new SensorsSection(page);
  const chat = new ChatForm(page);
  new PersonSection(page);
  new SpeedSection(page);

  /** Connects the echo first: without a server one failed attempt is enough. */
  async function start(): Promise<void> {
    sensors.session.leave();
    sensors.clear();
    chat.leave();
    if (await echo.session.start()) sensors.session.start();
  }

  void start();
}

// The XML documents are written by WebAssembly, so its modules are loaded before anything is shown.
Promise.all([init(), initXml()]).then(startPage, (error: unknown) => {
  setText(find('#startup-error-reason', HTMLElement), errorText(error));
  find('#startup-error', HTMLElement).hidden = false;
});
