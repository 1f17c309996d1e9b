// The pages of the documentation: which sections of which README files they consist of. A section is a heading of level 1 or
// 2 with all below it; `''` is what comes before the first heading of level 2. build.mjs fails if a section of these files is
// on no page.

export const groups = [
  {
    title: 'Guides',
    pages: [
      {
        name: 'start',
        title: 'Start',
        parts: [
          [
            'README.md',
            '',
            'Two commands',
            'Minimal server',
            'Minimal client',
            'Minimal page',
            'Your own messages',
            'Beside other libraries',
            'Platforms',
          ],
        ],
      },
      {
        name: 'server',
        title: 'A server',
        parts: [
          ['native/README.md', '', 'A server', 'TLS', 'Topics', 'Compression'],
          ['native/README.md', 'Linking', 'Headers and namespaces', 'Examples'],
        ],
      },
      {
        name: 'client',
        title: 'A native client',
        parts: [
          ['native/README.md', 'A client', 'Asio'],
          [
            'sdk/README.md',
            'Writing a handler',
            'Threads',
            'Lifetimes',
            'Limits and timeouts',
            'Testing without a network',
          ],
        ],
      },
      {
        name: 'browser',
        title: 'In the browser',
        parts: [
          [
            'wasm/README.md',
            '',
            'React, Vue, Svelte, Next.js',
            'Page lifecycle',
            'Behaviour',
            'Without WebAssembly',
            'Runtimes',
            'Platforms and bundlers',
            'twinsocket for C++ in a browser',
          ],
        ],
      },
      {
        name: 'typed-messages',
        title: 'Typed messages',
        parts: [
          ['sdk/README.md', 'Typed messages'],
          ['wasm/README.md', ['Typed messages', 'In JavaScript and TypeScript'], 'Packages of your own messages'],
        ],
      },
      {
        name: 'reconnecting',
        title: 'Reconnecting',
        parts: [
          ['sdk/README.md', ['Reconnecting', 'In C++']],
          ['wasm/README.md', ['Reconnecting', 'In JavaScript'], 'One connection for all tabs'],
        ],
      },
      {
        name: 'channels',
        title: 'Channels',
        parts: [
          ['sdk/README.md', ['Channels', 'The client in C++, and the protocol']],
          ['native/README.md', ['Channels', 'The server']],
          ['wasm/README.md', ['Channels', 'The client in JavaScript']],
        ],
      },
      {
        name: 'operations',
        title: 'Operations',
        parts: [['native/README.md', 'The program', 'Metrics and the log', 'Recipes']],
      },
      {
        name: 'coming-from',
        title: 'Coming from another library',
        parts: [['sdk/README.md', ['Coming from another library', 'What it is called here']]],
      },
      { name: 'security', title: 'Security', parts: [['.github/SECURITY.md', '*']] },
      { name: 'demo', title: 'The demo page', parts: [['demo-site/README.md', '*']] },
    ],
  },
  {
    title: 'Inside',
    pages: [
      {
        name: 'architecture',
        title: 'Architecture',
        parts: [
          ['README.md', 'Folders'],
          ['sdk/README.md', '', ['Architecture', 'The shared code']],
          ['native/README.md', ['Architecture', 'Native']],
          ['wasm/README.md', ['Architecture', 'WebAssembly and JavaScript'], 'Source and build'],
        ],
      },
      { name: 'measurements', title: 'Measurements', parts: [['tests/bench/README.md', '*']] },
      { name: 'tests', title: 'Tests', parts: [['tests/README.md', '*']] },
      { name: 'contributing', title: 'Contributing', parts: [['.github/CONTRIBUTING.md', '*']] },
      { name: 'changelog', title: 'Changelog', parts: [['.github/CHANGELOG.md', '*']] },
    ],
  },
];

/** Sections that the site has in another form. */
export const leftOut = { 'README.md': ['Further reading'] };
