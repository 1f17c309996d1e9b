import { init, initXml } from 'demo-messages';
import { ChatForm } from './chat-form.js';
import { prepareCodeDetails } from './code-details.js';
import { find, setText } from './dom.js';
import { EchoSection } from './echo.js';
import { errorText } from './format.js';
import { FramesSection } from './frames.js';
import { PersonSection } from './person.js';
import { SensorsSection } from './sensors.js';
import { ServerChoice } from './server-choice.js';
import { SpeedSection } from './speed.js';

function startPage(): void {
  const page = new ServerChoice(() => void start());
  const frames = new FramesSection();
  const echo = new EchoSection(page, (direction, message) => frames.note(direction, message));
  const sensors = new SensorsSection(page);
  const chat = new ChatForm(page);
  new PersonSection(page);
  new SpeedSection(page);
  prepareCodeDetails();

  /** Connects the echo first: without a server one failed attempt is enough. */
  async function start(): Promise<void> {
    sensors.session.leave();
    sensors.clear();
    chat.leave();
    if (await echo.session.start()) sensors.session.start();
  }

  page.begin();
}

// The XML documents are written by WebAssembly, so its modules are loaded before anything is shown.
Promise.all([init(), initXml()]).then(startPage, (error: unknown) => {
  setText(find('#startup-error-reason', HTMLElement), errorText(error));
  find('#startup-error', HTMLElement).hidden = false;
});
