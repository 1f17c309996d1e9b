import { init } from 'demo-messages';
import { ChatForm } from './chat-form.js';
import { prepareCodeDetails } from './code-details.js';
import { find, setText } from './dom.js';
import { EchoSection } from './echo.js';
import { errorText } from './format.js';
import { FramesDetails } from './frames-details.js';
import { loadPersonWhenSeen } from './person-loader.js';
import { SensorsSection } from './sensors.js';
import { ServerChoice } from './server-choice.js';
import { prepareSpeed } from './speed-loader.js';

function startPage(): void {
  const page = new ServerChoice(start);
  const frames = new FramesDetails();
  const sensors = new SensorsSection(page);
  const chat = new ChatForm(page);
  let isFirst = true;
  const echo = new EchoSection(
    page,
    (direction, message) => frames.note(direction, message),
    () => {
      if (isFirst) sensors.session.start();
      isFirst = false;
    },
  );
  loadPersonWhenSeen(page);
  prepareSpeed(page);
  prepareCodeDetails();

  /** Connects the echo first: without a server one failed attempt is enough. */
  function start(): void {
    sensors.session.leave();
    sensors.clear();
    chat.leave();
    isFirst = true;
    echo.session.start();
  }

  page.begin();
}

init().then(startPage, (error: unknown) => {
  setText(find('#startup-error-reason', HTMLElement), errorText(error));
  find('#startup-error', HTMLElement).hidden = false;
});
