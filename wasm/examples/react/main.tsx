import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Chat } from './Chat';

function App() {
  const [isShown, setShown] = useState(true);
  return (
    <>
      <label>
        <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} /> Chat
      </label>
      {isShown && <Chat />}
    </>
  );
}

createRoot(document.querySelector('main')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
