'use client';

import { useState } from 'react';
import { Chat } from './Chat';

export default function Page() {
  const [isShown, setShown] = useState(true);
  return (
    <main>
      <label>
        <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} /> Chat
      </label>
      {isShown && <Chat />}
    </main>
  );
}
